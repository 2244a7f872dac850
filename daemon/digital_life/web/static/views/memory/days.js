/** Days: a calendar, the diaries of a day, and what was said then. */

import { html, useEffect, useRef, useState } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";
import { Calendar } from "./calendar.js";
import { monthOf } from "./dates.js";
import { Diary } from "./diary.js";
import { Forget } from "./forget.js";
import { Loaded } from "./loaded.js";
import { dayOf, useLoaded, wordsOf } from "./source.js";
import { Turns } from "./turns.js";

const NARROW = "(max-width: 64rem)"; // as in memory.css
const A_DAY = /^\d{4}-\d{2}-\d{2}$/;

export function Days({ app, source, about, onChanged }) {
  const today = dayOf(about.today);
  const named = app.parameters.day;
  const shown = A_DAY.test(named ?? "") ? named : today;
  const [moved, setMoved] = useState(null); // where the keys went since that day was opened
  const at = moved?.since === shown ? moved.day : shown;
  const month = monthOf(at);
  const loaded = useLoaded(() => source.get(`/months/${month}`), [source, month]);
  return html`<div class="days">
    <${Calendar} app=${app} at=${at} shown=${shown} today=${today} what=${contents(loaded.value)}
        onMove=${(day) => setMoved({ since: shown, day })} onShow=${(day) => app.go("memory", { tab: "days", day })} />
    <${Day} key=${shown} app=${app} source=${source} day=${shown} onChanged=${onChanged} />
  </div>`;
}

function contents(month) {
  const what = {};
  for (const { day, turns, diaries } of month?.days ?? []) if (turns || diaries) what[day] = { turns, titles: [] };
  for (const { day, title } of month?.diaries ?? []) what[day]?.titles.push(title);
  return what;
}

function Day({ app, source, day, onChanged }) {
  const m = wordsOf(app);
  const loaded = useLoaded(() => source.get(`/days/${day}`), [source, day]);
  const [forgetting, setForgetting] = useState(null);
  const section = useRef();
  useEffect(() => {
    // Below the calendar on a narrow page, an opened day would not be seen.
    if (app.parameters.day === day && matchMedia(NARROW).matches) section.current.scrollIntoView({ block: "start" });
  }, [day]);
  const more = async () => {
    const { turns, diaries } = loaded.value;
    const next = await source.get(`/days/${day}`, { after: turns.at(-1).id });
    loaded.set({ diaries, turns: [...turns, ...next.turns], more: next.more });
  };
  return html`<section class="stack" ref=${section} aria-label=${app.date(day, { dateStyle: "full" })}>
    <h2>${app.date(day, { dateStyle: "full" })}</h2>
    <${Loaded} app=${app} loaded=${loaded}>${({ diaries, turns, more: longer }) => html`
      ${!diaries.length && html`<p class="muted">${m(turns.length ? "days.no-diary" : "days.nothing")}</p>`}
      ${diaries.map((each) => html`<${Diary} key=${each.number} app=${app} source=${source} diary=${each} onChanged=${onChanged} />`)}
      ${turns.length > 0 && html`<${Said} ...${{ app, turns, longer, more, onForget: setForgetting, day }} />`}
    `}<//>
    ${forgetting && html`<${Forget} app=${app} source=${source} meant=${forgetting} onClose=${() => setForgetting(null)} onForgotten=${onChanged} />`}
  </section>`;
}

function Said({ app, turns, longer, more, onForget, day }) {
  const m = wordsOf(app);
  const [chosen, setChosen] = useState(() => new Set());
  const choose = (number) => {
    const next = new Set(chosen);
    if (!next.delete(number)) next.add(number);
    setChosen(next);
  };
  const beside = (turn) => html`<a class="button quiet small icon-only" aria-label=${`${m("days.curve")}: ${turn.heard || turn.said}`} title=${m("days.curve")}
      href="#/memory?tab=time&kind=turn&number=${turn.id}"><${Icon} name="leaf" size="18" /></a>`;
  return html`<section class="card stack" aria-labelledby="said">
    <h3 id="said">${m("days.said")}</h3>
    <${Turns} app=${app} turns=${turns} chosen=${chosen} onChoose=${choose} more=${beside} />
    ${longer && html`<button class="button" onClick=${more}>${m("days.said-more")}</button>`}
    <div class="row">
      ${chosen.size > 0 && html`<button class="button danger small" onClick=${() => onForget({ turns: [...chosen] })}>${m("days.forget-chosen", { n: chosen.size })}</button>`}
      <button class="button quiet small" onClick=${() => onForget({ first: day, last: day })}><${Icon} name="delete" size="18" />${m("days.forget-day")}</button>
    </div>
  </section>`;
}
