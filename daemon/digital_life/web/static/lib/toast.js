/** Short messages that come and go. */

import { html } from "../vendor/htm-preact.js";
import { Icon } from "./icons.js";

const STAYS_MS = 5_000;
const A_CHARACTER_MS = 60;
const MOST = 4;
const ICONS = { good: "check", bad: "warn", plain: "info" };

export class Toasts {
  #next = 1;

  /** `changed` is called when there is something else to show. */
  constructor(changed) {
    this.changed = changed;
    this.shown = [];
  }

  add(text, kind = "plain") {
    const toast = { id: this.#next++, text, kind };
    this.shown = [...this.shown.filter((each) => each.text !== text), toast].slice(-MOST);
    this.changed();
    if (kind !== "bad") setTimeout(() => this.remove(toast.id), STAYS_MS + text.length * A_CHARACTER_MS);
  }

  remove(id) {
    this.shown = this.shown.filter((each) => each.id !== id);
    this.changed();
  }
}

/** What went wrong stays until it is put away. */
export function ToastList({ toasts, close }) {
  return html`<div class="toasts" role="log" aria-live="polite">
    ${toasts.shown.map(
      ({ id, text, kind }) => html`<div class="toast ${kind}" key=${id} role=${kind === "bad" ? "alert" : undefined}>
        <${Icon} name=${ICONS[kind] ?? "info"} />
        <p>${text}</p>
        <button class="button quiet small icon-only" aria-label=${close} onClick=${() => toasts.remove(id)}><${Icon} name="close" /></button>
      </div>`,
    )}
  </div>`;
}
