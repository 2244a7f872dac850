/** Waiting until the daemon has begun again. */

import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { Creature } from "../../lib/creature.js";

const LOOK_MS = 1000;
const LONG_MS = 90_000;
const ADDRESS = ["web.host", "web.port", "web.certificate_file", "web.key_file"];

export function Restarting({ app, all, back }) {
  const [long, setLong] = useState(false);
  const moved = newAddress(all);
  useEffect(() => {
    const waiting = { over: false };
    restart(app, waiting).then((returned) => {
      if (waiting.over) return;
      if (returned) app.notify(app.t("console.settings.back-again"), "good");
      back();
    });
    const patience = setTimeout(() => setLong(true), LONG_MS);
    return () => {
      waiting.over = true;
      clearTimeout(patience);
    };
  }, []);
  return html`<div class="empty restarting" role="status">
    <${Creature} state="stopping" />
    <h2>${app.t("console.settings.restarting")}</h2>
    ${moved ? html`<p>${app.t("console.settings.restarting-moved", { address: "" })}<a href=${moved}>${moved}</a></p>` : html`<p>${app.t("console.settings.restarting-what")}</p>`}
    ${long && html`<p class="error">${app.t("console.settings.restarting-long")}</p>`}
  </div>`;
}

/** Whether it came back; not, when it could not begin again. */
async function restart(app, waiting) {
  let before;
  try {
    before = (await app.api("GET", "/api/about")).run;
    await app.api("POST", "/api/restart");
  } catch (error) {
    app.notify(error.message, "bad");
    return false;
  }
  while (!waiting.over) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    try {
      if ((await app.api("GET", "/api/about")).run !== before) return true;
    } catch {
      // Nobody is there yet.
    }
  }
  return false;
}

/** Where it will be, when it is not to be here. */
function newAddress(all) {
  if (!ADDRESS.some((each) => all.pending.includes(each))) return "";
  const value = (name) => all.sections.flatMap((each) => each.keys).find((each) => each.name === name)?.value;
  const host = ["0.0.0.0", "::"].includes(value("web.host")) ? location.hostname : value("web.host");
  const scheme = value("web.certificate_file") && value("web.key_file") ? "https" : "http";
  return value("web.port") ? `${scheme}://${host.includes(":") ? `[${host}]` : host}:${value("web.port")}/` : "";
}
