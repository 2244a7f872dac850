/** What a value is changed with, one for each kind of setting. */

import { html, useState } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";
import { nameOf } from "./values.js";

const NO_FAULT = { own: null, of: () => NO_FAULT };
const HOURS = /^(\d\d:\d\d)-(\d\d:\d\d)$/;

/** The fault of a value and of its parts. */
export function faultOf(wrong, at = []) {
  if (!wrong) return NO_FAULT;
  const here = wrong.at.length === at.length && at.every((step, n) => step === wrong.at[n]);
  return { own: here ? wrong.sentence : null, of: (step) => faultOf(wrong, [...at, step]) };
}

/** Whether the control is several, under a legend, rather than one with a label. */
export function isGroup(key) {
  return ["list", "table", "records", "choices", "hours"].includes(key.kind);
}

/** `{app, id, field, value, change, disabled, fault, about}`: `about` names what describes it. */
export function Control(given) {
  const Kind = KINDS[given.field.kind] ?? Text;
  return html`<${Kind} ...${given} />`;
}

function attributes({ id, disabled, fault, about }) {
  return { id, disabled, "aria-invalid": fault.own ? "true" : undefined, "aria-describedby": about || undefined };
}

function Switch(given) {
  return html`<input type="checkbox" role="switch" ...${attributes(given)} checked=${given.value === true}
    onChange=${(event) => given.change(event.currentTarget.checked)} />`;
}

/** What is typed stays as it is typed: "0." is on its way to "0.5". */
function Amount(given) {
  const { field, value, change } = given;
  const [typed, setTyped] = useState("");
  const read = (text) => (text === "" ? "" : Number(text));
  const write = (text) => {
    setTyped(text);
    change(read(text));
  };
  return html`<span class="amount"><input type="number" step=${field.kind === "whole" ? 1 : "any"} ...${attributes(given)}
      min=${field.minimum ?? undefined} max=${field.maximum ?? undefined} value=${read(typed) === value ? typed : String(value)}
      onInput=${(event) => write(event.currentTarget.value)} />
    ${field.unit && html`<span class="muted">${field.unit}</span>`}</span>`;
}

function Text(given) {
  const { field, value, change, id } = given;
  const read = (event) => change(event.currentTarget.value);
  if (field.name.endsWith("character")) return html`<textarea rows="4" ...${attributes(given)} value=${value} onInput=${read}></textarea>`;
  const list = field.suggestions.length ? `${id}-list` : undefined;
  return html`<input type="text" spellcheck="false" autocomplete="off" list=${list} ...${attributes(given)} value=${value} onInput=${read} />
    ${list && html`<datalist id=${list}>${field.suggestions.map((each) => html`<option value=${each}></option>`)}</datalist>`}`;
}

/** A number is the number of a device, anything else a part of its name. */
function Device(given) {
  const read = (text) => given.change(/^\d{1,4}$/.test(text) ? Number(text) : text);
  return html`<${Text} ...${given} value=${String(given.value)} change=${read} />`;
}

function Choice(given) {
  const { field, value, change } = given;
  const at = field.choices.findIndex((each) => each.value === value);
  return html`<select ...${attributes(given)} value=${at} onChange=${(event) => change(field.choices[event.currentTarget.value].value)}>
    ${field.choices.map((each, n) => html`<option value=${n} selected=${n === at}>${each.text}</option>`)}
  </select>`;
}

function Choices({ field, value, change, disabled, about }) {
  const turn = (each, on) => change(field.choices.map((all) => all.value).filter((all) => (all === each ? on : value.includes(all))));
  return html`<div class="row" aria-describedby=${about || undefined}>${field.choices.map((each) => html`<label class="row tick">
    <input type="checkbox" disabled=${disabled} checked=${value.includes(each.value)} onChange=${(event) => turn(each.value, event.currentTarget.checked)} />${each.text}
  </label>`)}</div>`;
}

