/** The conversation: type or talk, and see what is said. */

import { html, useEffect, useLayoutEffect, useReducer, useRef, useState } from "../vendor/htm-preact.js";
import { Creature } from "../lib/creature.js";
import { Icon } from "../lib/icons.js";
import { Terminal } from "../audio/terminal.js";
import { TalkButton } from "../talk/button.js";
import { Composer } from "../talk/composer.js";
import { Exchange } from "../talk/words.js";
import { Face } from "../talk/face.js";
import { after, typed } from "../talk/course.js";

const COURSE = ["past", "heard", "spoken", "turn", "announced", "state"];
const TELLS = ["hello", "open", "close", "language", "state"];
const NEAR_END = 80; // pixels: who reads further up is not moved
const SOUND = "talk.sound";
const BUSY = ["listening", "thinking", "speaking"];

/** What goes on whether this view is shown or not: it is heard to its end while one looks at another. */
class Talk {
  exchanges = [];
  known = false;
  holder = { here: false, other: false };
  muted = false;
  fault = "";
  aloud = localStorage.getItem(SOUND) !== "off";
  changed = () => {};
  loud = () => {};

  constructor(app) {
    this.app = app;
    this.terminal = new Terminal(app, {
      changed: () => this.changed(),
      failed: (reason) => this.fail(app.t(`console.talk.microphone.${reason}`)),
      loud: (loudness) => this.loud(loudness),
    });
    for (const type of COURSE) app.on(type, (message) => this.#told(message));
    for (const type of TELLS) app.on(type, () => this.changed());
    app.on("hello", ({ muted }) => this.#hello(muted));
    app.on("state", ({ muted }) => (this.muted = muted));
    app.on("holder", (holder) => this.#set({ holder }));
    app.on("refused", ({ why }) => this.fail(why));
    app.on("waiting", ({ why }) => this.fail(why));
    if (app.connected) this.#hello(app.companion.state === "muted");
  }

  say(text) {
    const sent = this.app.send({ type: "say", text, aloud: this.aloud });
    if (!sent) return false;
    if (this.aloud) this.terminal.wake();
    this.fault = "";
    this.exchanges = typed(this.exchanges, text, undefined);
    this.changed();
    return true;
  }

  sound(aloud) {
    localStorage.setItem(SOUND, aloud ? "on" : "off");
    this.#set({ aloud });
  }

  fail(fault) {
    this.#set({ fault });
    this.app.announce(fault);
  }

  clear() {
    this.#set({ fault: "" });
  }

  #hello(muted) {
    this.muted = muted;
    this.app.send({ type: "past" });
  }

  #told(message) {
    if (message.type === "past") this.known = true;
    this.exchanges = after(this.exchanges, message);
    this.changed();
  }

  #set(what) {
    Object.assign(this, what);
    this.changed();
  }
}

const talks = new WeakMap();

function talkOf(app) {
  if (!talks.has(app)) talks.set(app, new Talk(app));
  return talks.get(app);
}

function View({ app }) {
  const talk = talkOf(app);
  const [, changed] = useReducer((count) => count + 1, 0);
  const ring = useRef();
  useEffect(() => {
    talk.changed = changed;
    talk.loud = (loudness) => ring.current?.style.setProperty("--loud", heightOf(loudness));
    changed(); // of what was told since this was drawn
    return () => {
      talk.changed = talk.loud = () => {};
      talk.terminal.close(); // nobody is listened to who looks elsewhere
    };
  }, []);
  return html`<div class="talk">
    <h1 class="unseen">${app.t("console.talk.title")}</h1>
    <${Conversation} app=${app} talk=${talk} />
    <${Face} app=${app} />
    <section class="speak card" aria-label=${app.t("console.talk.message")}>
      <${Said} app=${app} talk=${talk} />
      <${Composer} app=${app} send=${(text) => talk.say(text)} />
      <${Controls} app=${app} talk=${talk} ring=${ring} />
    </section>
  </div>`;
}

function Conversation({ app, talk }) {
  const { exchanges } = talk;
  const list = useFollowed(exchanges);
  const none = talk.known && exchanges.length === 0;
  return html`<section class="conversation" aria-label=${app.t("console.talk.conversation")}>
    ${none && html`<div class="empty"><${Creature} state=${app.companion.state} /><p>${app.t("console.talk.empty")}</p></div>`}
    <div class="lines" role="log" aria-live="polite" aria-busy=${!talk.known} tabindex="0" ref=${list} hidden=${none}
      aria-label=${app.t("console.talk.conversation")}>
      <ol>${exchanges.map((exchange) => html`<${Exchange} key=${exchange.key} app=${app} exchange=${exchange} />`)}</ol>
    </div>
  </section>`;
}

/** What the person must know to go on. */
function Said({ app, talk }) {
  const text = talk.fault || (talk.muted && app.t("console.talk.muted")) || (talk.holder.other && app.t("console.talk.other"));
  return html`<div class="said" role="status">${text && html`<p class=${talk.fault ? "error" : "hint"}>${text}</p>`}</div>`;
}

function Controls({ app, talk, ring }) {
  const { terminal } = talk;
  const { t } = app;
  const busy = BUSY.includes(app.companion.state);
  const open = terminal.use === "open";
  const turnOpen = () => {
    talk.clear();
    if (open) terminal.close();
    else terminal.open();
  };
  return html`<div class="controls">
    <div class="row side">
      <${Toggle} name="microphone" on=${open} turn=${turnOpen} disabled=${!app.connected || talk.muted}
        text=${t.call(app, "console.talk.open_microphone")} hint=${t.call(app, "console.talk.open_microphone_hint")} />
      <${Toggle} name=${talk.aloud ? "sound" : "silent"} on=${talk.aloud} turn=${() => talk.sound(!talk.aloud)}
        text=${t.call(app, "console.talk.sound_here")} hint=${t.call(app, "console.talk.sound_here_hint")} />
    </div>
    <${TalkButton} app=${app} terminal=${terminal} ring=${ring} />
    <div class="row side end">
      <button type="button" class="button" disabled=${!busy} onClick=${() => app.send({ type: "stop" })}><${Icon} name="stop" /><span>${t.call(app, "console.talk.stop")}</span></button>
      <${Toggle} name="muted" on=${talk.muted} turn=${() => app.send({ type: "mute", on: !talk.muted })}
        disabled=${!app.connected} text=${t.call(app, talk.muted ? "console.talk.unmute" : "console.talk.mute")} />
    </div>
    <p class="hint" id="hold-hint">${t.call(app, "console.talk.hold_hint")}</p>
  </div>`;
}

function Toggle({ name, on, turn, text, hint, disabled = false }) {
  return html`<button type="button" class="button" aria-pressed=${on} title=${hint} disabled=${disabled} onClick=${turn}>
    <${Icon} name=${name} /><span>${text}</span></button>`;
}

/** Who is at the end of the list stays there while it grows. */
function useFollowed(exchanges) {
  const list = useRef();
  const atEnd = useRef(true);
  useEffect(() => {
    const element = list.current;
    const look = () => (atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END);
    element.addEventListener("scroll", look, { passive: true });
    return () => element.removeEventListener("scroll", look);
  }, []);
  useLayoutEffect(() => {
    if (atEnd.current) list.current.scrollTop = list.current.scrollHeight;
  }, [exchanges]);
  return list;
}

/** Loudness as it is felt, 0 to 1. */
function heightOf(loudness) {
  return Math.max(0, Math.min(1, 1 + Math.log10(Math.max(loudness, 1e-6)) / 2.2)).toFixed(2);
}

export default { name: "talk", View };
