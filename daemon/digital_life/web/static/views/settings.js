/** Settings, log, check-up, and what this program is. */

import { html } from "../vendor/htm-preact.js";
import { Icon } from "../lib/icons.js";
import { addressOf } from "../lib/router.js";
import { About } from "./settings/about.js";
import { Doctor } from "./settings/doctor.js";
import { Logs } from "./settings/logs.js";
import { Settings } from "./settings/page.js";

const PARTS = { settings: Settings, logs: Logs, doctor: Doctor, about: About };
const ICONS = { settings: "settings", logs: "list", doctor: "heart", about: "info" };

function View({ app }) {
  const wanted = app.parameters.part;
  const part = Object.hasOwn(PARTS, wanted ?? "") ? wanted : "settings";
  return html`<div class="settings stack">
    <h1>${app.t("console.settings.title")}</h1>
    <nav class="tabs" aria-label=${app.t("console.settings.tabs")}>
      ${Object.keys(PARTS).map((each) => html`<a href=${addressOf("settings", { part: each })} aria-current=${each === part ? "page" : "false"}>
        <${Icon} name=${ICONS[each]} size="19" />${app.t(`console.settings.tab.${each}`)}
      </a>`)}
    </nav>
    <${PARTS[part]} app=${app} key=${part} />
  </div>`;
}

export default { name: "settings", View };
