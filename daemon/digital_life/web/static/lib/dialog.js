/** One question with two answers, over everything else. */

import { html, useEffect, useRef } from "../vendor/htm-preact.js";

export class Question {
  #waiting = [];

  /** `changed` is called when another question is to be shown. */
  constructor(changed) {
    this.changed = changed;
  }

  get shown() {
    return this.#waiting[0] ?? null;
  }

  /** Whether it was agreed to: `{title, text, yes, no, danger}`. */
  ask(question) {
    return new Promise((resolve) => {
      this.#waiting.push({ ...question, resolve });
      this.changed();
    });
  }

  answer(agreed) {
    this.#waiting.shift()?.resolve(agreed);
    this.changed();
  }
}

/** Escape and a click beside it are a no; what is dangerous has its "no" focused. */
export function QuestionDialog({ question, yes, no }) {
  const element = useRef();
  const { shown } = question;
  useEffect(() => {
    if (shown && !element.current.open) element.current.showModal();
  }, [shown]);
  if (!shown) return null;
  const answer = (agreed) => {
    element.current.close();
    question.answer(agreed);
  };
  return html`<dialog class="dialog" ref=${element} aria-labelledby="question-title" aria-describedby="question-text"
      onCancel=${(event) => (event.preventDefault(), answer(false))}
      onClick=${(event) => event.target === element.current && answer(false)}>
    <div class="stack">
      <h2 id="question-title">${shown.title}</h2>
      <div id="question-text">${shown.text}</div>
      <div class="row end">
        <button class="button" autofocus=${shown.danger} onClick=${() => answer(false)}>${shown.no ?? no}</button>
        <button class="button ${shown.danger ? "danger" : "primary"}" autofocus=${!shown.danger} onClick=${() => answer(true)}>${shown.yes ?? yes}</button>
      </div>
    </div>
  </dialog>`;
}
