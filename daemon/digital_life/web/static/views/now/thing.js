/** One device: how it is, and what can be done with it. */

import { html, useState } from "../../vendor/htm-preact.js";
import { Slider } from "./slider.js";

const FIRST = ["on", "open", "locked", "pressed", "playing"]; // what a device is for, in this order
const SEEN = ["brightness", "position", "target", "volume", "speed"]; // moved often enough to be seen at once
const SWITCHED = new Set(["on", "open", "locked", "playing", "oscillating", "pressed"]);

/** `order(id, change)` does it and returns whether it was done. */
export function Thing({ app, t, thing, order }) {
  const [busy, work] = useState(false);
  const set = async (change) => {
    if (busy) return;
    work(true);
    await order(thing.id, change);
    work(false);
  };
  const knobs = thing.knobs.filter((knob) => knob.attribute !== "moving");
  const first = knobs.find((knob) => FIRST.includes(knob.attribute));
  const seen = knobs.filter((knob) => knob !== first && SEEN.includes(knob.attribute));
  const rest = knobs.filter((knob) => knob !== first && !seen.includes(knob));
  const shared = { app, t, thing, set };
  return html`<li class="thing" data-away=${!thing.available} aria-busy=${busy}>
    <div class="row between">
      <div class="name"><strong>${thing.name}</strong> <span class="muted small-text">${told(thing, app, t)}</span></div>
      <div class="row">${halts(thing) && html`<button class="button small" onClick=${() => set({ moving: "stopped" })}>${t("halt")}</button>`}
        ${first && html`<${Knob} ...${shared} knob=${first} bare=${true} />`}</div>
    </div>
    ${seen.map((knob) => html`<${Knob} key=${knob.attribute} ...${shared} knob=${knob} />`)}
    ${rest.length > 0 && html`<details><summary>${t("more")}<span class="unseen"> ${thing.name}</span></summary>
      <div class="stack tight">${rest.map((knob) => html`<${Knob} key=${knob.attribute} ...${shared} knob=${knob} />`)}</div></details>`}
  </li>`;
}

function halts(thing) {
  const travels = thing.condition.moving && thing.condition.moving !== "stopped";
  return travels && thing.knobs.some((knob) => knob.attribute === "moving");
}

function Knob({ app, t, thing, knob, set, bare = false }) {
  const { attribute } = knob;
  const label = t("knob-of", { knob: t(`attributes.${attribute}`), name: thing.name });
  const id = `knob-${hash(thing.id)}-${attribute}`;
  const shared = { id, app, t, thing, knob, value: thing.condition[attribute], set: (value) => set({ [attribute]: value }) };
  const Form = FORMS[knob.form];
  return html`<${Form} ...${shared} label=${label} bare=${bare} />`;
}

/** It shows what the device says of itself, and turns when that does. */
function Switch({ id, t, thing, knob, value, set, label, bare }) {
  const turn = ({ currentTarget }) => {
    const wished = currentTarget.checked;
    currentTarget.checked = value === true;
    set(wished);
  };
  if (value === undefined) return html`<${Either} ...${{ t, thing, knob, set, label }} />`;
  const box = html`<input id=${id} type="checkbox" role="switch" checked=${value === true} aria-label=${label} disabled=${!thing.available} onChange=${turn} />`;
  if (bare) return box;
  return html`<div class="row between"><label for=${id}>${t(`attributes.${knob.attribute}`)}</label>${box}</div>`;
}

/** Of what tells nothing of itself, nobody knows how it is. */
function Either({ t, thing, knob, set, label }) {
  return html`<div class="row" role="group" aria-label=${label}>
    ${[true, false].map((wished) => html`<button key=${wished} class="button small" disabled=${!thing.available} onClick=${() => set(wished)}>${t(`wishes.${knob.attribute}-${wished}`)}</button>`)}
  </div>`;
}

function Press({ t, thing, set, label }) {
  return html`<button class="button small" aria-label=${label} disabled=${!thing.available} onClick=${() => set(true)}>${t("press")}</button>`;
}

function Range({ id, app, t, thing, knob, value, set }) {
  const step = knob.step ?? (knob.high - knob.low <= 2 ? 0.1 : 1);
  const unit = unitOf(knob);
  return html`<${Slider} id=${id} label=${html`<span class="unseen">${thing.name}: </span>${t(`attributes.${knob.attribute}`)}`} low=${knob.low} high=${knob.high} step=${step}
    value=${value} shown=${(n) => `${app.number(n, { maximumFractionDigits: 1 })}${unit}`} set=${set} disabled=${!thing.available} />`;
}

function Amount({ id, t, thing, knob, value, set }) {
  return html`<div class="row between"><label for=${id}>${t(`attributes.${knob.attribute}`)}</label>
    <input id=${id} class="short" type="number" step=${knob.step ?? "any"} value=${value} disabled=${!thing.available}
      onChange=${({ currentTarget }) => currentTarget.value !== "" && set(Number(currentTarget.value))} /></div>`;
}

function Choice({ id, t, thing, knob, value, set }) {
  return html`<div class="row between"><label for=${id}>${t(`attributes.${knob.attribute}`)}</label>
    <select id=${id} class="short" value=${value ?? ""} disabled=${!thing.available} onChange=${({ currentTarget }) => set(currentTarget.value)}>
      ${value === undefined && html`<option value="" disabled>${t("unknown-state")}</option>`}
      ${knob.options.map((option) => html`<option key=${option} value=${option}>${option}</option>`)}
    </select></div>`;
}

function Colour({ id, t, thing, value, set }) {
  return html`<div class="row between"><label for=${id}>${t("attributes.colour")}</label>
    <input id=${id} type="color" value=${hexOf(value ?? [255, 255, 255])} disabled=${!thing.available} onChange=${({ currentTarget }) => set(partsOf(currentTarget.value))} /></div>`;
}

const FORMS = { switch: Switch, press: Press, range: Range, number: Amount, choice: Choice, colour: Colour };

/** How it is, in few words. */
function told(thing, app, t) {
  if (!thing.available) return t("offline");
  const said = Object.entries(thing.condition)
    .filter(([attribute]) => !SEEN.includes(attribute) || !thing.knobs.some((knob) => knob.attribute === attribute))
    .map(([attribute, value]) => part(thing, attribute, value, app, t))
    .filter(Boolean);
  return said.join(" · ");
}

function part(thing, attribute, value, app, t) {
  if (attribute === "value" && typeof value === "boolean") {
    const key = `sensors.${thing.device_class}-${value}`;
    const word = t(key);
    return word.endsWith(key) ? t(`values.value-${value}`) : word;
  }
  if (SWITCHED.has(attribute)) return t(`values.${attribute}-${value}`);
  if (attribute === "moving") return value === "stopped" ? "" : t(`values.${value}`);
  if (attribute === "current" || attribute === "value") return `${figure(value, app)}${spaced(thing.units[attribute])}`;
  return "";
}

function figure(value, app) {
  return typeof value === "number" ? app.number(value, { maximumFractionDigits: 2 }) : value;
}

function spaced(unit = "") {
  return unit && !["%", "°"].includes(unit) ? ` ${unit}` : unit;
}

function unitOf({ attribute, unit }) {
  if (unit) return spaced(unit);
  if (attribute === "kelvin") return " K";
  return ["brightness", "position", "speed", "volume"].includes(attribute) ? " %" : "";
}

function hexOf(parts) {
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function partsOf(hex) {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

/** An id of the network's making, fit to be one of the page. */
function hash(text) {
  let sum = 0;
  for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  return sum.toString(36);
}
