/** Keep: the whole of it carried away, brought in, or wiped. */

import { html, useState } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";
import { told } from "./diary.js";
import { dayOf, wordsOf } from "./source.js";

const LEAST = 8; // as the daemon wants it
const UNITS = ["kilobyte", "megabyte", "gigabyte"];

export function Keep({ app, source, about, onChanged }) {
  const { name } = about.lives.find((each) => each.life === source.life) ?? about.lives[0];
  return html`<div class="stack">
    <${Figures} app=${app} about=${about} />
    <div class="grid wide">
      <${Export} app=${app} source=${source} />
      <${Import} app=${app} source=${source} name=${name} onChanged=${onChanged} />
      <${Wipe} app=${app} source=${source} name=${name} onChanged=${onChanged} />
    </div>
  </div>`;
}

function Figures({ app, about }) {
  const m = wordsOf(app);
  const { stats } = about;
  const figures = [
    ["began", stats.began ? app.date(dayOf(stats.began)) : "–"],
    ...["turns", "conversations", "diaries"].map((each) => [each, app.number(stats[each])]),
    ["size", size(app, stats.bytes)],
  ];
  return html`<section class="card" aria-labelledby="figures"><h2 id="figures">${m("keep.figures")}</h2>
    <dl class="figures">${figures.map(([key, value]) => html`<div key=${key}><dt>${m(`keep.${key}`)}</dt><dd>${value}</dd></div>`)}</dl>
  </section>`;
}

