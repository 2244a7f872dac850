/** Which program this is, where its files lie, and whose work is in it. */

import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { Creature } from "../../lib/creature.js";

const FILES = ["settings", "home", "models", "devices"];

export function About({ app }) {
  const [about, setAbout] = useState(null);
  useEffect(() => void app.api("GET", "/api/about").then(setAbout, (error) => app.notify(error.message, "bad")), []);
  const t = (key, values) => app.t(`console.settings.about.${key}`, values);
  if (!about) return html`<div class="skeleton" aria-busy="true"></div>`;
  return html`<div class="stack about">
    <section class="card row">
      <${Creature} state="idle" />
      <div class="grow"><h2>Digital Life</h2><p>${t("version", { version: about.version })}</p><p class="muted">${t("what")}</p></div>
    </section>
    <section class="card"><h2>${t("files")}</h2>
      <dl class="places">
        ${FILES.map((each) => html`<div><dt>${t(each)}</dt><dd><code>${about.files[each]}</code></dd></div>`)}
        <div><dt>${t("system")}</dt><dd>${about.system}</dd></div>
      </dl></section>
    <section class="card"><h2>${t("licences")}</h2><p class="muted">${t("licences-what")}</p>
      <pre class="notice-text scroll" tabindex="0" role="region" aria-label=${t("licences")}>${about.notice}</pre></section>
  </div>`;
}
