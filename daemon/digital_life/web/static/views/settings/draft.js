/** What was changed on the page and is not saved yet; it outlives a look at another view. */

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export class Draft {
  /** Values by the name of their key; null: back to what counts without the file. */
  changes = new Map();
  /** What was refused, by the name of its key: `{sentence, at}`. */
  wrong = {};

  /** What the key would be. */
  value(key) {
    if (!this.changes.has(key.name)) return key.value;
    return this.changes.get(key.name) ?? key.base;
  }

  set(key, value) {
    delete this.wrong[key.name];
    if (same(value, key.value)) this.changes.delete(key.name);
    else this.changes.set(key.name, value);
  }

  /** Back to the usual value. */
  reset(key) {
    delete this.wrong[key.name];
    if (key.source === "file") this.changes.set(key.name, null);
    else this.changes.delete(key.name);
  }

  /** As it was before it was changed here. */
  undo(key) {
    delete this.wrong[key.name];
    this.changes.delete(key.name);
  }

  changed(key) {
    return this.changes.has(key.name);
  }

  /** Whether it is, or would be, what counts without the file. */
  usual(key) {
    return same(this.value(key), key.base) && (key.source !== "file" || this.changes.get(key.name) === null);
  }

  clear() {
    this.changes.clear();
    this.wrong = {};
  }
}

export const draft = new Draft();
