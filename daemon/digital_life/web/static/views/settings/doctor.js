/** The check-up. */

import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";

const LOOK_MS = 700;
const MARKS = { well: "good", weak: "warn", broken: "bad" };
const ICONS = { well: "check", weak: "info", broken: "warn" };

export function Doctor({ app }) {
  const [examined, setExamined] = useState(null);
  const ask = (method) => app.api(method, "/api/doctor").then(setExamined, (error) => app.notify(error.message, "bad"));
  useEffect(() => void ask("GET"), []);
  useEffect(() => {
    if (!examined?.running) return undefined;
    const timer = setTimeout(() => ask("GET"), LOOK_MS);
    return () => clearTimeout(timer);
  }, [examined]);
  const t = (key, values) => app.t(`console.settings.doctor.${key}`, values);
  if (!examined) return html`<div class="skeleton" aria-busy="true"></div>`;
  const { running, began, findings, failed } = examined;
  return html`<section class="card stack doctor" aria-label=${app.t("console.settings.tab.doctor")}>
    <p>${t("about")}</p>
    <div class="row">
      <button class="button primary" disabled=${running} onClick=${() => ask("POST")}><${Icon} name="heart" size="19" />${t(began ? "again" : "begin")}</button>
      <p class="muted grow" role="status">${state(app, examined)}</p>
    </div>
    ${running && html`<progress aria-label=${t("running")}></progress>`}
    ${failed && html`<p class="error" role="alert">${failed}</p>`}
    <ul class="stack findings">${findings.map((each) => html`<li class="finding ${MARKS[each.health]}">
      <${Icon} name=${ICONS[each.health]} size="22" />
      <div><h3>${part(app, each.part)} <span class="badge ${MARKS[each.health]}">${t(each.health)}</span></h3>
        <p>${each.found}</p>
        ${each.advice && html`<p class="advice"><strong>${t("advice")}:</strong> ${each.advice}</p>`}</div>
    </li>`)}</ul>
    <p class="hint">${t("left-out")}</p>
  </section>`;
}

function state(app, { running, began, findings, failed }) {
  const t = (key, values) => app.t(`console.settings.doctor.${key}`, values);
  if (running) return t("running");
  if (!began) return t("never");
  const worst = ["broken", "weak"].find((health) => findings.some((each) => each.health === health));
  const outcome = failed ? "" : t(worst ? `some-${worst}` : "all-well");
  return `${outcome} ${t("began", { time: app.time(began) })}`.trim();
}

function part(app, name) {
  const key = `console.settings.doctor.part.${name.replaceAll(/[ .]/g, "-")}`;
  const found = app.t(key);
  return found === key ? name : found;
}
