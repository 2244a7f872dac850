/** What every view is given: the daemon, the words, and the person. */

import { Api, logIn } from "./api.js";
import { Bus } from "./bus.js";
import { Companion } from "./companion.js";
import { Question } from "./dialog.js";
import { announce } from "./live.js";
import { Router } from "./router.js";
import { Socket } from "./socket.js";
import { Toasts } from "./toast.js";
import { keepLanguage, loadWords } from "./words.js";

const BLINK_MS = 900; // the companion does not fall asleep over a shorter loss

export class App {
  #bus = new Bus();
  #words;
  #api;
  #socket;
  #router;
  #away = 0;
  #changed = () => {};

  constructor(words) {
    this.#words = words;
    const changed = () => this.#changed();
    this.#api = new Api((key) => this.t(key));
    this.#router = new Router(changed);
    this.toasts = new Toasts(changed);
    this.question = new Question(changed);
    this.companion = new Companion();
    this.#socket = new Socket(`${location.origin.replace(/^http/, "ws")}/socket`, {
      heard: (message) => this.#heard(message),
      sounded: (sound) => this.#bus.tell("sound", sound),
      changed: (stands) => this.#stands(stands),
      refused: () => this.#refused(),
    });
  }

  /** From now on the daemon is heard, and `changed` called whenever the shell looks different. */
  start(changed) {
    this.#changed = changed;
    this.#socket.retry();
  }

  /** The answer's JSON. Throws an Error whose message is the sentence to show, with `status`. */
  api(method, path, body) {
    return this.#api.ask(method, path, body);
  }

  /** Keeps what is there as a file; sent by POST when there is a body. Throws as `api` does. */
  download(path, body) {
    return this.#api.download(path, body);
  }

  t(key, values) {
    return this.#words.text(key, values);
  }

  /** "en" or "zh". */
  get language() {
    return this.#words.language;
  }

  date(day, how) {
    return this.#words.date(day, how);
  }

  time(moment, how) {
    return this.#words.time(moment, how);
  }

  number(value, how) {
    return this.#words.number(value, how);
  }

  /** Calls `handler` with each message of that type, "sound" with each binary one; also "open", "close", "language". */
  on(type, handler) {
    return this.#bus.on(type, handler);
  }

  /** Whether it was sent. */
  send(message) {
    return this.#socket.send(message);
  }

  sendSound(sound) {
    return this.#socket.sendSound(sound);
  }

  get connected() {
    return this.#socket.connected;
  }

  /** Connect now rather than after the pause. */
  retry() {
    this.#socket.retry();
  }

  announce(text) {
    announce(text);
  }

  /** `kind` is "good", "bad" or "plain". */
  notify(text, kind) {
    this.toasts.add(text, kind);
  }

  /** Whether the person agrees: `{title, text, yes, danger}`. */
  confirm(question) {
    return this.question.ask(question);
  }

  go(view, parameters, how) {
    this.#router.go(view, parameters, how);
  }

  get view() {
    return this.#router.view;
  }

  get parameters() {
    return this.#router.parameters;
  }

  /** The whole page follows, and so does the daemon. */
  async speak(language) {
    this.#words = await loadWords(language);
    keepLanguage(language);
    this.#bus.tell("language", language);
    this.#changed();
    this.#socket.renew();
  }

  /** The companion has another name from now on. */
  called(name) {
    if (this.companion.called(name)) this.#changed();
  }

  /** Whether one had to log in to be here: the daemon asks nobody on its own machine. */
  get guarded() {
    return !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(location.hostname);
  }

  /** This browser is a stranger from now on. */
  async leave() {
    await this.api("POST", "/logout");
    logIn();
  }

  #heard(message) {
    const { companion } = this;
    let changed = message.type === "hello" && companion.hello(message);
    if (message.type === "state") changed = [companion.called(message.name), companion.doing(message.state)].includes(true);
    this.#bus.tell(message.type, message);
    if (changed) this.#changed();
  }

  #stands(stands) {
    clearTimeout(this.#away);
    if (stands) this.#known(true);
    else this.#away = setTimeout(() => this.#known(false), BLINK_MS);
    this.#bus.tell(stands ? "open" : "close", {});
    this.#changed();
  }

  #known(stands) {
    this.companion.connected(stands);
    this.#changed();
  }

  /** A browser does not say why a WebSocket was refused: perhaps nobody is logged in any more. */
  async #refused() {
    this.#changed();
    try {
      const answer = await fetch("/words.json", { cache: "no-store", redirect: "manual" });
      if (answer.status === 401 || answer.type === "opaqueredirect") logIn();
    } catch {
      // Nobody is there: the next attempt will tell.
    }
  }
}
