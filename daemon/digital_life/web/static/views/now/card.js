/** One part of the view: its name, and what is in it when it is there. */

import { html } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";

/** `live` may be left out; what is in it is drawn once its data are there. */
export function Card({ name, icon, title, aside, live, t, class: classes = "", children }) {
  return html`<section class="card stack ${classes}" aria-labelledby="now-${name}" aria-busy=${live && !live.data && !live.error}>
    <div class="row between">
      <h2 id="now-${name}"><${Icon} name=${icon} /> ${title}</h2>
      ${aside}
    </div>
    ${live?.error && html`<${Failed} live=${live} t=${t} />`}
    ${!live || live.data ? children : !live.error && html`<div class="skeleton"></div>`}
  </section>`;
}

function Failed({ live, t }) {
  return html`<div class="row" role="status">
    <p class="error grow">${live.error}</p>
    <button class="button small" onClick=${live.load}>${t("retry")}</button>
  </div>`;
}
