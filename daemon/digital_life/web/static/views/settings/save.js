/** What is not saved yet, or saved and not in force. */

import { html, useState } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";
import { written } from "./values.js";

export function SaveBar({ app, fields, draft, pending, changed, restart }) {
  const edited = fields.filter((each) => draft.changed(each));
  if (edited.length) return html`<${Unsaved} app=${app} edited=${edited} draft=${draft} changed=${changed} />`;
  if (pending.length) return html`<${Pending} app=${app} pending=${pending} restart=${restart} />`;
  return null;
}

function Unsaved({ app, edited, draft, changed }) {
  const [open, setOpen] = useState(false);
  const discard = async () => {
    if (!(await app.confirm({ title: app.t("console.settings.discard-ask"), text: app.t("console.settings.discard-text"), yes: app.t("console.settings.discard"), danger: true }))) return;
    draft.clear();
    changed();
  };
  return html`<div class="save card" role="region" aria-label=${app.t("console.settings.review")}>
    ${open && html`<dl id="settings-review">${edited.map((field) => html`<div>
      <dt>${field.label}</dt><dd><del>${written(app, field, field.value)}</del> <${Icon} name="right" size="15" /> <ins>${written(app, field, draft.value(field))}</ins></dd>
    </div>`)}</dl>`}
    <div class="row between">
      <button type="button" class="button quiet small" aria-expanded=${open ? "true" : "false"} aria-controls="settings-review" onClick=${() => setOpen(!open)}>
        <${Icon} name=${open ? "down" : "up"} size="17" />${count(app, "changes", edited.length)}</button>
      <div class="row">
        <button type="button" class="button" onClick=${discard}>${app.t("console.settings.discard")}</button>
        <button class="button primary">${app.t("console.common.save")}</button>
      </div>
    </div>
  </div>`;
}

function Pending({ app, pending, restart }) {
  const ask = async () => {
    if (!(await app.confirm({ title: app.t("console.settings.restart-ask"), text: app.t("console.settings.restart-text"), yes: app.t("console.settings.restart") }))) return;
    restart();
  };
  return html`<div class="save card"><div class="row between">
    <p>${count(app, "pending", pending.length)}</p>
    <button type="button" class="button primary" onClick=${ask}><${Icon} name="refresh" size="19" />${app.t("console.settings.restart")}</button>
  </div></div>`;
}

function count(app, key, n) {
  return n === 1 ? app.t(`console.settings.${key}-one`) : app.t(`console.settings.${key}`, { n });
}
