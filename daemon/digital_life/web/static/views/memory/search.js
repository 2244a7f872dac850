/** Search: what was found, how sure that is it, and why. */

import { html, useState } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";
import { Forget } from "./forget.js";
import { Loaded } from "./loaded.js";
import { clockOf, counted, dayOf, nameOf, useLoaded, wordsOf } from "./source.js";

const KINDS = { sure: "good", maybe: "accent", faint: "" };
const MEASURES = ["words", "meaning", "fresh"];

export function Search({ app, source, onChanged }) {
  const m = wordsOf(app);
  const { text = "", first = "", last = "" } = app.parameters;
  const look = (event) => {
    event.preventDefault();
    const asked = Object.fromEntries([...new FormData(event.target)].map(([name, value]) => [name, value.trim()]));
    app.go("memory", { tab: "search", ...asked });
  };
  return html`<div class="stack">
    <form class="card stack" role="search" onSubmit=${look}>
      <div class="field"><label for="search-text">${m("search.label")}</label>
        <input id="search-text" name="text" type="search" required placeholder=${m("search.placeholder")} value=${text} /></div>
      <div class="row">
        <div class="field"><label for="search-first">${m("search.first")}</label><input id="search-first" name="first" type="date" value=${first} /></div>
        <div class="field"><label for="search-last">${m("search.last")}</label><input id="search-last" name="last" type="date" value=${last} /></div>
        <button class="button primary look"><${Icon} name="search" />${m("search.go")}</button>
      </div>
      <p class="hint">${m("search.hint")}</p>
    </form>
    ${text && html`<${Results} key=${`${text} ${first} ${last}`} ...${{ app, source, asked: { text, first, last }, onChanged }} />`}
  </div>`;
}

function Results({ app, source, asked, onChanged }) {
  const m = wordsOf(app);
  const [faint, setFaint] = useState(false);
  const [forgetting, setForgetting] = useState(null);
  const loaded = useLoaded(async () => {
    const found = await source.get("/search", asked);
    app.announce(counted(app, "search.found", clear(found).length));
    return found;
  }, [source]);
  return html`<${Loaded} app=${app} loaded=${loaded}>${(found) => {
    const hidden = found.length - clear(found).length;
    const shown = faint ? found : clear(found);
    const turns = shown.filter((each) => each.kind === "turn").map((each) => each.number);
    return html`<section class="stack" aria-label=${m("tabs.search")}>
      <div class="row between"><p class="muted">${clear(found).length ? counted(app, "search.found", clear(found).length) : m("search.nothing")}</p>
        ${turns.length > 1 && html`<button class="button quiet small" onClick=${() => setForgetting({ turns })}><${Icon} name="delete" size="18" />${m("search.forget-all")}</button>`}</div>
      <ol class="found stack">${shown.map((each) => html`<${Found} key=${`${each.kind} ${each.number}`} ...${{ app, found: each, onForget: setForgetting }} />`)}</ol>
      ${hidden > 0 && html`<button class="button quiet" aria-expanded=${String(faint)} onClick=${() => setFaint(!faint)}>${m(faint ? "search.faint-hide" : "search.faint-show", { n: app.number(hidden) })}</button>`}
      ${forgetting && html`<${Forget} app=${app} source=${source} meant=${forgetting} onClose=${() => setForgetting(null)} onForgotten=${onChanged} />`}
    </section>`;
  }}<//>`;
}

function clear(found) {
  return found.filter((each) => each.sure !== "faint");
}

function Found({ app, found, onForget }) {
  const m = wordsOf(app);
  const { kind, number, when, text, sure, why, people } = found;
  return html`<li class="card stack">
    <p class="row-tight">
      <span class="badge"><${Icon} name=${kind === "diary" ? "book" : "talk"} size="16" />${m(`kind-${kind}`)}</span>
      ${people.some((each) => each) && html`<span class="badge">${people.map((each) => nameOf(m, each)).join(", ")}</span>`}
      <time class="muted small-text" datetime=${when}>${app.time(clockOf(when), { dateStyle: "long", timeStyle: "short" })}</time>
      <span class="badge ${KINDS[sure]}">${m(`search.${sure}`)}</span>
    </p>
    <div class="found-text">${text.split("\n").map((line) => html`<p>${line}</p>`)}</div>
    <details class="why"><summary>${m("search.why")}</summary>
      ${why.literal && html`<p>${m("search.why-literal")}</p>`}
      ${MEASURES.map((measure) => html`<p class="measure" key=${measure}><span id="why-${kind}-${number}-${measure}">${m(`search.why-${measure}`)}</span>
        <meter min="0" max="1" value=${why[measure]} aria-labelledby="why-${kind}-${number}-${measure}"></meter>
        <span>${app.number(why[measure], { style: "percent" })}</span></p>`)}
    </details>
    <div class="row">
      <a class="button small" href="#/memory?tab=days&day=${dayOf(when)}"><${Icon} name="calendar" size="18" />${m("search.open-day")}</a>
      <a class="button small quiet" href="#/memory?tab=time&kind=${kind}&number=${number}"><${Icon} name="leaf" size="18" />${m("days.curve")}</a>
      ${kind === "turn" && html`<button class="button small quiet" onClick=${() => onForget({ turns: [number] })}><${Icon} name="delete" size="18" />${m("search.forget")}</button>`}
    </div>
  </li>`;
}
