/** Who wants to know what: hearers of messages by their type. */

export class Bus {
  #hearers = new Map();

  /** Calls `handler` with each message of that type; returns what ends it. */
  on(type, handler) {
    if (!this.#hearers.has(type)) this.#hearers.set(type, new Set());
    this.#hearers.get(type).add(handler);
    return () => this.#hearers.get(type).delete(handler);
  }

  /** One hearer that fails does not keep it from the others. */
  tell(type, message) {
    for (const handler of [...(this.#hearers.get(type) ?? [])]) {
      try {
        handler(message);
      } catch (error) {
        reportError(error);
      }
    }
  }
}
