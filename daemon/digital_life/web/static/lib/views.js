/** The views: each a module of its own, fetched when it is first shown. */

/** In the order of the navigation. The first run is reached by its address alone. */
export const PLACES = ["talk", "memory", "now", "settings"];
export const KNOWN = [...PLACES, "setup"];

const fetched = new Map();

/** Fetches the component once; null for a view that is not there. */
export function loadView(name) {
  if (!KNOWN.includes(name)) return Promise.resolve(null);
  if (!fetched.has(name)) fetched.set(name, load(name));
  return fetched.get(name);
}

async function load(name) {
  try {
    const module = await import(`../views/${name}.js`);
    await styled(name);
    return module.default.View;
  } catch (error) {
    fetched.delete(name); // it is tried again when it is next wanted
    console.warn(error);
    return null;
  }
}

/** Its own rules stand before it is drawn; a view can do without. */
function styled(name) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL(`../views/${name}.css`, import.meta.url).href;
  return new Promise((resolve) => {
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
}
