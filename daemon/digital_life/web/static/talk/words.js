/** What stands in the conversation: who said what, when, in which language. */

import { html } from "../vendor/htm-preact.js";

const TAGS = { en: "en", zh: "zh-Hans" };

/** One exchange: what was said to it, and its answer as far as it is heard. */
export function Exchange({ app, exchange }) {
  const { heard, chunks, announced } = exchange;
  return html`
    ${heard && html`<${Heard} app=${app} exchange=${exchange} />`}
    ${(chunks.length > 0 || announced || exchange.interrupted) && html`<${Answer} app=${app} exchange=${exchange} />`}
  `;
}

function Heard({ app, exchange }) {
  const { heard, language, here, pending } = exchange;
  return html`<li class="line you ${pending ? "pending" : ""}">
    <p class="who"><b>${app.t("console.talk.you")}</b> <${When} app=${app} exchange=${exchange} />
      ${exchange.written && html`<span>${app.t("console.talk.over_mqtt")}</span>`}
      ${!here && !exchange.over && html`<span class="unseen">${app.t("console.talk.you_elsewhere")}</span>`}</p>
    <p class="words" lang=${TAGS[language]}>${heard}</p>
  </li>`;
}

function Answer({ app, exchange }) {
  const { chunks, interrupted, announced, timings } = exchange;
  const first = timings?.first_audio;
  return html`<li class="line it ${exchange.over ? "" : "coming"}">
    <p class="who"><b>${exchange.by || app.companion.name}</b> ${announced && html`<${When} app=${app} exchange=${exchange} />`}
      ${announced && html`<span>${app.t("console.talk.by_itself")}</span>`}
      ${first && html`<span class="first" title=${app.t("console.talk.first_audio", { seconds: seconds(app, first) })}>${seconds(app, first)} s</span>`}</p>
    ${chunks.length > 0 && html`<p class="words">${chunks.map(({ text, language }, place) => html`<span key=${place} lang=${TAGS[language]}>${text}</span>`)}</p>`}
    ${interrupted && html`<p class="cut"><span class="badge">${app.t("console.talk.interrupted")}</span></p>`}
  </li>`;
}

function When({ app, exchange }) {
  return html`<time datetime=${exchange.began.toISOString()}>${app.time(exchange.began)}</time>`;
}

function seconds(app, milliseconds) {
  return app.number(milliseconds / 1000, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}
