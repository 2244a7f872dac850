/** What will ring: added in the person's own words, put off, taken away. */

import { html } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";
import { Card } from "./card.js";
import { attempt } from "./live.js";

const PATH = "/api/now/agenda";
const ICONS = { reminder: "bell", alarm: "sun", timer: "clock" };

export function Agenda({ app, t, live }) {
  return html`<${Card} name="agenda" icon="bell" title=${t("agenda")} live=${live} t=${t}>
    ${live.data && html`<${Adding} app=${app} t=${t} live=${live} />
      ${live.data.can_snooze && html`<${Ringing} app=${app} t=${t} live=${live} />`}
      <${Entries} app=${app} t=${t} live=${live} />`}
  <//>`;
}

function Adding({ app, t, live }) {
  const add = (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const text = new FormData(form).get("text").trim();
    if (!text) return form.elements.text.focus();
    attempt(app, async () => {
      const { said } = await app.api("POST", PATH, { text });
      form.reset();
      app.notify(said, "good");
      await live.load();
    });
  };
  return html`<form class="field" onSubmit=${add}>
    <label for="now-wish">${t("agenda-add")}</label>
    <div class="row"><input id="now-wish" class="grow" name="text" maxlength="300" autocomplete="off" aria-describedby="now-wish-hint" /><button class="button primary"><${Icon} name="add" />${t("add")}</button></div>
    <p class="hint" id="now-wish-hint">${t("agenda-hint")}</p>
  </form>`;
}

function Ringing({ app, t, live }) {
  const act = (path) =>
    attempt(app, async () => {
      const answer = await app.api("POST", path, path.endsWith("snooze") ? {} : undefined);
      if (answer?.said) app.notify(answer.said, "good");
      await live.load();
    });
  return html`<div class="row">
    <button class="button" onClick=${() => act(`${PATH}/snooze`)}><${Icon} name="clock" />${t("snooze")}</button>
    <button class="button" onClick=${() => act("/api/now/stop")}><${Icon} name="silent" />${t("silence")}</button>
  </div>`;
}

function Entries({ app, t, live }) {
  const { entries } = live.data;
  if (!entries.length) return html`<p class="muted">${t("agenda-none")}</p>`;
  return html`<ul class="entries">${entries.map((entry) => html`<${Entry} key=${entry.number} app=${app} t=${t} entry=${entry} live=${live} />`)}</ul>`;
}

function Entry({ app, t, entry, live }) {
  const { number, line, kind, state, repeats } = entry;
  const remove = async () => {
    const asked = { title: t("really-title"), text: t("delete-of", { what: line }), yes: t("delete"), danger: true };
    if (repeats && !(await app.confirm(asked))) return;
    attempt(app, async () => {
      await app.api("DELETE", `${PATH}/${number}`);
      app.announce(t("deleted"));
      document.getElementById("now-wish")?.focus();
      await live.load();
    });
  };
  return html`<li data-state=${state}>
    <${Icon} name=${ICONS[kind]} title=${t(`kind-${kind}`)} />
    <p class="grow">${line} ${state !== "waiting" && html`<span class="badge ${state === "ringing" ? "accent" : "warn"}">${t(state)}</span>`} ${repeats && html`<span class="badge">${t("repeats")}</span>`}</p>
    <button class="button quiet small icon-only" aria-label=${t("delete-of", { what: line })} title=${t("delete")} onClick=${remove}><${Icon} name="delete" /></button>
  </li>`;
}
