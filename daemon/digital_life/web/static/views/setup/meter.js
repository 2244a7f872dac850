/** A bar from nothing to all, with a mark where it is enough. */

import { html } from "../../vendor/htm-preact.js";

/** `value`, `needed` and `most` are shares of 1; beyond `most` it is too much. */
export function Meter({ label, value, text, needed, most }) {
  const share = Math.min(1, Math.max(0, value));
  const enough = share >= needed && (most === undefined || share <= most);
  return html`<div class="setup-meter">
    <div class="setup-bar ${enough ? "good" : most !== undefined && share > most ? "bad" : ""}" role="meter" aria-label=${label} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(share * 100)} aria-valuetext=${text}>
      <span style=${{ "--share": share }}></span>
      <i style=${{ "--at": needed }}></i>
    </div>
  </div>`;
}
