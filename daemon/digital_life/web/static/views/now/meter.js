/** How loud the room is, moved past the drawing of the page: it changes twelve times a second. */

import { html, useEffect, useRef, useState } from "../../vendor/htm-preact.js";

const LOWEST_DB = -66;
const HIGHEST_DB = -6;
const PEAK_FALLS = 0.012; // of the whole, a frame
const READ_MS = 1_500; // a screen reader is told no more often

export function LevelMeter({ app, t, senses, muted }) {
  const element = useRef();
  const [voice, hear] = useState(null);
  const said = useRef({ at: 0, peak: 0 });
  useEffect(
    () =>
      senses.watch((message) => {
        draw(element.current, message, said.current, (db) => t("level-value", { db: app.number(Math.round(-db)) }), t("level-none"));
        hear(voiceOf(message));
      }),
    [app.language],
  );
  return html`<div class="level">
    <div class="row between"><span id="now-level">${t("level")}</span>
      ${(muted || voice) && html`<span class="badge ${voice === "heard" ? "good" : ""}">${muted ? t("level-muted") : t(`voice-${voice}`)}</span>`}</div>
    <div class="meter" role="meter" ref=${element} aria-labelledby="now-level" aria-valuemin=${LOWEST_DB} aria-valuemax=${HIGHEST_DB} aria-valuenow=${LOWEST_DB}><div class="filled"></div><div class="peak"></div></div>
  </div>`;
}

function voiceOf(message) {
  if (!message || message.voice === null) return null;
  return message.voice > 0.5 ? "heard" : "none";
}

function draw(meter, message, said, sentence, none) {
  if (!meter) return;
  const share = message ? (Math.min(HIGHEST_DB, Math.max(LOWEST_DB, message.level)) - LOWEST_DB) / (HIGHEST_DB - LOWEST_DB) : 0;
  said.peak = message ? Math.max(share, said.peak - PEAK_FALLS) : 0;
  meter.style.setProperty("--level", share.toFixed(3));
  meter.style.setProperty("--peak", said.peak.toFixed(3));
  if (message && performance.now() - said.at < READ_MS) return;
  said.at = performance.now();
  meter.setAttribute("aria-valuenow", Math.round(message ? Math.min(HIGHEST_DB, Math.max(LOWEST_DB, message.level)) : LOWEST_DB));
  meter.setAttribute("aria-valuetext", message ? sentence(message.level) : none);
}
