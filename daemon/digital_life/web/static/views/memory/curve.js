/** How one memory fades: what was left until now, and what will be. */

import { html } from "../../vendor/htm-preact.js";
import { Loaded } from "./loaded.js";
import { clockOf, dayOf, useLoaded, wordsOf } from "./source.js";

const WIDE = 720;
const HIGH = 200;
const LEFT = 62;
const TOP = 14;
const FOOT = 36;
const LINES = [0, 0.5, 1];

export function Curve({ app, source, kind, number }) {
  const loaded = useLoaded(() => source.get(`/traces/${kind}/${number}`), [source, kind, number]);
  return html`<${Loaded} app=${app} loaded=${loaded}>${(trace) => html`<${Drawn} app=${app} trace=${trace} />`}<//>`;
}

function Drawn({ app, trace }) {
  const m = wordsOf(app);
  const percent = (left) => app.number(left, { style: "percent" });
  const when = (moment) => app.date(clockOf(moment), { dateStyle: "medium" });
  const end = trace.points.at(-1);
  const told = {
    made: when(trace.made), left: percent(trace.left), n: app.number(trace.recalls.length),
    days: app.number(trace.strength, { style: "unit", unit: "day", unitDisplay: "long", maximumFractionDigits: 0 }), last: when(end.at), end: percent(end.left),
  };
  return html`
    <blockquote class="quoted">${trace.text.split("\n").map((line) => html`<p>${line}</p>`)}
      <p><a href="#/memory?tab=days&day=${dayOf(trace.made)}">${when(trace.made)}</a></p></blockquote>
    <p>${m("time.curve-now", told)}</p>
    <${Drawing} app=${app} trace=${trace} desc=${m("time.curve-desc", told)} ...${{ percent, when }} />
    <details><summary>${m("time.table")}</summary><div class="scroll"><table class="table">
      <thead><tr><th scope="col">${m("time.when")}</th><th scope="col">${m("time.what")}</th><th scope="col" class="number">${m("time.left")}</th></tr></thead>
      <tbody>${rows(m, trace).map(([moment, what, left]) => html`<tr><th scope="row">${app.time(clockOf(moment), { dateStyle: "medium", timeStyle: "short" })}</th>
        <td>${what}</td><td class="number">${percent(left)}</td></tr>`)}</tbody>
    </table></div></details>`;
}

function rows(m, { made, recalls, now, left, points }) {
  const end = points.at(-1);
  return [[made, m("time.curve-made"), 1], ...recalls.map((each) => [each, m("time.curve-recall"), 1]), [now, m("today"), left], [end.at, m("time.curve-future"), end.left]];
}

function Drawing({ app, trace, desc, percent, when }) {
  const m = wordsOf(app);
  const first = Date.parse(trace.made);
  const span = Math.max(1, Date.parse(trace.points.at(-1).at) - first);
  const x = (moment) => LEFT + ((Date.parse(moment) - first) / span) * (WIDE - LEFT - 10);
  const y = (left) => TOP + (1 - left) * HIGH;
  const now = { at: trace.now, left: trace.left };
  const before = trace.points.filter((each) => Date.parse(each.at) <= Date.parse(now.at));
  const ahead = trace.points.filter((each) => Date.parse(each.at) > Date.parse(now.at));
  const line = (points) => points.map(({ at, left }, n) => `${n ? "L" : "M"}${x(at).toFixed(1)} ${y(left).toFixed(1)}`).join("");
  const bottom = TOP + HIGH;
  return html`<svg class="drawing" viewBox="0 0 ${WIDE} ${bottom + FOOT}" role="img" aria-labelledby="curve-label curve-desc">
    <title id="curve-label">${m("time.curve-title")}</title><desc id="curve-desc">${desc}</desc>
    ${LINES.map((each) => html`<path class="ground" d="M${LEFT} ${y(each)}H${WIDE - 10}" /><text x=${LEFT - 8} y=${y(each) + 4} text-anchor="end">${percent(each)}</text>`)}
    <path class="under" d="${line([...before, now])}V${bottom}H${LEFT}Z" />
    <path class="faded" d=${line([...before, now])} />
    <path class="fading" d=${line([now, ...ahead])} />
    <path class="now" d="M${x(now.at)} ${TOP}V${bottom}" />
    ${trace.recalls.map((each) => html`<circle class="recalled" cx=${x(each)} cy=${y(1)} r="5" />`)}
    <circle class="here" cx=${x(now.at)} cy=${y(now.left)} r="5" />
    <text x=${LEFT} y=${bottom + 27}>${when(trace.made)}</text>
    <text x=${x(now.at)} y=${bottom + 27} text-anchor="middle" class="strong">${x(now.at) > LEFT + 150 && x(now.at) < WIDE - 170 ? m("today") : ""}</text>
    <text x=${WIDE - 10} y=${bottom + 27} text-anchor="end">${when(trace.points.at(-1).at)}</text>
  </svg>`;
}
