/** What it is doing, how loud the room is, and the knobs. */

import { html } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";
import { Card } from "./card.js";
import { lasting, megabytes, percent } from "./figures.js";
import { attempt, useLive } from "./live.js";
import { LevelMeter } from "./meter.js";
import { Slider } from "./slider.js";

const BASE = "/api/now";

export function Doing({ app, t, senses }) {
  const live = useLive(app, BASE, { on: ["state"] });
  return html`<${Card} name="doing" icon="now" title=${t("now")} live=${live} t=${t} class="doing">
    ${live.data && html`<${Whole} app=${app} t=${t} senses=${senses} live=${live} />`}
  <//>`;
}

function Whole({ app, t, senses, live }) {
  const { data } = live;
  const state = app.connected ? data.state : "away";
  return html`<p class="state-line" data-state=${state}><${Icon} name=${state} size="26" /><span>${t(`doing-${state}`)}</span></p>
    <${LevelMeter} t=${t} app=${app} senses=${senses} muted=${data.muted} />
    <${Knobs} app=${app} t=${t} live=${live} />
    <${Costs} app=${app} t=${t} data=${data} />`;
}

function Knobs({ app, t, live }) {
  const { data, put } = live;
  const set = (what, body, said) =>
    attempt(app, async () => {
      put(await app.api("POST", `${BASE}/${what}`, body));
      app.announce(said);
    });
  const act = (what, said) =>
    attempt(app, async () => {
      await app.api("POST", `${BASE}/${what}`);
      app.notify(said, "good");
    });
  const mute = () => set("mute", { on: !data.muted }, t(data.muted ? "unmuted-done" : "muted-done"));
  return html`<div class="row">
      <button class="button" aria-pressed=${String(data.muted)} onClick=${mute}><${Icon} name=${data.muted ? "muted" : "microphone"} />${t("mute")}</button>
      <button class="button" onClick=${() => act("stop", t("stop-done"))}><${Icon} name="stop" />${t("stop")}</button>
      <button class="button" onClick=${() => act("diary", t("diary-done"))}><${Icon} name="book" />${t("diary")}</button>
    </div>
    <${Slider} id="now-volume" label=${t("volume")} low=${0} high=${100} step=${5} value=${data.volume}
      shown=${(n) => percent(n / 100, app)} set=${(n) => set("volume", { percent: n }, t("volume-done", { n: app.number(n) }))} />
    ${data.personas.length > 1 && html`<${Persona} t=${t} data=${data} set=${set} />`}`;
}

function Persona({ t, data, set }) {
  const change = ({ currentTarget }) => {
    const name = currentTarget.value;
    set("persona", { name }, t("persona-done", { name }));
  };
  return html`<div class="field">
    <label for="now-persona">${t("persona")}</label>
    <select id="now-persona" value=${data.persona} onChange=${change}>
      ${data.personas.map((name) => html`<option key=${name} value=${name}>${name}</option>`)}
    </select>
  </div>`;
}

function Costs({ app, t, data }) {
  const { broker } = data;
  const home = broker ? t(broker.connected ? "broker-on" : "broker-off", broker) : t("broker-none");
  return html`<dl class="facts">
    <${Fact} name=${t("uptime")}>${lasting(data.uptime_s, t)}<//>
    <${Fact} name=${t("processor")}>${percent(data.processor, app)}<//>
    <${Fact} name=${t("memory")}>${megabytes(data.memory_mb, app, t)}<//>
    <${Fact} name=${t("version")}>${data.version}<//>
    <${Fact} name=${t("broker")} wide=${true}>${home}<//>
  </dl>`;
}

function Fact({ name, wide, children }) {
  return html`<div class=${wide ? "wide" : ""}><dt>${name}</dt><dd>${children}</dd></div>`;
}
