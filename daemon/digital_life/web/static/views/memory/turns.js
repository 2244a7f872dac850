/** What was said, turn by turn. */

import { html } from "../../vendor/htm-preact.js";
import { clockOf, nameOf, wordsOf } from "./source.js";

/** With `chosen` (a Set of numbers) each can be ticked; `more(turn)` draws what stands beside it. */
export function Turns({ app, turns, chosen, onChoose, withDay = false, more }) {
  return html`<ol class="turns">
    ${turns.map((turn) => html`<${Turn} key=${turn.id} ...${{ app, turn, chosen, onChoose, withDay, more }} />`)}
  </ol>`;
}

function Turn({ app, turn, chosen, onChoose, withDay, more }) {
  const m = wordsOf(app);
  const when = clockOf(turn.began);
  const how = withDay ? { dateStyle: "medium", timeStyle: "short" } : { hour: "2-digit", minute: "2-digit" };
  return html`<li class="turn">
    ${chosen && html`<input type="checkbox" checked=${chosen.has(turn.id)} aria-label=${m("days.choose", { text: turn.heard || turn.said })}
        onChange=${() => onChoose(turn.id)} />`}
    <div class="turn-said" lang=${turn.language === "zh" ? "zh-Hans" : "en"}>
      <time class="muted small-text" datetime=${turn.began} lang=${app.language}>${app.time(when, how)}</time>
      ${turn.heard && html`<p><span class="speaker" lang=${app.language}>${nameOf(m, turn.person)}</span> ${turn.heard}</p>`}
      ${turn.said && html`<p class="muted"><span class="speaker" lang=${app.language}>${m("it")}</span> ${turn.said}</p>`}
    </div>
    ${more?.(turn)}
  </li>`;
}
