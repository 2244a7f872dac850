/** What it holds itself, and its user, to be: each version, what changed, and where it comes from. */

import { html, useMemo, useState } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";
import { told } from "./diary.js";
import { Loaded } from "./loaded.js";
import { Differences, SentenceEditor, Sentences } from "./sentences.js";
import { clockOf, nameOf, useLoaded, wordsOf } from "./source.js";

const KINDS = ["self", "user"];

export function Who({ app, source, about }) {
  const m = wordsOf(app);
  const [person, setPerson] = useState("");
  const theirs = useMemo(() => source.of(person), [source, person]);
  return html`<div class="stack">
    ${about.people.length > 0 && html`<div class="field"><label for="person">${m("who.person")}</label>
      <select id="person" value=${person} onChange=${(event) => setPerson(event.target.value)}>
        ${["", ...about.people].map((each) => html`<option key=${each} value=${each}>${nameOf(m, each)}</option>`)}
      </select></div>`}
    <div class="grid wide">${KINDS.map((kind) => html`<${ConceptOf} key=${`${kind} ${person}`} ...${{ app, source: theirs, kind }} />`)}</div>
  </div>`;
}

function ConceptOf({ app, source, kind }) {
  const m = wordsOf(app);
  const loaded = useLoaded(() => source.get(`/concepts/${kind}`), [source, kind]);
  return html`<section class="card stack" aria-labelledby="who-${kind}">
    <header><h2 id="who-${kind}">${m(`who.${kind}`)}</h2><p class="hint">${m(`who.${kind}-hint`)}</p></header>
    <${Loaded} app=${app} loaded=${loaded}>${(concept) => html`<${Versions} key=${concept.versions.length} ...${{ app, source, kind, concept, loaded }} />`}<//>
  </section>`;
}

function Versions({ app, source, kind, concept, loaded }) {
  const m = wordsOf(app);
  const of = concept.versions.length;
  const [number, setNumber] = useState(of);
  const [compared, setCompared] = useState(false);
  const [editing, setEditing] = useState(false);
  const save = async ({ sentences }) => {
    loaded.set(await source.send("PUT", `/concepts/${kind}`, { sentences, seen: concept.seen }));
    app.announce(m("edit-saved"));
  };
  const restore = (version) => told(app, async () => {
    loaded.set(await source.send("POST", `/concepts/${kind}/restore`, { version, seen: concept.seen }));
    app.notify(m("who.restored"), "good");
  });
  if (editing) return html`<${SentenceEditor} app=${app} sentences=${concept.sentences} onSave=${save} onCancel=${() => setEditing(false)} />`;
  if (!of) {
    return html`<p>${m(`who.nothing-${kind}`)}</p>
      <div class="row"><button class="button small" onClick=${() => setEditing(true)}><${Icon} name="edit" size="18" />${m("who.write")}</button></div>`;
  }
  return html`
    ${of > 1 && html`<${Slider} ...${{ app, kind, number, of, written: concept.versions[number - 1], onChange: setNumber }} />
      <label class="row-tight"><input type="checkbox" checked=${compared} onChange=${() => setCompared(!compared)} />${m("who.differences")}</label>`}
    ${number === of && !compared
      ? html`<${Sentences} app=${app} source=${source} sentences=${concept.sentences} />`
      : html`<${Version} ...${{ app, source, kind, number, compared, seen: concept.seen }} />`}
    <div class="row">
      ${number === of
        ? html`<button class="button small" onClick=${() => setEditing(true)}><${Icon} name="edit" size="18" />${m("edit")}</button>
            ${of > 1 && html`<button class="button small quiet" onClick=${() => restore(of - 1)}><${Icon} name="undo" size="18" />${m("who.back")}</button>`}`
        : html`<button class="button small" onClick=${() => restore(number)}><${Icon} name="undo" size="18" />${m("who.restore")}</button>`}
    </div>`;
}

function Slider({ app, kind, number, of, written, onChange }) {
  const m = wordsOf(app);
  const when = app.time(clockOf(written), { dateStyle: "medium", timeStyle: "short" });
  const name = `${m("who.version", { n: app.number(number), of: app.number(of) })}${number === of ? ` (${m("who.present")})` : ""}`;
  return html`<div class="slider">
    <div class="row-tight">
      <button class="button quiet icon-only" aria-label=${m("who.older")} disabled=${number <= 1} onClick=${() => onChange(number - 1)}><${Icon} name="left" /></button>
      <input type="range" min="1" max=${of} step="1" value=${number} aria-label=${`${m(`who.${kind}`)}: ${m("who.version-slider")}`} aria-valuetext=${`${name}, ${m("who.written", { when })}`}
          onInput=${(event) => onChange(Number(event.target.value))} />
      <button class="button quiet icon-only" aria-label=${m("who.newer")} disabled=${number >= of} onClick=${() => onChange(number + 1)}><${Icon} name="right" /></button>
    </div>
    <p class="small-text muted">${name} · <time datetime=${written}>${m("who.written", { when })}</time></p>
  </div>`;
}

function Version({ app, source, kind, number, compared, seen }) {
  const loaded = useLoaded(() => source.get(`/concepts/${kind}/${number}`), [source, kind, number, seen]);
  return html`<${Loaded} app=${app} loaded=${loaded}>${({ differences }) => {
    const stood = differences.filter((each) => each.kind !== "gone");
    if (!compared) return html`<${Sentences} app=${app} source=${source} sentences=${stood} />`;
    return html`${stood.length === differences.length && stood.every((each) => each.kind === "kept") && html`<p class="muted">${wordsOf(app)("who.same")}</p>`}
      <${Differences} app=${app} source=${source} differences=${differences} />`;
  }}<//>`;
}
