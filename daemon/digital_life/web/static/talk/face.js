/** The face beside the talk: the display's own page, where there is one. */

import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { Icon } from "../lib/icons.js";

const PAGE = "/display/display.html";
const KEPT = "talk.face";

export function Face({ app }) {
  const there = useThere();
  const [shown, show] = useState(() => kept() ?? matchMedia("(min-width: 64rem)").matches);
  if (!there) return null;
  const turn = () => {
    keep(!shown);
    show(!shown);
  };
  return html`<aside class="face" aria-label=${app.t("console.talk.face")}>
    <button type="button" class="button quiet small" aria-expanded=${shown} onClick=${turn}>
      <${Icon} name="face" /><span>${app.t(shown ? "console.talk.hide_face" : "console.talk.show_face")}</span></button>
    ${shown && html`<iframe title=${app.t("console.talk.face")} src="${PAGE}?background=transparent&subtitles=off&lamp=off&language=${app.language}"></iframe>`}
  </aside>`;
}

/** A daemon without a display has no such page. */
function useThere() {
  const [there, set] = useState(false);
  useEffect(() => {
    fetch(PAGE).then(({ ok }) => set(ok), () => set(false));
  }, []);
  return there;
}

function kept() {
  const written = localStorage.getItem(KEPT);
  return written === null ? null : written === "shown";
}

function keep(shown) {
  localStorage.setItem(KEPT, shown ? "shown" : "hidden");
}
