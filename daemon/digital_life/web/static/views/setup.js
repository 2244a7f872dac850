/** The first steps: language, names, voice, microphone, wake word. What is done by talking is done here too. */

import { html, useEffect, useRef, useState } from "../vendor/htm-preact.js";
import { Creature } from "../lib/creature.js";
import { Icon } from "../lib/icons.js";
import { LanguageStep } from "./setup/language.js";
import { MicrophoneStep } from "./setup/microphone.js";
import { NamesStep } from "./setup/names.js";
import { VoiceStep } from "./setup/voice.js";
import { WakeStep } from "./setup/wake.js";

const STEPS = [
  { name: "language", View: LanguageStep, topics: ["language"], icon: "language" },
  { name: "names", View: NamesStep, topics: ["user", "name"], icon: "edit" },
  { name: "voice", View: VoiceStep, topics: ["voice"], icon: "sound" },
  { name: "microphone", View: MicrophoneStep, topics: [], icon: "microphone" },
  { name: "wake", View: WakeStep, topics: ["wake"], icon: "talk" },
];
const LOOK_MS = 1_500; // how soon the page shows what was said aloud
const WAKE_LOOK_MS = 500; // who has just said the wake word waits for it

function Setup({ app }) {
  const t = (key, values) => app.t(`console.setup.${key}`, values);
  const [at, go] = useState(stepOf(app.parameters.step));
  const { state, error, look, take } = useSetup(app, at === STEPS.length - 1 ? WAKE_LOOK_MS : LOOK_MS);
  const heading = useHeading(at);
  if (!state) return html`<${Waiting} error=${error} again=${look} app=${app} />`;
  const step = STEPS[at];
  const onward = () => go(at + 1);
  return html`<div class="setup">
    <${Welcome} app=${app} t=${t} state=${state} ready=${!step} />
    ${step
      ? html`<${Progress} t=${t} state=${state} at=${at} go=${go} />
          <section class="card stack setup-step" aria-labelledby="setup-title" key=${step.name}>
            <${step.View} app=${app} t=${t} state=${state} take=${take} heading=${heading} onward=${onward} />
            ${asks(step, state) && html`<p class="hint setup-asks" role="status"><${Icon} name="speaking" size="18" /> ${t("asks", { name: state.name })}</p>`}
            <${Moves} app=${app} t=${t} step=${step} at=${at} go=${go} done=${isDone(step, state)} take=${take} />
          </section>
          <p class="hint setup-aloud">${t("aloud", { name: state.name })}</p>`
      : html`<${Ready} app=${app} t=${t} state=${state} heading=${heading} again=${() => go(0)} take=${take} />`}
  </div>`;
}

function Welcome({ app, t, state, ready }) {
  return html`<header class="setup-welcome">
    <${Creature} state=${ready ? "speaking" : app.companion.state} />
    <div>
      <h1>${t("hello", { name: state.name })}</h1>
      ${!ready && html`<p>${t("intro")}</p>`}
    </div>
  </header>`;
}

function Progress({ t, state, at, go }) {
  return html`<nav class="setup-progress" aria-label=${t("steps")}>
    <p class="hint" aria-live="polite">${t("progress", { n: at + 1, all: STEPS.length, step: t(`${STEPS[at].name}.name`) })}</p>
    <ol>
      ${STEPS.map(
        (step, n) => html`<li key=${step.name}>
          <button type="button" class="button quiet" aria-current=${n === at ? "step" : undefined} onClick=${() => go(n)}>
            <${Icon} name=${isDone(step, state) ? "check" : step.icon} size="20" />
            <span>${t(`${step.name}.name`)}</span>
            ${isDone(step, state) && html`<span class="unseen">(${t("done")})</span>`}
          </button>
        </li>`,
      )}
    </ol>
  </nav>`;
}

/** Back, and on: the step's own form sends what was chosen; here one can always pass. */
function Moves({ app, t, step, at, go, done, take }) {
  const pass = () => {
    for (const topic of step.topics) take("POST", "/api/setup/done", { step: topic }).catch(() => {});
    go(at + 1);
  };
  const leave = () => take("POST", "/api/setup/over").then(() => app.go("talk"), (error) => app.notify(error.message, "bad"));
  return html`<div class="row between setup-moves">
    <button type="button" class="button quiet" onClick=${() => go(at - 1)} disabled=${at === 0}><${Icon} name="left" /> ${t("back")}</button>
    <div class="row">
      <button type="button" class="button quiet" onClick=${leave}>${t("leave")}</button>
      <button type="button" class="button" onClick=${done ? () => go(at + 1) : pass}>${t(done ? "next" : "skip")} <${Icon} name="right" /></button>
    </div>
  </div>`;
}

function Ready({ app, t, state, heading, again, take }) {
  useEffect(() => {
    take("POST", "/api/setup/over").catch((error) => app.notify(error.message, "bad"));
  }, []);
  const phrase = state.wake[0]?.written ?? "";
  return html`<section class="card stack setup-step" aria-labelledby="setup-title">
    <h2 id="setup-title" tabindex="-1" ref=${heading}>${state.user ? t("ready.title", { user: state.user }) : t("ready.title-nobody")}</h2>
    <p>${t("ready.text", { phrase })}</p>
    <p>${t("ready.keeps")}</p>
    <div class="row between setup-moves">
      <button type="button" class="button quiet" onClick=${again}><${Icon} name="refresh" /> ${t("ready.again")}</button>
      <button type="button" class="button primary" onClick=${() => app.go("talk")}>${t("finish")} <${Icon} name="right" /></button>
    </div>
  </section>`;
}

function Waiting({ app, error, again }) {
  if (!error) return html`<div class="stack" aria-busy="true"><div class="skeleton title"></div><div class="skeleton"></div></div>`;
  return html`<div class="empty" role="alert">
    <${Creature} state="deaf" />
    <p>${error}</p>
    <button type="button" class="button primary" onClick=${again}>${app.t("console.common.retry")}</button>
  </div>`;
}

/** What is set up, looked at again while it is seen; `take` sends something and shows what came of it. */
function useSetup(app, every) {
  const [state, show] = useState(null);
  const [error, fail] = useState("");
  const look = () => take("GET", "/api/setup").catch((reason) => fail(reason.message));
  const take = async (method, path, body) => {
    const answer = await app.api(method, path, body);
    show(answer);
    fail("");
  };
  useEffect(() => {
    look();
    const timer = setInterval(() => document.visibilityState === "visible" && look(), every);
    const unheard = app.on("open", look);
    return () => {
      clearInterval(timer);
      unheard();
    };
  }, [every]);
  return { state, error, look, take };
}

/** The heading takes the focus when another step is shown, so that it is read. */
function useHeading(at) {
  const heading = useRef();
  const before = useRef(at);
  useEffect(() => {
    if (before.current !== at) heading.current?.focus();
    before.current = at;
  }, [at]);
  return heading;
}

function stepOf(name) {
  return Math.max(0, STEPS.findIndex((each) => each.name === name));
}

function isDone(step, state) {
  return step.topics.length > 0 && step.topics.every((each) => state.done.includes(each));
}

function asks(step, state) {
  return step.topics.includes(state.asks);
}

export default { name: "setup", View: Setup };
