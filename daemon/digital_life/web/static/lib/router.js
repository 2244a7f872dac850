/** Which view the address names: `#/memory?day=2026-11-22`. */

export class Router {
  /** `changed` is called whenever another view, or the same with other parameters, is wanted. */
  constructor(changed) {
    addEventListener("hashchange", changed);
  }

  get view() {
    return /^#\/([a-z]+)/.exec(location.hash)?.[1] ?? "talk";
  }

  get parameters() {
    const [, query = ""] = location.hash.split("?");
    return Object.fromEntries(new URLSearchParams(query));
  }

  go(view, parameters = {}, { replace = false } = {}) {
    const address = addressOf(view, parameters);
    if (replace) {
      history.replaceState(null, "", address);
      dispatchEvent(new HashChangeEvent("hashchange"));
    } else {
      location.hash = address;
    }
  }
}

/** What a link to it points at. */
export function addressOf(view, parameters = {}) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const query = new URLSearchParams(given).toString();
  return `#/${view}${query && `?${query}`}`;
}
