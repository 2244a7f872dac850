/** The console's WebSocket: it connects again by itself. */

import { waitOf } from "./backoff.js";

const STABLE_MS = 5_000; // a connection that lasted so long was a good one

export class Socket {
  #socket = null;
  #attempt = 0;
  #timer = 0;
  #opened = 0;
  #renewed = false;

  /** `heard` gets each message, `sounded` each binary one, `changed(connected)` whether it stands, `refused` a failed attempt. */
  constructor(address, { heard, sounded, changed, refused }) {
    Object.assign(this, { address, heard, sounded, changed, refused });
    addEventListener("online", () => this.retry());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.retry());
  }

  get connected() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Whether it was sent. */
  send(message) {
    return this.sendSound(JSON.stringify(message));
  }

  sendSound(sound) {
    if (!this.connected) return false;
    this.#socket.send(sound);
    return true;
  }

  /** Connect now, unless it is connected or about to be. */
  retry() {
    if (this.#socket && this.#socket.readyState < WebSocket.CLOSING) return;
    clearTimeout(this.#timer);
    this.#open();
  }

  /** Another connection, so that the daemon sees who is asking now. */
  renew() {
    this.#renewed = this.connected;
    this.#socket?.close(1000);
  }

  #open() {
    const socket = new WebSocket(this.address);
    socket.binaryType = "arraybuffer";
    let stood = false;
    socket.onopen = () => {
      stood = true;
      this.#opened = performance.now();
      this.changed(true);
    };
    socket.onmessage = ({ data }) => (typeof data === "string" ? this.#read(data) : this.sounded(data));
    socket.onclose = () => this.#closed(stood);
    this.#socket = socket;
  }

  #read(text) {
    const message = messageOf(text);
    if (typeof message?.type === "string") this.heard(message);
  }

  #closed(stood) {
    if (stood && performance.now() - this.#opened > STABLE_MS) this.#attempt = 0;
    this.#timer = setTimeout(() => this.#open(), this.#renewed ? 0 : waitOf(this.#attempt++));
    this.#renewed = false;
    if (stood) this.changed(false);
    else this.refused();
  }
}

/** Null for what is none. */
function messageOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
