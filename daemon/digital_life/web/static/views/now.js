/** What it is doing just now, how that goes, and what can be changed about it. */

import { html } from "../vendor/htm-preact.js";
import { Agenda } from "./now/agenda.js";
import { Doing } from "./now/doing.js";
import { Home } from "./now/home.js";
import { Lists } from "./now/lists.js";
import { useLive } from "./now/live.js";
import { Models } from "./now/models.js";
import { RoomList } from "./now/roomlist.js";
import { useSenses } from "./now/senses.js";
import { Turns } from "./now/turns.js";
import { Wake } from "./now/wake.js";

function View({ app }) {
  const senses = useSenses();
  const t = (key, values) => app.t(`console.now.${key}`, values);
  const agenda = useLive(app, "/api/now/agenda", { on: ["state"] });
  return html`<div class="now">
    <h1>${t("title")}</h1>
    <${Doing} app=${app} t=${t} senses=${senses} />
    <div class="stack">
      <${Agenda} app=${app} t=${t} live=${agenda} />
      <${Lists} app=${app} t=${t} live=${agenda} />
    </div>
    <${Home} app=${app} t=${t} />
    <${RoomList} app=${app} t=${t} />
    <${Turns} app=${app} t=${t} />
    <${Wake} app=${app} t=${t} senses=${senses} />
    <${Models} app=${app} t=${t} />
  </div>`;
}

export default { name: "now", View };
