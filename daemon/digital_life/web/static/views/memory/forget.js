/** Forgetting: what would go is shown before anything does. */

import { html, useEffect, useRef, useState } from "../../vendor/htm-preact.js";
import { Differences } from "./sentences.js";
import { counted, useLoaded, wordsOf } from "./source.js";
import { Turns } from "./turns.js";

/** `meant` says which turns: `{turns}`, `{first, last}` or `{about}`. */
export function Forget({ app, source, meant, onClose, onForgotten }) {
  const m = wordsOf(app);
  const dialog = useRef();
  const [turns, setTurns] = useState(null);
  const [chosen, setChosen] = useState(null);
  const wanted = chosen ? [...chosen] : null;
  const loaded = useLoaded(async () => {
    if (wanted?.length === 0) return null;
    const preview = await source.send("POST", "/forget/preview", wanted ? { turns: wanted } : meant);
    if (!turns) {
      setTurns(preview.turns);
      setChosen(new Set(preview.turns.map((each) => each.id)));
    }
    return preview;
  }, [wanted?.join(",")]);
  useEffect(() => dialog.current.showModal(), []);
  const close = () => {
    dialog.current.close(); // the focus goes back to where it came from
    onClose();
  };
  const choose = (number) => {
    const next = new Set(chosen);
    if (!next.delete(number)) next.add(number);
    setChosen(next);
  };
  const forget = async () => {
    try {
      const { forgotten } = await source.send("POST", "/forget", { turns: wanted });
      app.notify(counted(app, "forget.done", forgotten), "good");
      close();
      onForgotten();
    } catch (error) {
      app.notify(error.message, "bad");
    }
  };
  return html`<dialog class="dialog wide" ref=${dialog} aria-labelledby="forget-title" onCancel=${(event) => (event.preventDefault(), close())}>
    <div class="stack">
      <h2 id="forget-title" tabindex="-1" autofocus>${m("forget.title")}</h2>
      ${turns?.length === 0 && html`<p>${m("search.nothing")}</p>`}
      ${turns?.length > 0 && html`<section class="stack"><h3>${m("forget.turns")}</h3><p class="hint">${m("forget.turns-hint")}</p>
        <div class="scroll"><${Turns} app=${app} turns=${turns} chosen=${chosen} onChoose=${choose} withDay /></div></section>`}
      <div aria-live="polite"><${Losses} app=${app} loaded=${loaded} /></div>
      <div class="row end">
        <button class="button" onClick=${close}>${app.t("console.common.cancel")}</button>
        <button class="button danger" disabled=${!wanted?.length || !loaded.value} onClick=${forget}>${m("forget.yes")}</button>
      </div>
    </div>
  </dialog>`;
}

function Losses({ app, loaded }) {
  const m = wordsOf(app);
  const { value: preview, error } = loaded;
  if (error) return html`<p class="error" role="alert">${error.message}</p>`;
  if (preview === undefined) return html`<p class="muted">${m("forget.looking")}</p>`;
  if (preview === null || !preview.turns.length) return html`<p class="muted">${m("forget.nothing")}</p>`;
  const { diaries, concepts, older, summary, notes } = preview;
  const none = !diaries.length && !concepts.length && !older && !summary.length && !notes.length;
  return html`<section class="stack losses">
    <h3>${m("forget.also")}</h3>
    ${none && html`<p>${m("forget.only")}</p>`}
    ${diaries.map((each) => html`<div key=${each.number}><p>${m(each.whole ? "forget.diary-whole" : "forget.diary-part", { title: each.title })}</p>
      <${Differences} app=${app} differences=${each.differences} plain /></div>`)}
    ${concepts.map((each) => html`<div key=${each.kind}><p>${m(`forget.concept-${each.kind}`)}</p>
      <${Differences} app=${app} differences=${each.differences} plain /></div>`)}
    ${summary.length > 0 && html`<div><p>${m("forget.summary")}</p><${Differences} app=${app} differences=${summary} plain /></div>`}
    ${notes.length > 0 && html`<div><p>${m("forget.notes")}</p><${Differences} app=${app} differences=${notes} plain /></div>`}
    ${older > 0 && html`<p>${counted(app, "forget.older", older)}</p>`}
    <p class="warned">${m("forget.copies")}</p>
    ${preview.aside.length > 0 && html`<p class="hint">${m("forget.aside", { files: preview.aside.join(", ") })}</p>`}
  </section>`;
}
