/** The wake word: said, and told how clear it was. */

import { html, useEffect, useRef, useState } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";
import { Meter } from "./meter.js";
import { useRoom } from "./room.js";

const CLEAR = 0.05; // so far over its threshold it was said clearly
const FADES = 0.85; // of the bar, from one message to the next: a score lasts half a second

export function WakeStep({ app, t, state, take, heading }) {
  const room = useRoom(true);
  const [first, ...others] = state.wake;
  const since = useRef(latest(state));
  const tries = state.tries.filter((each) => each.number > since.current);
  const woken = tries.some((each) => each.woke);
  useEffect(() => {
    if (woken) take("POST", "/api/setup/done", { step: "wake" }).catch((error) => app.notify(error.message, "bad"));
  }, [woken]);
  const live = useFading(room, room?.scores?.[first.phrase]);
  const needed = percent(first.threshold);
  const verdict = tellOf(tries.at(-1), t);
  useEffect(() => {
    if (tries.length) app.announce(verdict.text);
  }, [tries.length]);
  const muted = app.companion.state === "muted";
  return html`
    <h2 id="setup-title" tabindex="-1" ref=${heading}>${t("wake.title", { phrase: first.written })}</h2>
    <p>${t("wake.text", { needed })} ${others.length > 0 && t("wake.any", { phrases: others.map((each) => each.written).join(app.language === "zh" ? "、" : ", ") })}</p>
    <${Meter} label=${t("wake.meter")} value=${live} text=${`${percent(live)} %`} needed=${first.threshold} />
    <p class="hint">${t("wake.needed", { needed })}</p>
    <p class="setup-verdict ${verdict.good ? "good" : ""}">${verdict.good && html`<${Icon} name="check" />`} ${muted ? t("wake.muted") : verdict.text}</p>
    ${tries.length > 0 &&
    html`<h3>${t("wake.tries")}</h3>
      <ol class="setup-tries">
        ${tries.map((each, n) => html`<li key=${each.number}><span class="badge ${each.woke ? "good" : "warn"}"><${Icon} name=${each.woke ? "check" : "warn"} size="16" /> ${t("wake.try", { n: n + 1, score: percent(each.score) })}</span></li>`)}
      </ol>`}
    <p class="hint">${t("wake.helps")}</p>`;
}

/** What is made of the last try. */
function tellOf(tried, t) {
  if (!tried) return { text: t("wake.listening"), good: false };
  const values = { score: percent(tried.score), needed: percent(tried.needed) };
  if (tried.woke) {
    const clear = tried.score >= Math.min(1, tried.needed + CLEAR);
    return { text: t(clear ? "wake.heard" : "wake.barely", values), good: true };
  }
  return { text: t(tried.score >= tried.needed ? "wake.doubted" : "wake.near", values), good: false };
}

/** The highest score of late, which fades. */
function useFading(message, score = 0) {
  const [shown, show] = useState(0);
  useEffect(() => show((before) => Math.max(score, before * FADES < 0.01 ? 0 : before * FADES)), [message]);
  return shown;
}

function latest(state) {
  return state.tries.at(-1)?.number ?? 0;
}

function percent(share) {
  return Math.round(share * 100);
}
