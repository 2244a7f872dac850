/** What is known of the companion here: its name and what it does. */

const STATES = ["starting", "idle", "listening", "thinking", "speaking", "muted", "deaf", "stopping"];

export class Companion {
  name = "";
  /** As the daemon tells it; "away" while there is no connection. */
  state = "away";
  /** Another daemon than the one this page came from. */
  outdated = false;
  #told = "idle";
  #version = null;

  /** Returns whether anything changed, as the next two do. */
  hello({ name, state, muted, version }) {
    this.called(name);
    this.#version ??= version;
    this.outdated = version !== undefined && version !== this.#version;
    return this.doing(muted ? "muted" : state) || true;
  }

  called(name) {
    const known = typeof name === "string" && name ? name : this.name;
    const changed = known !== this.name;
    this.name = known;
    return changed;
  }

  doing(state) {
    const known = STATES.includes(state) ? state : this.#told;
    const changed = known !== this.state;
    this.#told = this.state = known;
    return changed;
  }

  connected(stands) {
    this.state = stands ? this.#told : "away";
  }
}
