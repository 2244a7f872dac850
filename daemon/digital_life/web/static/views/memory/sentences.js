/** Sentences that came of what was said: read, with where each comes from, and corrected. */

import { html, useEffect, useRef, useState } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";
import { Loaded } from "./loaded.js";
import { useLoaded, wordsOf } from "./source.js";
import { Turns } from "./turns.js";

const SIGNS = { kept: "", gone: "−", new: "+" };

export function Sentences({ app, source, sentences }) {
  return html`<ul class="sentences">
    ${sentences.map((each, at) => html`<li key=${`${at} ${each.text}`}><${Sourced} ...${{ app, source, sentence: each }}><span>${each.text}</span><//></li>`)}
  </ul>`;
}

/** What is gone and what is new is told by sign, word and line, and by colour last. */
export function Differences({ app, source, differences, plain = false }) {
  const m = wordsOf(app);
  const shown = plain ? differences.filter((each) => each.kind !== "kept") : differences;
  return html`<ul class="sentences differences">
    ${shown.map((each, at) => html`<li key=${`${at} ${each.kind} ${each.text}`} class=${each.kind}>
      <span class="sign" aria-hidden="true">${SIGNS[each.kind]}</span>
      <${Sourced} ...${{ app, source: plain ? null : source, sentence: each }}>
        ${each.kind === "gone" && html`<del><span class="unseen">${m("who.gone")}: </span>${each.text}</del>`}
        ${each.kind === "new" && html`<ins><span class="unseen">${m("who.new")}: </span>${each.text}</ins>`}
        ${each.kind === "kept" && html`<span>${each.text}</span>`}
      <//>
    </li>`)}
  </ul>`;
}

function Sourced({ app, source, sentence, children }) {
  const m = wordsOf(app);
  const [open, setOpen] = useState(false);
  if (!source) return html`<div>${children}</div>`;
  const label = `${m(open ? "sources-hide" : "sources")}: ${sentence.text}`;
  return html`<div class="sourced">
    <div class="row-tight">
      ${children}
      <button class="button quiet small icon-only toggle" aria-expanded=${String(open)} aria-label=${label} title=${m(open ? "sources-hide" : "sources")}
          onClick=${() => setOpen(!open)}><${Icon} name="link" size="18" /></button>
    </div>
    ${open && html`<${Sources} ...${{ app, source, numbers: sentence.sources }} />`}
  </div>`;
}

function Sources({ app, source, numbers }) {
  const m = wordsOf(app);
  const loaded = useLoaded(() => (numbers.length ? source.get("/turns", { numbers: numbers.join(",") }) : []), [source, numbers.join(",")]);
  if (!numbers.length) return html`<p class="sources muted">${m("sources-none")}</p>`;
  return html`<div class="sources">
    <${Loaded} app=${app} loaded=${loaded}>
      ${(turns) => (turns.length ? html`<${Turns} app=${app} turns=${turns} withDay />` : html`<p class="muted">${m("sources-gone")}</p>`)}
    <//>
  </div>`;
}

/** Corrects sentences in place; each keeps the turns that it came from. */
export function SentenceEditor({ app, sentences, title, onSave, onCancel }) {
  const m = wordsOf(app);
  const [name, setName] = useState(title);
  const [lines, setLines] = useState(() => opened(sentences));
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState(false);
  const form = useRef();
  useEffect(() => form.current.querySelector("input, textarea")?.focus(), []);
  const change = (at, text) => setLines(lines.map((each, n) => (n === at ? { ...each, text } : each)));
  const save = async (event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await onSave({ title: name ?? "", sentences: lines.map(({ text, sources }) => ({ text, sources })) });
    } catch (error) {
      setFailed(error.message);
      setBusy(false);
    }
  };
  return html`<form class="stack editor" ref=${form} onSubmit=${save} onKeyDown=${(event) => event.key === "Escape" && onCancel()}>
    ${title !== undefined && html`<div class="field"><label for="edit-title">${m("edit-title")}</label>
      <input id="edit-title" value=${name} onInput=${(event) => setName(event.target.value)} /></div>`}
    ${lines.map((each, at) => html`<div class="row-tight" key=${each.key}>
      <textarea rows="2" aria-label=${m("edit-sentence", { n: at + 1 })} value=${each.text} onInput=${(event) => change(at, event.target.value)}></textarea>
      <button type="button" class="button quiet icon-only" aria-label=${m("edit-remove", { n: at + 1 })}
          onClick=${() => setLines(lines.filter((_, n) => n !== at))}><${Icon} name="close" /></button>
    </div>`)}
    ${failed && html`<p class="error" role="alert">${failed}</p>`}
    <div class="row between">
      <button type="button" class="button quiet" onClick=${() => setLines([...lines, fresh()])}><${Icon} name="add" />${m("edit-add")}</button>
      <div class="row">
        <button type="button" class="button" onClick=${onCancel}>${app.t("console.common.cancel")}</button>
        <button class="button primary" disabled=${busy}>${app.t("console.common.save")}</button>
      </div>
    </div>
  </form>`;
}

let keys = 0;

function opened(sentences) {
  return sentences.length ? sentences.map(({ text, sources }) => ({ text, sources, key: ++keys })) : [fresh()];
}

function fresh() {
  return { text: "", sources: [], key: ++keys };
}
