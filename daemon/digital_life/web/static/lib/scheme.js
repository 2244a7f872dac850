/** Light or dark: as the system is, unless a person chose. */

export const SCHEMES = ["system", "light", "dark"];
const GROUND = { light: "#f6eee0", dark: "#141d1c" };

export function scheme() {
  return document.documentElement.dataset.scheme ?? "system";
}

export function setScheme(chosen) {
  const root = document.documentElement;
  if (chosen === "system") delete root.dataset.scheme;
  else root.dataset.scheme = chosen;
  for (const meta of document.querySelectorAll("meta[name=theme-color]")) {
    meta.content = GROUND[chosen] ?? GROUND[/dark/.test(meta.media) ? "dark" : "light"];
  }
  try {
    localStorage.setItem("scheme", chosen);
  } catch {
    // Storage is forbidden: it holds until the page is left.
  }
}
