/** Tabs of which one is shown; arrow keys go from one to the next. */

import { html, useEffect, useRef } from "../../vendor/htm-preact.js";

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

/** `tabs` are pairs of name and words; the shown one's panel has the id `panel-<name>`. */
export function Tabs({ label, tabs, shown, onShow }) {
  const row = useRef();
  const names = tabs.map(([name]) => name);
  useEffect(() => row.current.querySelector("[aria-selected='true']").scrollIntoView({ block: "nearest", inline: "nearest" }), [shown]);
  const go = (event) => {
    const at = names.indexOf(shown);
    const to = { Home: 0, End: names.length - 1 }[event.key] ?? (event.key in STEPS ? at + STEPS[event.key] : null);
    if (to === null) return;
    event.preventDefault();
    const next = (to + names.length) % names.length;
    onShow(names[next]);
    row.current.children[next].focus();
  };
  return html`<div class="tabs" role="tablist" aria-label=${label} ref=${row} onKeyDown=${go}>
    ${tabs.map(([name, text]) => html`<button key=${name} role="tab" id="tab-${name}" aria-selected=${String(name === shown)}
        aria-controls=${name === shown ? `panel-${name}` : undefined} tabindex=${name === shown ? 0 : -1} onClick=${() => onShow(name)}>${text}</button>`)}
  </div>`;
}
