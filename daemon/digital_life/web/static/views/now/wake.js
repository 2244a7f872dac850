/** The wake words: how much the sound is like them, what woke it of late, and whether the threshold fits. */

import { html, useState } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";
import { Card } from "./card.js";
import { scoreOf } from "./figures.js";
import { useLive } from "./live.js";
import { Scores } from "./scores.js";

const FEW = 4;
const ICONS = { answered: "check", vain: "asleep", near: "away", doubted: "close" };
const LOOKS = { answered: "good", vain: "warn", near: "", doubted: "" };

export function Wake({ app, t, senses }) {
  const live = useLive(app, "/api/now/wakes", { on: ["wake", "turn", "state"], every: 15_000 });
  return html`<${Card} name="wake" icon="sound" title=${t("wake")} live=${live} t=${t} class="wide">
    ${live.data && html`<div class="halves">
      <div class="stack">
        <${Scores} app=${app} t=${t} senses=${senses} words=${live.data.words} />
        ${live.data.words.map((word) => html`<${Advice} key=${word.phrase} app=${app} t=${t} word=${word} />`)}
      </div>
      <${History} app=${app} t=${t} data=${live.data} />
    </div>`}
  <//>`;
}

function Advice({ app, t, word }) {
  const { better, threshold } = word;
  if (better === null) return null;
  const values = { better: scoreOf(better, app), now: scoreOf(threshold, app) };
  return html`<div class="advice">
    <p><strong>${word.written}</strong> · ${t(better < threshold ? "wake-better-lower" : "wake-better-higher", values)}</p>
    <p class="hint">${t("wake-where")}</p>
  </div>`;
}

function History({ app, t, data }) {
  const [all, showAll] = useState(false);
  const written = Object.fromEntries(data.words.map((word) => [word.phrase, word.written]));
  if (!data.notes.length) return html`<p class="muted">${t("wake-none")}</p>`;
  const shown = all ? data.notes : data.notes.slice(0, FEW);
  return html`<div class="stack tight">
    <h3>${t("wake-history")}</h3>
    <p class="hint">${t("wake-counts", totals(data.words))}</p>
    <ol class="wakes ${all ? "scroll" : ""}" tabindex=${all ? "0" : undefined} aria-label=${t("wake-history")}>
      ${shown.map((note) => html`<${Note} key=${note.at + note.phrase} app=${app} t=${t} note=${note} name=${written[note.phrase] ?? note.phrase} />`)}
    </ol>
    ${data.notes.length > FEW && html`<button class="button quiet small" aria-expanded=${String(all)} onClick=${() => showAll(!all)}>${app.t(`console.common.${all ? "less" : "more"}`)}</button>`}
  </div>`;
}

function Note({ app, t, note, name }) {
  const when = app.time(note.at, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
  const style = { "--score": note.score, "--needed": note.needed };
  return html`<li>
    <div class="row between"><span><strong>${name}</strong> <time class="muted" datetime=${note.at}>${when}</time></span>
      <span class="badge ${LOOKS[note.waking]}"><${Icon} name=${ICONS[note.waking]} size="15" />${t(`wake-${note.waking}`)}</span></div>
    <div class="score-row"><div class="score" style=${style} aria-hidden="true"><div class="filled"></div><div class="needed"></div></div>
      <span class="small-text muted">${t("score")} ${scoreOf(note.score, app)} / ${scoreOf(note.needed, app)} · ${t("decibels", { n: app.number(Math.round(note.loudness_db)) })}</span></div>
  </li>`;
}

function totals(words) {
  const sum = { answered: 0, vain: 0, near: 0, doubted: 0 };
  for (const { wakings } of words) for (const kind of Object.keys(sum)) sum[kind] += wakings[kind];
  return sum;
}