function Hours(given) {
  const { app, id, value, change, disabled } = given;
  const [, from = "22:00", until = "07:00"] = HOURS.exec(value) ?? [];
  return html`<div class="row">
    <label class="row tick"><input type="checkbox" role="switch" ...${attributes(given)} checked=${value !== ""}
      onChange=${(event) => change(event.currentTarget.checked ? `${from}-${until}` : "")} />${app.t("console.settings.hours-on")}</label>
    ${value !== "" && html`<label class="row tick">${app.t("console.settings.from")}
      <input type="time" id="${id}-from" disabled=${disabled} value=${from} onInput=${(event) => change(`${event.currentTarget.value}-${until}`)} /></label>
    <label class="row tick">${app.t("console.settings.until")}
      <input type="time" id="${id}-until" disabled=${disabled} value=${until} onInput=${(event) => change(`${from}-${event.currentTarget.value}`)} /></label>`}
  </div>`;
}

const without = (list, at) => list.filter((_, n) => n !== at);
const put = (list, at, value) => list.map((each, n) => (n === at ? value : each));

function List({ app, id, field, value, change, disabled, fault }) {
  return html`<ul class="stack entries" id="${id}-entries">${value.map((each, n) => html`<li class="entry">
      <${Text} app=${app} id="${id}-${n}" field=${{ ...field, name: "" }} value=${each} disabled=${disabled} fault=${fault.of(n)}
        about=${fault.of(n).own ? `${id}-${n}-error` : ""} change=${(text) => change(put(value, n, text))} />
      <label class="unseen" for="${id}-${n}">${field.label}: ${app.t("console.settings.entry", { n: n + 1 })}</label>
      <${Remove} app=${app} id=${id} what=${each || app.t("console.settings.entry", { n: n + 1 })} disabled=${disabled} remove=${() => change(without(value, n))} />
      <${Fault} id="${id}-${n}-error" text=${fault.of(n).own} />
    </li>`)}</ul>
    <${Add} app=${app} id=${id} field=${field} disabled=${disabled} add=${() => change([...value, ""])} />`;
}

function Table(given) {
  return given.field.choices.length ? html`<${NamedTable} ...${given} />` : html`<${FreeTable} ...${given} />`;
}

/** A text for each of a few names. */
function NamedTable({ app, id, field, value, change, disabled, fault }) {
  const set = (name, text) => change(Object.fromEntries(Object.entries({ ...value, [name]: text }).filter(([, each]) => each !== "")));
  return html`<div class="stack entries">${field.choices.map(({ value: name, text }) => html`<div class="field">
    <label for="${id}-${name}">${text}</label>
    <${Text} app=${app} id="${id}-${name}" field=${{ ...field, name: "" }} value=${value[name] ?? ""} disabled=${disabled} fault=${fault.of(name)} about=""
      change=${(written) => set(name, written)} />
  </div>`)}</div>`;
}

/** A text for each of the user's own names. */
function FreeTable({ app, id, field, value, change, disabled, fault }) {
  const rows = Object.entries(value);
  const set = (next) => change(Object.fromEntries(next));
  const t = (key, values) => app.t(`console.settings.${key}`, values);
  const rename = (input, n) => {
    const name = input.value;
    if (name === rows[n][0]) return;
    if (name in value) {
      input.value = rows[n][0];
      app.notify(t("twice", { name }), "bad");
    } else set(put(rows, n, [name, rows[n][1]]));
  };
  return html`<ul class="stack entries" id="${id}-entries">${rows.map(([name, text], n) => html`<li class="entry pair" key=${n}>
      <input type="text" aria-label="${t("name")}, ${t("entry", { n: n + 1 })}" disabled=${disabled} value=${name}
        onChange=${(event) => rename(event.currentTarget, n)} />
      <input type="text" aria-label="${t("value")}, ${t("entry", { n: n + 1 })}" disabled=${disabled} value=${text}
        aria-invalid=${fault.of(name).own ? "true" : undefined} onInput=${(event) => set(put(rows, n, [name, event.currentTarget.value]))} />
      <${Remove} app=${app} id=${id} what=${name || t("entry", { n: n + 1 })} disabled=${disabled} remove=${() => set(without(rows, n))} />
    </li>`)}</ul>
    <${Add} app=${app} id=${id} field=${field} disabled=${disabled || "" in value} add=${() => change({ ...value, "": "" })} />`;
}

