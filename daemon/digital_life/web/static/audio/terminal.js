/** This page as the ears and the mouth of the talk: microphone and player, as the daemon lets them. */

import { Microphone } from "./microphone.js";
import { Player } from "./player.js";

const TAIL_MS = 120; // who lets the button go has often not quite ended
const IDLE_MS = 20_000; // so long an unused microphone stays open, so that the next word is not lost
const OVER = ["elsewhere", "muted", "deaf", "starting", "busy", "rate"]; // refused: the microphone is of no use

export class Terminal {
  /** "closed", "opening", "pressed", "ending" or "open": what the microphone is used for. */
  use = "closed";
  #app;
  #changed;
  #player;
  #microphone;
  #wanted = null;
  #timer = 0;

  /** `changed()` is called when `use` is another, `failed(reason)` when there is no microphone, `loud(0 to 1)` often. */
  constructor(app, { changed, failed, loud }) {
    this.#app = app;
    this.#changed = changed;
    this.failed = failed;
    this.loud = loud;
    this.#player = new Player((message) => app.send(message));
    this.#microphone = new Microphone({ heard: (pcm, loudness) => this.#heard(pcm, loudness), lost: () => this.#lost() });
    app.on("speech", (message) => this.#player.announce(message));
    app.on("sound", (sound) => this.#player.take(sound));
    app.on("silence", () => this.#player.silence());
    app.on("level", ({ value }) => this.#player.level(value));
    app.on("refused", ({ what }) => OVER.includes(what) && this.close());
    app.on("state", ({ muted }) => muted && this.close());
    app.on("close", () => this.#away());
  }

  get player() {
    return this.#player;
  }

  /** Somebody has touched the page: from now on it may be heard. */
  wake() {
    this.#player.wake();
  }

  /** Listen as long as the button is held. */
  press() {
    if (this.use === "closed") this.#listen("pressed", { type: "press", rate: 16_000 });
  }

  letGo() {
    if (this.use === "opening" && this.#wanted === "pressed") this.close();
    if (this.use !== "pressed") return;
    this.#turn("ending");
    this.#timer = setTimeout(() => {
      this.#turn("closed");
      this.#app.send({ type: "release" });
      this.#rest();
    }, TAIL_MS);
  }

  /** Listen until it is closed. */
  open() {
    if (this.use === "closed") this.#listen("open", { type: "open", on: true, rate: 16_000 });
  }

  /** No sound leaves this page any more. */
  close() {
    const { use } = this;
    clearTimeout(this.#timer);
    this.#wanted = null;
    this.#microphone.close();
    this.#turn("closed");
    if (use === "open") this.#app.send({ type: "open", on: false });
    if (use === "pressed" || use === "ending") this.#app.send({ type: "release" });
  }

  async #listen(use, message) {
    this.wake();
    clearTimeout(this.#timer);
    this.#wanted = use;
    this.#turn("opening");
    try {
      await this.#microphone.open();
    } catch (error) {
      if (this.#wanted === use) this.close();
      this.failed(error.reason ?? "failed");
      return;
    }
    if (this.#wanted !== use) return this.use === "closed" && this.#microphone.close();
    if (!this.#app.send(message)) return this.close();
    this.#turn(use);
  }

  #heard(pcm, loudness) {
    if (this.use !== "pressed" && this.use !== "ending" && this.use !== "open") return;
    this.#app.sendSound(pcm);
    this.loud(loudness);
  }

  #rest() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.use === "closed" && this.#microphone.close(), IDLE_MS);
  }

  #lost() {
    this.close();
    this.failed("lost");
  }

  #away() {
    this.close();
    this.#player.silence();
    this.#player.level(1);
  }

  #turn(use) {
    if (use === this.use) return;
    this.use = use;
    this.loud(0);
    this.#changed();
  }
}
