/** One diary: read, corrected, deleted. */

import { html, useState } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";
import { SentenceEditor, Sentences } from "./sentences.js";
import { clockOf, wordsOf } from "./source.js";

export function Diary({ app, source, diary, onChanged }) {
  const m = wordsOf(app);
  const [editing, setEditing] = useState(false);
  const [before, setBefore] = useState(null);
  const put = (page, seen) => source.send("PUT", `/diaries/${diary.number}`, { ...page, seen });
  const save = async (page) => {
    await put(page, diary.seen);
    setBefore({ title: diary.title, sentences: diary.sentences });
    setEditing(false);
    app.announce(m("edit-saved"));
    onChanged();
  };
  const undo = () => told(app, async () => {
    await put(before, diary.seen);
    setBefore(null);
    app.announce(m("edit-undone"));
    onChanged();
  });
  const remove = async () => {
    const agreed = await app.confirm({ title: m("days.delete-title"), text: m("days.delete-text"), yes: m("days.delete"), danger: true });
    if (agreed) await told(app, async () => {
      await source.send("DELETE", `/diaries/${diary.number}`);
      app.notify(m("days.deleted"), "good");
      onChanged();
    });
  };
  return html`<article class="card diary" aria-label=${diary.title}>
    ${editing
      ? html`<${SentenceEditor} app=${app} title=${diary.title} sentences=${diary.sentences} onSave=${save} onCancel=${() => setEditing(false)} />`
      : html`<div class="stack">
          <header>
            <h3 lang=${diary.language === "zh" ? "zh-Hans" : "en"}>${diary.title}</h3>
            <p class="row-tight muted small-text"><time datetime=${diary.began}>${app.time(clockOf(diary.began))}–${app.time(clockOf(diary.ended))}</time>
              ${diary.mood && html`<span class="badge">${m("days.mood", { mood: diary.mood })}</span>`}</p>
          </header>
          <div lang=${diary.language === "zh" ? "zh-Hans" : "en"}><${Sentences} app=${app} source=${source} sentences=${diary.sentences} /></div>
          ${diary.extract && html`<p class="hint">${m("days.extract")}</p>`}
          <div class="row">
            <button class="button small" onClick=${() => setEditing(true)}><${Icon} name="edit" size="18" />${m("edit")}</button>
            ${before && html`<button class="button small" onClick=${undo}><${Icon} name="undo" size="18" />${m("edit-undo")}</button>`}
            <a class="button small quiet" href="#/memory?tab=time&kind=diary&number=${diary.number}"><${Icon} name="leaf" size="18" />${m("days.curve")}</a>
            <button class="button small quiet" onClick=${remove}><${Icon} name="delete" size="18" />${m("days.delete")}</button>
          </div>
        </div>`}
  </article>`;
}

/** Tells the person what went wrong. */
export async function told(app, work) {
  try {
    await work();
  } catch (error) {
    app.notify(error.message, "bad");
  }
}
