/** The console begins: its words, then its first view. */

import { html, render } from "./vendor/htm-preact.js";
import { App } from "./lib/app.js";
import { followPointer } from "./lib/creature.js";
import { Shell } from "./lib/shell.js";
import { loadView } from "./lib/views.js";
import { loadWords } from "./lib/words.js";

const app = new App(await loadWords());
const wanted = location.hash;
loadView(app.view); // while the shell is drawn
render(html`<${Shell} app=${app} />`, document.getElementById("console"));
document.documentElement.dataset.ready = "";
if (!matchMedia("(prefers-reduced-motion: reduce)").matches) followPointer();
if (!wanted) await begin();

/** Who comes for the first time is led through the first steps. */
async function begin() {
  try {
    const { first } = await app.api("GET", "/api/setup");
    if (first) app.go("setup", {}, { replace: true });
  } catch {
    // There are no first steps; the talk is a good beginning too.
  }
}
