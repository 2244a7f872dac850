/** The latest lines of the log, and those that come. */

import { html, useEffect, useRef, useState } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";

const LOOK_MS = 2000;
const LEVELS = { all: "INFO", warnings: "WARNING", errors: "ERROR" };
const MOST = 500;
const MARKS = { WARNING: "warn", ERROR: "bad", CRITICAL: "bad" };

export function Logs({ app }) {
  const [shown, setShown] = useState("all");
  const [live, setLive] = useState(true);
  const { lines, failed } = useLines(app, LEVELS[shown], live);
  const box = useRef();
  const atEnd = useRef(true);
  useEffect(() => {
    if (atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);
  const t = (key, values) => app.t(`console.settings.logs.${key}`, values);
  const copy = async () => {
    await navigator.clipboard.writeText(lines.map((each) => written(app, each)).join("\n"));
    app.notify(app.t("console.common.copied"), "good");
  };
  return html`<section class="card stack" aria-label=${app.t("console.settings.tab.logs")}>
    <div class="row between">
      <label class="row">${t("level")}
        <select value=${shown} onChange=${(event) => setShown(event.currentTarget.value)}>
          ${Object.keys(LEVELS).map((each) => html`<option value=${each}>${t(each)}</option>`)}
        </select></label>
      <label class="row tick"><input type="checkbox" role="switch" checked=${live} onChange=${(event) => setLive(event.currentTarget.checked)} />${t("live")}</label>
      <span class="muted grow">${t(live ? "live-on" : "live-off")}</span>
      <button class="button small" onClick=${copy} disabled=${!lines?.length}><${Icon} name="copy" size="18" />${app.t("console.common.copy")}</button>
      <button class="button small" onClick=${() => app.download(`/api/logs/file?level=${LEVELS[shown]}`).catch((error) => app.notify(error.message, "bad"))}>
        <${Icon} name="download" size="18" />${t("download")}</button>
    </div>
    ${failed && html`<p class="error" role="alert">${failed}</p>`}
    <div class="log scroll" ref=${box} tabindex="0" role="log" aria-live="off" aria-label=${t("lines")}
        onScroll=${(event) => (atEnd.current = isAtEnd(event.currentTarget))}>
      ${lines?.map((each) => html`<${Line} key=${each.number} app=${app} line=${each} />`)}
      ${lines && !lines.length && html`<p class="muted">${t(shown === "all" ? "nothing" : "nothing-wrong")}</p>`}
    </div>
    <p class="hint">${t("private")}</p>
  </section>`;
}

function Line({ app, line }) {
  return html`<div class="line ${MARKS[line.level] ?? ""}">
    <time dateTime=${new Date(line.at * 1000).toISOString()}>${app.time(line.at * 1000, { hour: "2-digit", minute: "2-digit", second: "2-digit" })}</time>
    <span class="badge ${MARKS[line.level] ?? ""}">${app.t(`console.settings.level.${line.level}`)}</span>
    <span class="text"><span class="muted">${line.name}</span> ${line.text}</span>
  </div>`;
}

function written(app, line) {
  return `${new Date(line.at * 1000).toISOString()} ${line.level} ${line.name}: ${line.text}`;
}

function isAtEnd(box) {
  return box.scrollHeight - box.scrollTop - box.clientHeight < 30;
}

/** Those of a level, followed while the page is seen. */
function useLines(app, level, live) {
  const [lines, setLines] = useState(null);
  const [failed, setFailed] = useState("");
  useEffect(() => {
    let over = false;
    let last = 0;
    const look = async () => {
      try {
        const found = await app.api("GET", `/api/logs?level=${level}&after=${last}`);
        if (over) return;
        const again = found.last < last; // it began anew, and counts from one
        last = found.last;
        setFailed("");
        if (again) setLines([]);
        else setLines((before) => (before && !found.lines.length ? before : [...(before ?? []), ...found.lines].slice(-MOST)));
        if (again) last = 0;
      } catch (error) {
        if (!over) setFailed(error.message);
      }
    };
    setLines(null);
    look();
    const timer = live && setInterval(() => document.visibilityState === "visible" && look(), LOOK_MS);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [level, live]);
  return { lines, failed };
}
