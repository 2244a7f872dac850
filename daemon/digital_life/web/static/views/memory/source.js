/** One life's memory, as the daemon tells it. */

import { useCallback, useEffect, useRef, useState } from "../../vendor/htm-preact.js";

const ROOT = "/api/memory";

export class Source {
  /** `life` is empty for the one that everybody shares; `person` for the user. */
  constructor(app, life, person = "") {
    this.app = app;
    this.life = life;
    this.person = person;
  }

  /** What it holds of this person. */
  of(person) {
    return new Source(this.app, this.life, person);
  }

  get(path, query) {
    return this.app.api("GET", this.address(path, query));
  }

  send(method, path, body) {
    return this.app.api(method, this.address(path), body);
  }

  address(path, query = {}) {
    const given = Object.entries({ ...query, life: this.life, person: this.person }).filter(([, value]) => value || value === 0);
    const asked = new URLSearchParams(given).toString();
    return `${ROOT}${path}${asked && `?${asked}`}`;
  }
}

/** What `load` gives: `{value, error, again, set}`. While it is loaded anew the old value stays. */
export function useLoaded(load, dependencies) {
  const [state, setState] = useState({});
  const latest = useRef(0);
  const again = useCallback(async () => {
    const mine = ++latest.current;
    try {
      const value = await load();
      if (mine === latest.current) setState({ value });
    } catch (error) {
      if (mine === latest.current) setState({ error });
    }
  }, dependencies);
  useEffect(() => {
    again();
    return () => (latest.current += 1);
  }, [again]);
  return { ...state, again, set: (value) => setState({ value }) };
}

/** The words of this view. */
export function wordsOf(app) {
  return (key, values) => app.t(`console.memory.${key}`, values);
}

/** "One turn" and "5 turns" are two sentences. */
export function counted(app, key, n) {
  return wordsOf(app)(n === 1 ? `${key}-one` : key, { n: app.number(n) });
}

/** A moment as the person's clock showed it, wherever the page is read. */
export function clockOf(moment) {
  return moment.slice(0, 19);
}

/** The day of a moment, as that clock showed it. */
export function dayOf(moment) {
  return moment.slice(0, 10);
}

/** Whose words they are: nobody's name is the user's, and "?" a visitor's (see belonging.py). */
export function nameOf(m, person) {
  return person === "?" ? m("guest") : person || m("you");
}
