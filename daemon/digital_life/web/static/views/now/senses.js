/** What the ears make of the sound, frame by frame, over a socket that is open only while somebody looks. */

import { useEffect, useRef } from "../../vendor/htm-preact.js";
import { waitOf } from "../../lib/backoff.js";

const ADDRESS = "/now/socket";
const SILENT_MS = 700; // after which no sound comes in: it is muted, deaf or away

export class Senses {
  #hearers = new Set();
  #socket = null;
  #attempt = 0;
  #timer = 0;
  #silence = 0;

  /** Calls `hearer` with each message, and with null when none comes any more; returns what ends it. */
  watch(hearer) {
    this.#hearers.add(hearer);
    this.look();
    return () => {
      this.#hearers.delete(hearer);
      this.look();
    };
  }

  /** Open while somebody watches and the page can be seen. */
  look() {
    const wanted = this.#hearers.size > 0 && document.visibilityState === "visible";
    if (wanted && !this.#socket) this.#open();
    if (!wanted) this.close();
  }

  close() {
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #open() {
    clearTimeout(this.#timer);
    const socket = (this.#socket = new WebSocket(location.origin.replace(/^http/, "ws") + ADDRESS));
    socket.onopen = () => {
      this.#attempt = 0;
      socket.send(JSON.stringify({ type: "watch", on: true }));
    };
    socket.onmessage = ({ data }) => this.#heard(JSON.parse(data));
    socket.onclose = () => this.#socket === socket && this.#again();
  }

  #again() {
    this.#socket = null;
    this.#tell(null);
    this.#timer = setTimeout(() => this.look(), waitOf(this.#attempt++));
  }

  #heard(message) {
    if (message.type !== "meter") return;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#tell(null), SILENT_MS);
    this.#tell(message);
  }

  #tell(message) {
    for (const hearer of this.#hearers) hearer(message);
  }
}

/** The senses of this view. */
export function useSenses() {
  const senses = useRef(null);
  senses.current ??= new Senses();
  useEffect(() => {
    const look = () => senses.current.look();
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      senses.current.close();
    };
  }, []);
  return senses.current;
}
