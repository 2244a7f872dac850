/** The memory: looked at, corrected, forgotten, carried and wiped. */

import { html, useEffect, useMemo, useRef, useState } from "../vendor/htm-preact.js";
import { Days } from "./memory/days.js";
import { Keep } from "./memory/keep.js";
import { Loaded } from "./memory/loaded.js";
import { Search } from "./memory/search.js";
import { Source, useLoaded, wordsOf } from "./memory/source.js";
import { Tabs } from "./memory/tabs.js";
import { Time } from "./memory/time.js";
import { Who } from "./memory/who.js";

const PARTS = { days: Days, search: Search, who: Who, time: Time, keep: Keep };
const WITHOUT_MEMORIES = ["who", "keep"];

function View({ app }) {
  const m = wordsOf(app);
  const [life, setLife] = useState("");
  const [version, setVersion] = useState(0);
  const changed = () => setVersion((each) => each + 1);
  const source = useMemo(() => new Source(app, life), [life, version, app.language]);
  const loaded = useLoaded(() => source.get(""), [source]);
  useReturn(app, changed);
  const shown = app.parameters.tab in PARTS ? app.parameters.tab : "days";
  return html`<div class="stack memory">
    <header class="row between">
      <div class="grow"><h1>${m("title")}</h1><p class="muted">${m("intro")}</p></div>
      ${loaded.value?.lives.length > 1 && html`<${Whose} app=${app} lives=${loaded.value.lives} life=${life} onChoose=${setLife} />`}
    </header>
    <${Tabs} label=${m("tabs.label")} shown=${shown} tabs=${Object.keys(PARTS).map((name) => [name, m(`tabs.${name}`)])}
        onShow=${(tab) => app.go("memory", { tab })} />
    <div role="tabpanel" id="panel-${shown}" aria-labelledby="tab-${shown}" key=${shown}>
      <${Loaded} app=${app} loaded=${loaded}>${(about) => part({ app, source, about, shown, changed })}<//>
    </div>
  </div>`;
}

function part({ app, source, about, shown, changed }) {
  if (!WITHOUT_MEMORIES.includes(shown) && !about.stats.turns && !about.stats.diaries) return html`<${Empty} app=${app} />`;
  return html`<${PARTS[shown]} ...${{ app, source, about, onChanged: changed }} />`;
}

function Empty({ app }) {
  const m = wordsOf(app);
  return html`<div class="empty">
    <h2>${m("empty.title")}</h2>
    <p>${m("empty.text")}</p>
    <a class="button primary" href="#/talk">${m("empty.talk")}</a>
  </div>`;
}

function Whose({ app, lives, life, onChoose }) {
  return html`<div class="field"><label for="whose">${wordsOf(app)("whose")}</label>
    <select id="whose" value=${life} onChange=${(event) => onChoose(event.target.value)}>
      ${lives.map((each) => html`<option key=${each.life} value=${each.life}>${each.name}</option>`)}
    </select></div>`;
}

/** What was missed while the daemon was away is fetched. */
function useReturn(app, changed) {
  const away = useRef(false);
  useEffect(() => {
    const gone = app.on("close", () => (away.current = true));
    const back = app.on("open", () => {
      if (away.current) changed();
      away.current = false;
    });
    return () => (gone(), back());
  }, [app]);
}

export default { name: "memory", View };
