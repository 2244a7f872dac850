/** The small creature beside its name: it blinks, and its ears show what it does. */

import { html } from "../vendor/htm-preact.js";

const MOUTHS = {
  speaking: "M27 49q5 9 10 0q-5-2-10 0z",
  deaf: "M27.500 52.500q4.500-3 9 0",
  away: "M28.500 51.500h7",
  stopping: "M28.500 51.500h7",
  starting: "M28.500 51.500h7",
  thinking: "M28.500 51.500q2.500-1.500 4 0t4 0",
};
const SMILE = "M26.500 50q2.700 3 5.500 0q2.800 3 5.500 0";
const ASLEEP = ["starting", "stopping", "away"];

/** From now on every creature's eyes follow the pointer, a little. */
export function followPointer() {
  const look = document.documentElement.style;
  let asked = 0;
  addEventListener("pointermove", ({ clientX, clientY, pointerType }) => {
    if (pointerType !== "mouse" || asked) return;
    asked = requestAnimationFrame(() => {
      asked = 0;
      look.setProperty("--look-x", ((clientX / innerWidth) * 2 - 1).toFixed(2));
      look.setProperty("--look-y", ((clientY / innerHeight) * 2 - 1).toFixed(2));
    });
  });
}

/** `state` as the daemon tells it, or "away". */
export function Creature({ state }) {
  const mouth = MOUTHS[state] ?? SMILE;
  return html`<svg class="creature" data-state=${state} viewBox="-2 -8 68 72" aria-hidden="true" focusable="false">
    <g class="ear left"><path class="leaf" d="M18 24C5 21 4 9 6 3c7 2 17 6 16 19z" /><path class="vein" d="M9 7q6 6 9 14" /></g>
    <g class="ear right"><path class="leaf" d="M46 24c13-3 14-15 12-21-7 2-17 6-16 19z" /><path class="vein" d="M55 7q-6 6-9 14" /></g>
    <g class="sprout"><path class="stem" d="M32 15q-1-5 0-9" /><circle class="glow" cx="32" cy="2" r="7" /><path class="bud" d="M32-4c4 3 4 9 0 10-4-1-4-7 0-10z" /></g>
    <path class="fur" d="M32 14c15 0 23 9 24 21l6 8-5 3 1 4c-5 8-15 11-26 11S11 58 6 50l1-4-5-3 6-8c1-12 9-21 24-21z" />
    <ellipse class="light" cx="32" cy="50" rx="12" ry="7" />
    <g class="cheeks"><ellipse cx="13.500" cy="46" rx="4.500" ry="2.800" /><ellipse cx="50.500" cy="46" rx="4.500" ry="2.800" /></g>
    ${ASLEEP.includes(state) ? html`<path class="lids" d="M16 38q5 4 10 0M38 38q5 4 10 0" />` : html`<${Eyes} />`}
    <path class="nose" d="M30 44.500q2-1.500 4 0-1 2.300-2 2.300t-2-2.300z" />
    <path class="mouth ${state === "speaking" ? "open" : ""}" d=${mouth} />
  </svg>`;
}

function Eyes() {
  return html`<g class="gaze"><g class="eyes">
    <ellipse class="iris" cx="21" cy="37" rx="5" ry="7" /><ellipse class="iris" cx="43" cy="37" rx="5" ry="7" />
    <circle class="shine" cx="19.200" cy="34" r="2" /><circle class="shine" cx="41.200" cy="34" r="2" />
  </g></g>`;
}
