/** Does it hear? The room's microphone or that of this device. */

import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";
import { useBrowserLevel } from "./browser.js";
import { Meter } from "./meter.js";
import { useRoom } from "./room.js";

const FLOOR_DB = -60; // the bar begins here
const HEARD_DB = -38; // speech across a room
const LOUD_DB = -6; // beyond it a voice distorts
const SILENT_DB = -58;
const HELD_MS = 1_500; // a word is over sooner than one reads

export function MicrophoneStep({ app, t, heading }) {
  const [where, ask] = useState("");
  const room = useRoom(where === "room");
  const browser = useBrowserLevel(where === "browser");
  const level = where === "room" ? room?.level : browser?.level;
  const peak = usePeak(level, where);
  const fault = where === "room" ? (room === "away" ? "away" : "") : browser?.fault;
  const verdict = fault || verdictOf(level, peak);
  const turn = (which) => ask(where === which ? "" : which);
  return html`
    <h2 id="setup-title" tabindex="-1" ref=${heading}>${t("microphone.title")}</h2>
    <p>${t("microphone.text")}</p>
    <div class="row">
      ${["room", "browser"].map(
        (each) => html`<button key=${each} type="button" class="button toggle" aria-pressed=${where === each} onClick=${() => turn(each)}>
          <${Icon} name=${where === each ? "stop" : each === "room" ? "listening" : "microphone"} /> ${t(`microphone.${each}`)}
        </button>`,
      )}
    </div>
    ${where &&
    html`<${Meter} label=${t("microphone.level")} value=${share(level)} text=${level === undefined ? "" : `${app.number(Math.round(level))} dB`} needed=${share(HEARD_DB)} most=${share(LOUD_DB)} />
      <p class=${verdict === "good" ? "setup-verdict good" : "setup-verdict"} role="status">${verdict === "good" && html`<${Icon} name="check" />`} ${t(`microphone.${verdict}`)}</p>`}`;
}

/** The loudest of the last moments. */
function usePeak(level, where) {
  const [peak, set] = useState({ level: -Infinity, at: 0 });
  useEffect(() => set({ level: -Infinity, at: 0 }), [where]);
  useEffect(() => {
    if (level === undefined) return;
    const now = Date.now();
    if (level >= peak.level || now - peak.at > HELD_MS) set({ level, at: now });
  }, [level]);
  return peak.level;
}

function verdictOf(level, peak) {
  if (level === undefined) return "waiting";
  if (peak > LOUD_DB) return "loud";
  if (peak >= HEARD_DB) return "good";
  return peak < SILENT_DB ? "silent" : "quiet";
}

function share(level) {
  return level === undefined ? 0 : (level - FLOOR_DB) / -FLOOR_DB;
}