function Records({ app, id, field, value, change, disabled, fault }) {
  const fresh = () => Object.fromEntries(field.fields.filter((each) => each.required).map((each) => [each.name, ""]));
  return html`<ul class="stack entries" id="${id}-entries">${value.map((record, n) => html`<li>
      <fieldset class="record">
        <legend>${nameOf(record) === "…" ? app.t("console.settings.entry", { n: n + 1 }) : nameOf(record)}</legend>
        <div class="grid">${field.fields.map((each) => html`<${RecordField} app=${app} id="${id}-${n}-${each.name}" field=${each} record=${record}
          disabled=${disabled} fault=${fault.of(n).of(each.name)} change=${(next) => change(put(value, n, next))} />`)}</div>
        ${!disabled && html`<${Remove} app=${app} id=${id} what=${nameOf(record)} remove=${() => change(without(value, n))} worded />`}
      </fieldset>
    </li>`)}</ul>
    ${!disabled && html`<${Add} app=${app} id=${id} field=${field} add=${() => change([...value, fresh()])} />`}`;
}

/** A field that has its usual value is left out of the record. */
function RecordField({ app, id, field, record, change, disabled, fault }) {
  const { [field.name]: own, ...others } = record;
  const set = (value) => change(!field.required && JSON.stringify(value) === JSON.stringify(field.base) ? others : { ...record, [field.name]: value });
  const about = [`${id}-help`, fault.own && `${id}-error`].filter(Boolean).join(" ");
  const control = html`<${Control} app=${app} id=${id} field=${field} value=${own ?? field.base ?? ""} change=${set} disabled=${disabled} fault=${fault} about=${about} />`;
  return html`<${isGroup(field) ? "fieldset" : "div"} class="field">
    ${isGroup(field) ? html`<legend>${field.label}</legend>` : html`<label for=${id}>${field.label}</label>`}
    ${control}
    <p class="hint" id="${id}-help">${field.help}</p>
    <${Fault} id="${id}-error" text=${fault.own} />
  <//>`;
}

/** What is wrong, below what it is about. */
export function Fault({ id, text }) {
  return text ? html`<p class="error" id=${id}><${Icon} name="warn" size="17" /> ${text}</p>` : null;
}

/** Where it is drawn anew, the focus would be lost. */
function focusSoon(selector) {
  setTimeout(() => document.querySelector(selector)?.focus(), 40);
}

function Remove({ app, id, what, disabled, remove, worded }) {
  const words = app.t("console.settings.remove", { what });
  const act = () => {
    remove();
    focusSoon(`#${id}-add`);
  };
  return html`<button type="button" class="button small ${worded ? "danger" : "quiet"}" disabled=${disabled} onClick=${act} aria-label=${words}>
    <${Icon} name="delete" size="18" />${worded && html`<span>${app.t("console.common.delete")}</span>`}
  </button>`;
}

function Add({ app, id, field, disabled, add }) {
  const act = () => {
    add();
    focusSoon(`#${id}-entries > li:last-child input`);
  };
  return html`<button type="button" class="button small" id="${id}-add" disabled=${disabled} onClick=${act} aria-label=${app.t("console.settings.add-to", { label: field.label })}>
    <${Icon} name="add" size="18" />${app.t("console.settings.add")}
  </button>`;
}

const KINDS = {
  switch: Switch, whole: Amount, number: Amount, text: Text, hours: Hours, choice: Choice, choices: Choices,
  device: Device, list: List, table: Table, records: Records,
};
