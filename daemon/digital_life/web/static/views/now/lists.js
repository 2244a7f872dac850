/** The lists: seen, added to, taken off. */

import { html } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";
import { Card } from "./card.js";
import { attempt } from "./live.js";

const PATH = "/api/now/lists";

export function Lists({ app, t, live }) {
  return html`<${Card} name="lists" icon="list" title=${t("lists")} live=${live} t=${t}>
    ${live.data && html`<${Adding} app=${app} t=${t} live=${live} />
      ${live.data.lists.length ? live.data.lists.map((list) => html`<${List} key=${list.name} app=${app} t=${t} list=${list} live=${live} />`) : html`<p class="muted">${t("lists-none")}</p>`}`}
  <//>`;
}

function Adding({ app, t, live }) {
  const add = (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const said = new FormData(form);
    const what = said.get("what").trim();
    if (!what) return form.elements.what.focus();
    attempt(app, async () => {
      const answer = await app.api("POST", PATH, { action: "add", what, name: said.get("name").trim() });
      form.elements.what.value = "";
      form.elements.what.focus();
      app.announce(answer.said);
      await live.load();
    });
  };
  return html`<form class="list-form" onSubmit=${add}>
    <div class="field"><label for="now-what">${t("list-what")}</label><input id="now-what" name="what" maxlength="300" autocomplete="off" aria-describedby="now-what-hint" /></div>
    <div class="field"><label for="now-which">${t("list-which")}</label><input id="now-which" name="name" maxlength="100" autocomplete="off" list="now-lists-known" placeholder=${t("list-usual")} />
      <datalist id="now-lists-known">${live.data.lists.map((list) => html`<option key=${list.name} value=${list.name}>${list.title}</option>`)}</datalist></div>
    <button class="button" aria-label=${t("list-add")}><${Icon} name="add" />${t("add")}</button>
    <p class="hint" id="now-what-hint">${t("list-hint")}</p>
  </form>`;
}

function List({ app, t, list, live }) {
  const off = (what) =>
    attempt(app, async () => {
      await app.api("POST", PATH, { action: "remove", what, name: list.name });
      app.announce(t("taken-off", { what }));
      document.getElementById("now-what")?.focus();
      await live.load();
    });
  return html`<div class="stack tight">
    <h3>${list.title}</h3>
    <ul class="items">
      ${list.items.map((item) => html`<li key=${item}><span>${item}</span><button class="button quiet small icon-only" aria-label=${t("delete-of", { what: item })} onClick=${() => off(item)}><${Icon} name="close" size="16" /></button></li>`)}
    </ul>
  </div>`;
}
