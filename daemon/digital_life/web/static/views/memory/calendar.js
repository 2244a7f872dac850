/** A month of days; the arrow keys go through them. */

import { html, useLayoutEffect, useRef } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";
import { monthOf, shifted, shiftedMonth, weekday, weeksOf } from "./dates.js";
import { wordsOf } from "./source.js";

const MOVES = {
  ArrowLeft: (day) => shifted(day, -1),
  ArrowRight: (day) => shifted(day, 1),
  ArrowUp: (day) => shifted(day, -7),
  ArrowDown: (day) => shifted(day, 7),
  Home: (day) => shifted(day, -weekday(day)),
  End: (day) => shifted(day, 6 - weekday(day)),
  PageUp: (day) => shiftedMonth(day, -1),
  PageDown: (day) => shiftedMonth(day, 1),
};
const A_MONDAY = "2026-11-02";

/** `at` is where the keys are, `shown` the open day; `what` tells of each day what there is. */
export function Calendar({ app, at, shown, today, what, onMove, onShow }) {
  const m = wordsOf(app);
  const grid = useRef();
  const moved = useRef(false);
  const month = monthOf(at);
  useLayoutEffect(() => {
    if (moved.current) grid.current.querySelector("[tabindex='0']")?.focus();
    moved.current = false;
  }, [at]);
  const go = (event) => {
    const move = MOVES[event.key];
    if (!move || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    moved.current = true;
    onMove(move(at));
  };
  const name = app.date(`${month}-01`, { year: "numeric", month: "long" });
  return html`<section class="card calendar" aria-label=${m("days.calendar")}>
    <div class="row between">
      <button class="button quiet icon-only" aria-label=${m("days.previous")} onClick=${() => onMove(shiftedMonth(at, -1))}><${Icon} name="left" /></button>
      <h2 aria-live="polite">${name}</h2>
      <button class="button quiet icon-only" aria-label=${m("days.next")} onClick=${() => onMove(shiftedMonth(at, 1))}><${Icon} name="right" /></button>
    </div>
    <table role="grid" aria-label=${name} aria-describedby="calendar-keys" ref=${grid} onKeyDown=${go}>
      <thead><tr>${weekdays(app)}</tr></thead>
      <tbody>${weeksOf(month).map((week) => html`<tr key=${week.find(Boolean)}>
        ${week.map((day) => (day ? html`<${Day} key=${day} ...${{ app, day, at, shown, today, what: what[day], onShow }} />` : html`<td></td>`))}
      </tr>`)}</tbody>
    </table>
    <p class="legend small-text muted" aria-hidden="true">
      <span><${Icon} name="leaf" size="16" /> ${m("days.legend-diary")}</span> <span><i class="dot"></i> ${m("days.legend-said")}</span>
    </p>
    <p class="hint small-text" id="calendar-keys">${m("days.calendar-keys")}</p>
  </section>`;
}

function weekdays(app) {
  return Array.from({ length: 7 }, (_, n) => {
    const day = shifted(A_MONDAY, n);
    return html`<th scope="col" abbr=${app.date(day, { weekday: "long" })}>${app.date(day, { weekday: app.language === "zh" ? "narrow" : "short" })}</th>`;
  });
}

function Day({ app, day, at, shown, today, what, onShow }) {
  const marked = [what && "filled", day === shown && "shown", day === today && "today"].filter(Boolean).join(" ");
  return html`<td role="gridcell" aria-selected=${String(day === shown)}>
    <button class="day ${marked}" tabindex=${day === at ? 0 : -1} aria-label=${told(app, day, what)}
        aria-current=${day === today ? "date" : undefined} onClick=${() => onShow(day)}>
      <span>${Number(day.slice(8))}</span>
      <span class="mark" aria-hidden="true">${what?.titles.length ? html`<${Icon} name="leaf" size="16" />` : what && html`<i class="dot"></i>`}</span>
    </button>
  </td>`;
}

function told(app, day, what) {
  const named = { day: app.date(day, { dateStyle: "full" }), turns: what?.turns ?? 0, titles: what?.titles.join(", ") };
  return wordsOf(app)(!what ? "days.day-none" : what.titles.length ? "days.day-diary" : "days.day-said", named);
}
