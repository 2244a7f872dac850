/** Time: how much was said when, and how one memory fades. */

import { html } from "../../vendor/htm-preact.js";
import { Curve } from "./curve.js";
import { from, monthOf, shifted, shiftedMonth } from "./dates.js";
import { Loaded } from "./loaded.js";
import { dayOf, useLoaded, wordsOf } from "./source.js";

const DAYS_MOST = 45; // a younger life is drawn by days
const COUNTS = ["turns", "diaries", "versions", "forgotten"];
const WIDE = 720;
const HIGH = 180;
const FOOT = 60;

export function Time({ app, source }) {
  const m = wordsOf(app);
  const loaded = useLoaded(() => source.get("/time"), [source]);
  const { kind, number } = app.parameters;
  return html`<div class="stack">
    <section class="card stack" aria-labelledby="time-title">
      <header><h2 id="time-title">${m("time.title")}</h2><p class="hint">${m("time.text")}</p></header>
      <${Loaded} app=${app} loaded=${loaded}>${(time) => (time.days.length ? html`<${Line} app=${app} time=${time} />` : null)}<//>
    </section>
    <section class="card stack" aria-labelledby="curve-title">
      <header><h2 id="curve-title">${m("time.curve-title")}</h2><p class="hint">${m("time.curve-text")} ${m("time.curve-none", { how: m("days.curve") })}</p></header>
      <${Loaded} app=${app} loaded=${loaded}>${({ latest }) => {
        const picked = number ? { kind, number } : latest;
        return picked && html`<${Curve} key=${`${picked.kind} ${picked.number}`} app=${app} source=${source} kind=${picked.kind} number=${picked.number} />`;
      }}<//>
    </section>
  </div>`;
}

function Line({ app, time }) {
  const m = wordsOf(app);
  const spans = gathered(time);
  const byDay = spans[0].name.length > 7;
  const total = (count) => spans.reduce((sum, each) => sum + each[count], 0);
  const named = (name) => (byDay ? app.date(name, { dateStyle: "medium" }) : app.date(`${name}-01`, { year: "numeric", month: "long" }));
  const desc = m("time.line-desc", {
    turns: app.number(total("turns")), diaries: app.number(total("diaries")), forgotten: app.number(time.forgotten),
    first: named(spans[0].name), last: named(spans.at(-1).name),
  });
  return html`
    <${Bars} app=${app} spans=${spans} label=${m("time.line-label")} desc=${desc} named=${named} />
    <p class="legend small-text muted" aria-hidden="true"><span><i class="key turns"></i> ${m("time.turns")}</span> <span><i class="key diaries"></i> ${m("time.diaries")}</span>
      <span><i class="key versions"></i> ${m("time.versions")}</span> <span><i class="key forgotten"></i> ${m("time.forgotten")}</span></p>
    <p class="small-text muted">${desc} ${time.forgotten > 0 && m("time.forgotten-note")}</p>
    <details><summary>${m("time.table")}</summary><div class="scroll" tabindex="0" role="region" aria-label=${m("time.line-label")}><table class="table">
      <thead><tr><th scope="col">${m(byDay ? "time.when" : "time.month")}</th>${COUNTS.map((count) => html`<th scope="col" class="number">${m(`time.${count}`)}</th>`)}</tr></thead>
      <tbody>${spans.filter((each) => COUNTS.some((count) => each[count])).map((each) => html`<tr key=${each.name}>
        <th scope="row"><a href="#/memory?tab=days&day=${byDay ? each.name : each.first}" aria-label=${m("time.open-month", { month: named(each.name) })}>${named(each.name)}</a></th>
        ${COUNTS.map((count) => html`<td class="number">${app.number(each[count])}</td>`)}
      </tr>`)}</tbody>
    </table></div></details>`;
}

/** The counts by day, or by month in a life that is older; also where there was nothing. */
function gathered({ days, today }) {
  const first = days[0].day;
  const last = [dayOf(today), days.at(-1).day].sort().at(-1);
  const byDay = from(first, last, (each) => shifted(each, 1)).length <= DAYS_MOST;
  const names = byDay
    ? from(first, last, (each) => shifted(each, 1))
    : from(monthOf(first), monthOf(last), (each) => monthOf(shiftedMonth(`${each}-01`, 1)));
  const spans = new Map(names.map((name) => [name, { name, first: "", turns: 0, diaries: 0, versions: 0, forgotten: 0 }]));
  for (const day of days) {
    const span = spans.get(byDay ? day.day : monthOf(day.day));
    span.first ||= day.day;
    for (const count of COUNTS) span[count] += day[count];
  }
  return [...spans.values()];
}

function Bars({ app, spans, label, desc, named }) {
  const most = Math.max(1, ...spans.map((each) => each.turns + each.forgotten));
  const step = WIDE / spans.length;
  const wide = Math.min(34, step * 0.72);
  const high = (count) => (count / most) * (HIGH - 14);
  return html`<svg class="drawing" viewBox="0 0 ${WIDE} ${HIGH + FOOT}" role="img" aria-labelledby="line-label line-desc">
    <title id="line-label">${label}</title><desc id="line-desc">${desc}</desc>
    <defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V6" class="hatch" /></pattern></defs>
    <path class="ground" d="M0 ${HIGH}H${WIDE}" />
    ${spans.map((each, at) => {
      const middle = (at + 0.5) * step;
      return html`<g key=${each.name}>
        <rect class="bar" x=${middle - wide / 2} y=${HIGH - high(each.turns)} width=${wide} height=${high(each.turns)} rx=${Math.min(5, wide / 3)} />
        ${each.forgotten > 0 && html`<rect class="bar-gone" x=${middle - wide / 2} y=${HIGH - high(each.turns + each.forgotten)} width=${wide} height=${high(each.forgotten)} rx="2" fill="url(#hatch)" />`}
        ${each.diaries > 0 && html`<path class="leaf" transform="translate(${middle} ${HIGH + 13}) scale(${Math.min(1, step / 16)})" d="M-6 5C-6-4 0-7 7-7 7 2 2 6-6 5z" />`}
        ${each.versions > 0 && html`<path class="turned" transform="translate(${middle} ${HIGH + 27}) scale(${Math.min(1, step / 12)})" d="M0-5 5 0 0 5-5 0z" />`}
      </g>`;
    })}
    <text x="2" y=${HIGH + FOOT - 3}>${named(spans[0].name)}</text>
    ${spans.length > 1 && html`<text x=${WIDE - 2} y=${HIGH + FOOT - 3} text-anchor="end">${named(spans.at(-1).name)}</text>`}
    <text x="2" y="12">${app.number(most)}</text>
  </svg>`;
}
