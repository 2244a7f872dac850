/** The models that are in use: what for, how large, under which licence, and why these. */

import { html } from "../../vendor/htm-preact.js";
import { Card } from "./card.js";
import { megabytes } from "./figures.js";
import { useLive } from "./live.js";

export function Models({ app, t }) {
  const live = useLive(app, "/api/now/models", { every: 60_000 });
  return html`<${Card} name="models" icon="chip" title=${t("models")} live=${live} t=${t} class="wide">
    ${live.data && html`<${Whole} app=${app} t=${t} data=${live.data} />`}
  <//>`;
}

function Whole({ app, t, data }) {
  return html`<p><span class="badge accent">${t("models-profile", { name: t(`profile-${data.profile}`) })}</span> ${data.why}</p>
    ${data.advice.map((sentence) => html`<p key=${sentence} class="advice">${sentence}</p>`)}
    <div class="scroll" tabindex="0" role="region" aria-labelledby="now-models">
      <table class="table">
        <thead><tr><th scope="col">${t("role")}</th><th scope="col">${t("model")}</th><th scope="col" class="number">${t("size")}</th><th scope="col" class="number">${t("in-memory")}</th><th scope="col">${t("licence")}</th></tr></thead>
        <tbody>${data.models.map((model) => html`<${Row} key=${model.role + model.name + model.language} app=${app} t=${t} model=${model} />`)}</tbody>
      </table>
    </div>`;
}

function Row({ app, t, model }) {
  const language = model.language ? ` (${t(`language-${model.language}`)})` : "";
  const large = (mb) => (mb ? megabytes(mb, app, t) : "–");
  return html`<tr>
    <td>${t(`role-${model.role}`)}${language}</td>
    <th scope="row">${model.name || t("unknown")}${model.server && html` <span class="muted">${t("elsewhere", { address: model.server })}</span>`}</th>
    <td class="number">${large(model.size / 1e6)}</td>
    <td class="number">${large(model.memory_mb)}</td>
    <td>${model.licence || "–"}</td>
  </tr>`;
}
