/** Where one types: Enter sends, Shift and Enter begin a line. */

import { html, useLayoutEffect, useRef, useState } from "../vendor/htm-preact.js";
import { Icon } from "../lib/icons.js";

const MOST = 4_000; // characters, as the daemon takes them

/** `send(text)` returns whether it was sent. */
export function Composer({ app, send }) {
  const [text, write] = useState("");
  const field = useRef();
  useLayoutEffect(() => grow(field.current), [text]);
  const submit = (event) => {
    event.preventDefault();
    if (text.trim() && send(text.trim())) write("");
    field.current.focus();
  };
  const key = (event) => {
    // While characters are put together, as in Chinese, Enter chooses among them.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    submit(event);
  };
  return html`<form class="composer" onSubmit=${submit}>
    <label class="unseen" for="message">${app.t("console.talk.message")}</label>
    <textarea id="message" ref=${field} rows="1" maxlength=${MOST} enterkeyhint="send" autocomplete="off" value=${text}
      placeholder=${app.t("console.talk.placeholder", { name: app.companion.name })}
      onInput=${(event) => write(event.target.value)} onKeyDown=${key}></textarea>
    <button class="button primary" type="submit" aria-label=${app.t("console.talk.send")} title=${app.t("console.talk.send")}
      disabled=${!text.trim() || !app.connected}><${Icon} name="send" /></button>
  </form>`;
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}
