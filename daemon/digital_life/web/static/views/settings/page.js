/** All settings, a section at a time or what a search finds. */

import { html, useEffect, useRef, useState } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";
import { draft } from "./draft.js";
import { Restarting } from "./restart.js";
import { SaveBar } from "./save.js";
import { idOf, Setting } from "./setting.js";

export function Settings({ app }) {
  const [all, setAll] = useState(null);
  const [failed, setFailed] = useState("");
  const [, setDrawn] = useState(0);
  const [filter, setFilter] = useState({ text: "", changed: false });
  const [restarting, setRestarting] = useState(false);
  const changed = () => setDrawn((n) => n + 1);
  const load = () => app.api("GET", "/api/settings").then((found) => (setAll(found), setFailed("")), (error) => setFailed(error.message));
  useEffect(() => void load(), [app.language]);
  useEffect(() => app.on("open", load), []);
  useEffect(warnBeforeLeaving, []);
  if (failed && !all) return html`<${Failed} app=${app} text=${failed} retry=${load} />`;
  if (!all) return html`<div class="stack" aria-busy="true"><div class="skeleton"></div><div class="skeleton"></div></div>`;
  if (restarting) return html`<${Restarting} app=${app} all=${all} back=${() => (setRestarting(false), load())} />`;

  const fields = all.sections.flatMap((each) => each.keys);
  const chosen = all.sections.find((each) => each.name === app.parameters.section) ?? all.sections[0];
  const searching = filter.text.trim() !== "" || filter.changed;
  const found = searching ? all.sections.map((each) => ({ ...each, keys: each.keys.filter(fits(filter)) })).filter((each) => each.keys.length) : [chosen];
  const save = () => saved({ app, all, fields, load, changed, show: (name) => show(app, all, name, () => setFilter({ text: "", changed: false })) });

  return html`
    ${!all.writable && html`<p class="notice"><${Icon} name="lock" /> ${app.t("console.settings.read-only", { file: all.file })}</p>`}
    <${Search} app=${app} filter=${filter} setFilter=${setFilter} count=${searching ? found.reduce((sum, each) => sum + each.keys.length, 0) : null} />
    <div class="columns">
      <${Sections} app=${app} all=${all} chosen=${searching ? null : chosen} choose=${() => setFilter({ text: "", changed: false })} />
      <form class="stack grow" onSubmit=${(event) => (event.preventDefault(), save())} noValidate>
        ${found.map((section) => html`<section class="card" key=${section.name} aria-labelledby="section-${section.name}">
          <h2 id="section-${section.name}">${section.title}</h2>
          <p class="muted">${section.about}</p>
          <div class="list">${section.keys.map((field) => html`<${Setting} key=${field.name} app=${app} field=${field} draft=${draft} changed=${changed} disabled=${!all.writable} />`)}</div>
        </section>`)}
        ${!found.length && html`<div class="empty"><p>${app.t("console.settings.found-none")}</p></div>`}
        <p class="hint">${app.t("console.settings.as-file", { file: all.file })}</p>
        <${SaveBar} app=${app} fields=${fields} draft=${draft} pending=${all.pending} changed=${changed} restart=${() => setRestarting(true)} />
      </form>
    </div>`;
}

function Search({ app, filter, setFilter, count }) {
  return html`<div class="row search" role="search">
    <div class="grow field">
      <label class="unseen" for="settings-search">${app.t("console.settings.search")}</label>
      <input type="search" id="settings-search" placeholder=${app.t("console.settings.search")} value=${filter.text}
        onInput=${(event) => setFilter({ ...filter, text: event.currentTarget.value })} />
    </div>
    <button type="button" class="button toggle" aria-pressed=${filter.changed ? "true" : "false"} onClick=${() => setFilter({ ...filter, changed: !filter.changed })}>
      <${Icon} name="filter" size="19" />${app.t("console.settings.only-changed")}</button>
    <span class="muted" role="status">${count === null ? "" : app.t("console.settings.found", { n: count })}</span>
  </div>`;
}

function Sections({ app, all, chosen, choose }) {
  const nav = useRef();
  const go = (name) => {
    choose();
    app.go("settings", { section: name }, { replace: true });
    const columns = nav.current.parentElement;
    if (columns.getBoundingClientRect().top < 0) columns.scrollIntoView();
  };
  useEffect(() => {
    const current = nav.current.querySelector("[aria-current]");
    if (current) nav.current.scrollTop = current.offsetTop - nav.current.clientHeight / 2;
  }, [chosen?.name]);
  const label = app.t("console.settings.sections");
  return html`<nav class="sections" ref=${nav} aria-label=${label}>
    <select aria-label=${label} onChange=${(event) => go(event.currentTarget.value)}>
      ${all.sections.map((each) => html`<option value=${each.name} selected=${each === chosen}>${each.title}${mark(each)}</option>`)}
    </select>
    <ul>${all.sections.map((each) => html`<li><button type="button" class="button quiet" aria-current=${each === chosen ? "true" : undefined} onClick=${() => go(each.name)}>
      ${each.title}${mark(each) && html`<span class="badge warn">${changedIn(each)}<span class="unseen"> ${app.t("console.settings.edited")}</span></span>`}
    </button></li>`)}</ul>
  </nav>`;
}

const changedIn = (section) => section.keys.filter((each) => draft.changed(each)).length;
const mark = (section) => (changedIn(section) ? ` (${changedIn(section)})` : "");

function Failed({ app, text, retry }) {
  return html`<div class="empty" role="alert"><p>${text}</p><button class="button primary" onClick=${retry}>${app.t("console.common.retry")}</button></div>`;
}

/** Every word of the search stands in its label, its help or its key. */
function fits({ text, changed }) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (field) => {
    const read = [field.name, field.label, field.help, ...field.choices.map((each) => each.text)].join(" ").toLowerCase();
    return words.every((word) => read.includes(word)) && (!changed || field.source !== "default" || draft.changed(field));
  };
}

async function saved({ app, all, fields, load, changed, show }) {
  let answer;
  try {
    answer = await app.api("PUT", "/api/settings", { etag: all.etag, changes: Object.fromEntries(draft.changes) });
  } catch (error) {
    app.notify(error.message, "bad");
    return;
  }
  draft.wrong = answer.wrong;
  if (answer.outcome === "refused") {
    const wrong = fields.filter((each) => each.name in answer.wrong);
    app.announce(wrong.length === 1 ? app.t("console.settings.wrong-one") : app.t("console.settings.wrong", { n: wrong.length }));
    changed();
    show(wrong[0]?.name);
    return;
  }
  if (answer.outcome === "saved") {
    draft.clear();
    app.notify(app.t(answer.pending.length ? "console.settings.saved" : "console.settings.saved-now"), "good");
  } else {
    app.notify(app.t("console.settings.changed-elsewhere"), "bad");
  }
  await load();
}

/** The section of that key is shown and the key focused. */
function show(app, all, name, unfilter) {
  const section = all.sections.find((each) => each.keys.some((key) => key.name === name));
  if (!section) return;
  unfilter();
  app.go("settings", { section: section.name }, { replace: true });
  setTimeout(() => {
    const found = document.getElementById(idOf(name));
    const wrong = found?.matches("fieldset") ? found.querySelector("[aria-invalid=true]") ?? found : found;
    wrong?.focus();
    wrong?.scrollIntoView({ block: "center" });
  }, 60); // after it was drawn
}

function warnBeforeLeaving() {
  const ask = (event) => draft.changes.size && event.preventDefault();
  addEventListener("beforeunload", ask);
  return () => removeEventListener("beforeunload", ask);
}
