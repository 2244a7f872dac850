/** A number between two ends: it follows the hand, and is sent when the hand lets go. */

import { html, useState } from "../../vendor/htm-preact.js";

/** `set(number)` may take a while; meanwhile what is wished is shown. `unseen`: the label is for a screen reader alone. */
export function Slider({ id, label, low, high, step, value, shown, set, disabled = false, unseen = false }) {
  const [held, hold] = useState(null);
  const now = held ?? value ?? low;
  const send = async ({ currentTarget }) => {
    const wished = Number(currentTarget.value);
    hold(wished);
    await set(wished);
    hold(null);
  };
  return html`<div class="field slider">
    <label for=${id}><span class=${unseen ? "unseen" : ""}>${label}</span></label>
    <output for=${id}>${held === null && value === undefined ? "–" : shown(now)}</output>
    <input id=${id} type="range" min=${low} max=${high} step=${step} value=${now} aria-valuetext=${shown(now)} disabled=${disabled}
      onInput=${({ currentTarget }) => hold(Number(currentTarget.value))} onChange=${send} />
  </div>`;
}
