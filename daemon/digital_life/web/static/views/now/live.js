/** What the daemon knows, kept fresh while somebody looks at it. */

import { useCallback, useEffect, useRef, useState } from "../../vendor/htm-preact.js";

const EVERY_MS = 5_000;

/**
 * `{data, error, load, put}` of a resource: fetched again every 5 s while the page is visible, at each message of the
 * types `on`, and when the connection is back. `put` shows what an answer told, until the next time.
 */
export function useLive(app, path, { on = [], every = EVERY_MS } = {}) {
  const [state, show] = useState({ data: null, error: null });
  const alive = useRef(true);
  const asked = useRef(0);
  const put = useCallback((data) => {
    asked.current += 1; // what was asked before is older than this
    if (alive.current) show((before) => ({ data: typeof data === "function" ? data(before.data) : data, error: null }));
  }, []);
  const load = useCallback(async () => {
    const turn = (asked.current += 1);
    try {
      const data = await app.api("GET", path);
      if (alive.current && turn === asked.current) show({ data, error: null });
    } catch (error) {
      if (alive.current && turn === asked.current) show((before) => ({ ...before, error: error.message }));
    }
  }, [path]);
  useEffect(() => {
    alive.current = true;
    const look = () => document.visibilityState === "visible" && load();
    const timer = setInterval(look, every);
    const ends = ["open", "language", ...on].map((type) => app.on(type, look));
    document.addEventListener("visibilitychange", look);
    load();
    return () => {
      alive.current = false;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
      ends.forEach((end) => end());
    };
  }, [path]);
  return { ...state, load, put };
}

/** `act()` does it and tells what went wrong; whether it was done. */
export async function attempt(app, act) {
  try {
    await act();
    return true;
  } catch (error) {
    app.notify(error.message, "bad");
    return false;
  }
}
