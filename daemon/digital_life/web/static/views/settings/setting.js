/** One setting: its name, what it is changed with, what it does, and what is wrong with it. */

import { html } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";
import { Control, Fault, faultOf, isGroup } from "./controls.js";
import { written } from "./values.js";

/** Where the element of a key is, to be scrolled to and focused. */
export function idOf(name) {
  return `setting-${name.replaceAll(".", "-")}`;
}

export function Setting({ app, field, draft, changed, disabled }) {
  const id = idOf(field.name);
  const locked = disabled || field.locked !== "";
  const fault = faultOf(draft.wrong[field.name]);
  const wrong = draft.wrong[field.name];
  const about = [`${id}-help`, wrong && `${id}-error`].filter(Boolean).join(" ");
  const group = isGroup(field);
  const set = (value) => {
    draft.set(field, value);
    changed();
  };
  return html`<${group ? "fieldset" : "div"} class="setting field ${field.kind}" data-key=${field.name} data-changed=${draft.changed(field)}
      aria-describedby=${group ? about : undefined} tabindex=${group ? -1 : undefined} id=${group ? id : undefined}>
    ${group ? html`<legend>${field.label}</legend>` : html`<label for=${id}>${field.label}</label>`}
    <${Source} app=${app} field=${field} draft=${draft} />
    <div class="control"><${Control} app=${app} id=${group ? `${id}-in` : id} field=${field} value=${draft.value(field)} change=${set} disabled=${locked} fault=${fault} about=${about} /></div>
    <div class="hint" id="${id}-help"><p>${field.help}${field.locked && html` <strong>${app.t(`console.settings.locked-${field.locked}`)}</strong>`}</p>
      <code>${field.name}</code></div>
    <${Fault} id="${id}-error" text=${wrong?.sentence} />
    ${!locked && html`<${Back} app=${app} field=${field} draft=${draft} changed=${changed} />`}
  <//>`;
}

function Source({ app, field, draft }) {
  if (draft.changed(field)) return html`<span class="badge warn source">${app.t("console.settings.edited")}</span>`;
  if (field.source === "default") return null;
  return html`<span class="badge source ${field.source === "file" ? "accent" : ""}">${app.t(`console.settings.by-${field.source}`)}</span>`;
}

function Back({ app, field, draft, changed }) {
  const act = (how) => () => {
    draft[how](field);
    changed();
  };
  const usual = !draft.usual(field);
  if (!usual && !draft.changed(field)) return null;
  return html`<div class="row back">
    ${usual && html`<button type="button" class="button small quiet" onClick=${act("reset")} aria-label="${app.t("console.settings.usual")}: ${field.label}">
      <${Icon} name="undo" size="17" />${app.t("console.settings.usual")}</button>
      ${field.kind !== "records" && html`<span class="hint">${app.t("console.settings.usual-is", { value: written(app, field, field.base) })}</span>`}`}
    ${draft.changed(field) && html`<button type="button" class="button small quiet" onClick=${act("undo")} aria-label="${app.t("console.settings.keep-as-was")}: ${field.label}">
      <${Icon} name="close" size="17" />${app.t("console.settings.keep-as-was")}</button>`}
  </div>`;
}
