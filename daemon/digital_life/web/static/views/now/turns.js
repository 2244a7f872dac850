/** How long each stage of the latest turns took: as a waterfall, or as a table. */

import { html, useState } from "../../vendor/htm-preact.js";
import { Card } from "./card.js";
import { secondsOf } from "./figures.js";
import { useLive } from "./live.js";

const STAGES = ["endpoint", "stt", "first_token", "voice", "speaking"];
const FEW = 6;
const LEAST_MS = 2_000;
const BEHIND = 1.2; // the axis goes a little beyond the slowest first sound: how long it spoke matters less

export function Turns({ app, t }) {
  const live = useLive(app, "/api/now/turns", { on: ["turn"] });
  const [asTable, choose] = useState(false);
  const turns = live.data?.turns ?? [];
  const aside = turns.length > 0 && html`<button class="button small" aria-pressed=${String(asTable)} onClick=${() => choose(!asTable)}>${t("turns-as-table")}</button>`;
  return html`<${Card} name="turns" icon="clock" title=${t("turns")} aside=${aside} live=${live} t=${t} class="wide">
    ${!turns.length ? html`<p class="muted">${t("turns-none")}</p>` : asTable ? html`<${Figures} app=${app} t=${t} turns=${turns} />` : html`<${Waterfall} app=${app} t=${t} turns=${turns} />`}
    <p class="hint">${t("turns-privacy")}</p>
  <//>`;
}

function Waterfall({ app, t, turns }) {
  const [all, showAll] = useState(false);
  const shown = all ? turns : turns.slice(0, FEW);
  const most = Math.max(LEAST_MS, ...shown.map((turn) => waitOf(turn) * BEHIND));
  return html`<ul class="legend">${STAGES.map((name) => html`<li key=${name}><span class="swatch stage-${name}" aria-hidden="true"></span>${t(`stage-${name}`)}</li>`)}</ul>
    <${Axis} app=${app} t=${t} most=${most} />
    <ol class="waterfall">${shown.map((turn) => html`<${Row} key=${turn.number + turn.began} app=${app} t=${t} turn=${turn} most=${most} />`)}</ol>
    ${turns.length > FEW && html`<button class="button quiet small" aria-expanded=${String(all)} onClick=${() => showAll(!all)}>${app.t(`console.common.${all ? "less" : "more"}`)}</button>`}`;
}

function Axis({ app, t, most }) {
  const step = [250, 500, 1_000, 2_000, 5_000, 10_000, 20_000].find((each) => most / each <= 6) ?? 60_000;
  const ticks = Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step);
  return html`<div class="axis" aria-hidden="true" title=${t("turns-chart")}>
    ${ticks.map((ms) => html`<span key=${ms} style=${{ "--at": ms / most }}>${t("seconds", { n: app.number(ms / 1000) })}</span>`)}
  </div>`;
}

function Row({ app, t, turn, most }) {
  return html`<li>
    <p class="when"><time datetime=${turn.began}>${app.time(turn.began)}</time> <span class="muted">${t(`how-${turn.how}`)} · ${turn.room && `${turn.room} · `}${turn.by}</span></p>
    <div class="track" aria-hidden="true">
      ${turn.stages.filter((stage) => stage.since_ms < most && stage.lasted_ms > 0).map((stage) => html`<${Part} key=${stage.name} app=${app} t=${t} stage=${stage} most=${most} />`)}
    </div>
    <p class="told">${sentences(turn, app, t)}</p>
  </li>`;
}

function Part({ app, t, stage, most }) {
  const ends = Math.min(most, stage.since_ms + stage.lasted_ms);
  const style = { "--at": stage.since_ms / most, "--long": (ends - stage.since_ms) / most };
  const cut = stage.since_ms + stage.lasted_ms > most ? "cut" : "";
  return html`<span class="part stage-${stage.name} ${cut}" style=${style} title="${t(`stage-${stage.name}`)}: ${secondsOf(stage.lasted_ms, app)} s"></span>`;
}

function Figures({ app, t, turns }) {
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="now-turns">
    <table class="table">
      <thead><tr><th scope="col">${t("when")}</th>${STAGES.map((name) => html`<th key=${name} scope="col" class="number">${t(`stage-${name}`)}</th>`)}<th scope="col" class="number">${t("first")}</th><th scope="col" class="number">${t("total")}</th></tr></thead>
      <tbody>${turns.map((turn) => html`<${Line} key=${turn.number + turn.began} app=${app} t=${t} turn=${turn} />`)}</tbody>
    </table>
  </div>`;
}

function Line({ app, t, turn }) {
  const lasted = Object.fromEntries(turn.stages.map((stage) => [stage.name, stage.lasted_ms]));
  const cell = (ms) => (ms === null || ms === undefined ? "–" : `${secondsOf(ms, app)} s`);
  return html`<tr>
    <th scope="row">${app.time(turn.began)} <span class="muted">${t(`how-${turn.how}`)}</span></th>
    ${STAGES.map((name) => html`<td key=${name} class="number">${cell(lasted[name])}</td>`)}
    <td class="number">${cell(turn.first_ms)}</td><td class="number">${cell(turn.total_ms)}</td>
  </tr>`;
}

/** Until something was heard, or where nothing was, until all was thought. */
function waitOf(turn) {
  return turn.first_ms ?? turn.total_ms ?? 0;
}

function sentences(turn, app, t) {
  return [
    waited(turn, app, t),
    turn.lookups > 0 && t("turn-lookups", { n: turn.lookups }),
    turn.interrupted && t("turn-interrupted"),
    turn.failed && t("turn-failed"),
  ]
    .filter(Boolean)
    .join(" ");
}

function waited(turn, app, t) {
  if (turn.first_ms === null) return t("turn-silent");
  const first = secondsOf(turn.first_ms, app);
  if (!turn.slow) return t("turn-quick", { first });
  const part = secondsOf(turn.stages.find((stage) => stage.name === turn.slow).lasted_ms, app);
  return t(`turn-slow-${turn.slow}`, { first, part });
}
