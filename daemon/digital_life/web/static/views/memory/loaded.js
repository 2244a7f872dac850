/** What stands in place of something that is not there yet, or could not be had. */

import { html } from "../../vendor/htm-preact.js";

export function Loaded({ app, loaded, children }) {
  const { value, error, again } = loaded;
  if (error) {
    return html`<div class="notice" role="alert">
      <p>${error.message}</p>
      <button class="button small" onClick=${again}>${app.t("console.common.retry")}</button>
    </div>`;
  }
  if (value === undefined) return html`<div class="skeleton" role="status" aria-label=${app.t("console.common.loading")}></div>`;
  return children(value);
}
