/** The button to hold while one talks: by pointer, by key, or switched by who can only click. */

import { html, useRef } from "../vendor/htm-preact.js";
import { Icon } from "../lib/icons.js";

const KEYS = [" ", "Enter"];
const WORDS = { closed: "hold", opening: "opening", pressed: "holding", ending: "holding", open: "open_now" };

/** `ring` is given the element whose `--loud` follows the voice. */
export function TalkButton({ app, terminal, ring }) {
  const held = useRef(false);
  const press = () => {
    held.current = true;
    terminal.press();
  };
  const letGo = () => {
    if (!held.current) return;
    held.current = false;
    terminal.letGo();
  };
  const down = (event) => {
    if (event.button) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    press();
  };
  const keyDown = (event) => {
    if (!KEYS.includes(event.key)) return;
    event.preventDefault();
    if (!event.repeat) press();
  };
  const keyUp = (event) => {
    if (!KEYS.includes(event.key)) return;
    event.preventDefault();
    letGo();
  };
  // What assists somebody clicks without pressing: the first click begins, the next one ends.
  const click = (event) => {
    if (event.detail) return;
    if (held.current) letGo();
    else press();
  };
  const { use } = terminal;
  return html`<button type="button" class="hold" ref=${ring} data-use=${use} aria-pressed=${use === "pressed" || use === "ending"}
      aria-describedby="hold-hint" disabled=${!app.connected || use === "open"}
      onPointerDown=${down} onPointerUp=${letGo} onPointerCancel=${letGo} onLostPointerCapture=${letGo}
      onKeyDown=${keyDown} onKeyUp=${keyUp} onBlur=${letGo} onClick=${click} onContextMenu=${(event) => event.preventDefault()}>
    <${Icon} name="microphone" size="34" /><span>${app.t(`console.talk.${WORDS[use]}`)}</span>
  </button>`;
}