function size(app, bytes) {
  const power = Math.min(UNITS.length, Math.max(1, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return app.number(bytes / 1000 ** power, { style: "unit", unit: UNITS[power - 1], maximumFractionDigits: 1 });
}

function Export({ app, source }) {
  const m = wordsOf(app);
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState(false);
  const save = async (event) => {
    event.preventDefault();
    const form = event.target;
    const [first, again] = ["passphrase", "again"].map((name) => form.elements[name].value);
    setFailed(first === again ? "" : m("keep.passphrase-differs"));
    if (first !== again) return;
    setBusy(true);
    await told(app, async () => {
      await app.download(source.address("/export"), { passphrase: first });
      form.reset();
      app.notify(m("keep.exported"), "good");
    });
    setBusy(false);
  };
  return html`<section class="card stack" aria-labelledby="export"><h2 id="export">${m("keep.export")}</h2>
    <p>${m("keep.export-text")}</p>
    <form class="stack" onSubmit=${save}>
      <div class="field"><label for="export-passphrase">${m("keep.passphrase")}</label>
        <input id="export-passphrase" name="passphrase" type="password" autocomplete="new-password" required minlength=${LEAST} aria-describedby="export-hint" />
        <p class="hint" id="export-hint">${m("keep.passphrase-hint")}</p></div>
      <div class="field"><label for="export-again">${m("keep.passphrase-again")}</label>
        <input id="export-again" name="again" type="password" autocomplete="new-password" required aria-invalid=${failed ? "true" : undefined} aria-describedby="export-error" />
        <p class="error" id="export-error" role="alert">${failed}</p></div>
      <div class="row"><button class="button primary" disabled=${busy}><${Icon} name="download" />${m("keep.export-go")}</button></div>
    </form>
    <hr />
    <h3>${m("keep.plain")}</h3>
    <p>${m("keep.plain-text")}</p>
    <div class="row"><button class="button small" onClick=${() => told(app, () => app.download(source.address("/memorybank")))}><${Icon} name="download" size="18" />${m("keep.plain-go")}</button></div>
  </section>`;
}

function Import({ app, source, name, onChanged }) {
  const m = wordsOf(app);
  const [arrived, setArrived] = useState(null);
  const [done, setDone] = useState(null);
  const look = (event) => {
    event.preventDefault();
    setDone(null);
    return told(app, async () => setArrived(await source.send("POST", "/import", event.target.elements.file.files[0])));
  };
  const take = async (event) => {
    event.preventDefault();
    const opening = Object.fromEntries(new FormData(event.target));
    const life = arrived.kind === "life";
    const question = { title: m("keep.import-title"), text: m("keep.import-text-sure", { name }), yes: m("keep.import-replace"), danger: true };
    if (life && !(await app.confirm(question))) return;
    await told(app, async () => {
      setDone(await source.send("POST", `/import/${arrived.code}`, opening));
      setArrived(null);
      onChanged();
    });
  };
  return html`<section class="card stack" aria-labelledby="import"><h2 id="import">${m("keep.import")}</h2>
    <p>${m("keep.import-text")}</p>
    <form class="stack" onSubmit=${look}>
      <div class="field"><label for="import-file">${m("keep.import-file")}</label><input id="import-file" name="file" type="file" required onChange=${() => setArrived(null)} /></div>
      ${!arrived && html`<div class="row"><button class="button"><${Icon} name="upload" />${m("keep.import-look")}</button></div>`}
    </form>
    ${arrived && html`<${Arrived} ...${{ app, arrived, name, take, onCancel: () => setArrived(null) }} />`}
    <div role="status" class="stack">${done && html`<${Done} app=${app} done=${done} />`}</div>
  </section>`;
}

function Arrived({ app, arrived, name, take, onCancel }) {
  const m = wordsOf(app);
  const life = arrived.kind === "life";
  return html`<form class="stack" onSubmit=${take}>
    <p>${life ? m("keep.import-life", { name }) : m("keep.import-foreign")}</p>
    ${arrived.encrypted && html`<div class="field"><label for="import-passphrase">${m("keep.passphrase")}</label>
      <input id="import-passphrase" name="passphrase" type="password" autocomplete="current-password" required /></div>`}
    ${arrived.users.length > 0 && html`<div class="field"><label for="import-user">${m("keep.import-user")}</label>
      <select id="import-user" name="user">${arrived.users.map((each) => html`<option key=${each}>${each}</option>`)}</select></div>`}
    <div class="row"><button type="button" class="button" onClick=${onCancel}>${app.t("console.common.cancel")}</button>
      <button class="button ${life ? "danger" : "primary"}">${m(life ? "keep.import-replace" : "keep.import-add")}</button></div>
  </form>`;
}

function Done({ app, done }) {
  const m = wordsOf(app);
  const names = done.names?.filter(Boolean) ?? [];
  if ("turns" in done) {
    return html`<p>${m("keep.added", { turns: app.number(done.turns), talks: app.number(done.talks) })}</p>
      ${names.length > 0 && html`<p class="hint">${m("keep.names", { names: names.join(", ") })}</p>`}`;
  }
  return html`<p>${m("keep.imported")}</p><p class="hint">${m("keep.imported-aside", { file: done.aside })}</p>
    ${done.settings && html`<p class="hint">${m("keep.imported-settings")} <code>digital-life import FILE</code></p>`}`;
}

function Wipe({ app, source, name, onChanged }) {
  const m = wordsOf(app);
  const wipe = (event) => {
    event.preventDefault();
    const form = event.target;
    const written = form.elements.name.value;
    return told(app, async () => {
      const { code } = await source.send("POST", "/wipe", { name: written });
      const question = { title: m("keep.wipe-title", { name }), text: m("keep.wipe-sure"), yes: m("keep.wipe-yes"), danger: true };
      if (!(await app.confirm(question))) return;
      await source.send("POST", "/wipe", { name: written, code });
      form.reset();
      app.notify(m("keep.wiped"), "good");
      onChanged();
    });
  };
  return html`<section class="card stack" aria-labelledby="wipe"><h2 id="wipe">${m("keep.wipe")}</h2>
    <p>${m("keep.wipe-text", { name })}</p>
    <form class="stack" onSubmit=${wipe}>
      <div class="field"><label for="wipe-name">${m("keep.wipe-name", { name })}</label><input id="wipe-name" name="name" autocomplete="off" required /></div>
      <div class="row"><button class="button danger">${m("keep.wipe-go")}</button></div>
    </form>
  </section>`;
}
