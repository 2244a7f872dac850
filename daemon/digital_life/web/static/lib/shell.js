/** What stands around every view: the companion, the ways to the views, language and colours. */

import { html, useEffect, useErrorBoundary, useReducer, useRef, useState } from "../vendor/htm-preact.js";
import { Creature } from "./creature.js";
import { QuestionDialog } from "./dialog.js";
import { Icon } from "./icons.js";
import { addressOf } from "./router.js";
import { SCHEMES, scheme, setScheme } from "./scheme.js";
import { ToastList } from "./toast.js";
import { KNOWN, PLACES, loadView } from "./views.js";

const OTHER = { en: "zh", zh: "en" };
const TAGS = { en: "en", zh: "zh-Hans" };
const NAMES = { en: "English", zh: "中文" };
const SCHEME_ICONS = { system: "system", light: "sun", dark: "moon" };
const AWAY_MS = 1_500; // a shorter loss is not worth a word

export function Shell({ app }) {
  const [, changed] = useReducer((count) => count + 1, 0);
  useEffect(() => app.start(changed), []);
  const { t } = bound(app);
  return html`<div class="shell">
    <a class="skip" href="#main" onClick=${skip}>${t("skip")}</a>
    <${Header} app=${app} t=${t} />
    <${Navigation} app=${app} t=${t} />
    <${Tools} app=${app} t=${t} changed=${changed} />
    <${Main} app=${app} t=${t} />
    <${ToastList} toasts=${app.toasts} close=${app.t("console.common.close")} />
    <${QuestionDialog} question=${app.question} yes=${app.t("console.common.yes")} no=${app.t("console.common.cancel")} />
  </div>`;
}

function Header({ app, t }) {
  const { companion } = app;
  return html`<header class="header" data-state=${companion.state}>
    <${Creature} state=${companion.state} />
    <div class="who">
      <p class="name">${companion.name || t("title")}</p>
      <p class="state"><${Icon} name=${companion.state} size="18" /><span>${app.t(`display.states.${companion.state}`)}</span></p>
    </div>
  </header>`;
}

function Navigation({ app, t }) {
  return html`<nav class="navigation" aria-label=${t("navigation")}>
    ${PLACES.map(
      (place) => html`<a key=${place} href=${addressOf(place)} aria-current=${app.view === place ? "page" : undefined}>
        <${Icon} name=${place} size="24" /><span>${t(`views.${place}`)}</span>
      </a>`,
    )}
  </nav>`;
}

function Tools({ app, t, changed }) {
  const other = OTHER[app.language];
  const now = scheme();
  const turn = () => {
    setScheme(SCHEMES[(SCHEMES.indexOf(now) + 1) % SCHEMES.length]);
    app.announce(t(`schemes.${scheme()}`));
    changed();
  };
  const speak = () => app.speak(other).catch(() => app.notify(app.t("console.common.unreachable"), "bad"));
  const leave = () => app.leave().catch((error) => app.notify(error.message, "bad"));
  return html`<div class="tools">
    <button class="button quiet" lang=${TAGS[other]} onClick=${speak}><${Icon} name="language" /><span>${NAMES[other]}</span></button>
    <button class="button quiet" aria-label=${t(`schemes.${now}`)} title=${t(`schemes.${now}`)} onClick=${turn}>
      <${Icon} name=${SCHEME_ICONS[now]} /><span aria-hidden="true">${t(`colours.${now}`)}</span>
    </button>
    ${app.guarded && html`<button class="button quiet" aria-label=${t("leave")} title=${t("leave")} onClick=${leave}>
      <${Icon} name="leave" /><span aria-hidden="true">${t("leave")}</span>
    </button>`}
  </div>`;
}

function Main({ app, t }) {
  const { view } = app;
  const element = useRef();
  const shown = useShown(view);
  useTitle(app, t, view);
  useArrival(element, app, t, view);
  return html`<main id="main" class="main" tabindex="-1" ref=${element} data-view=${view}>
    <${Notices} app=${app} t=${t} />
    ${shown.name !== view ? html`<${Waiting} />` : shown.View ? html`<${Guarded} key=${view} app=${app} t=${t} View=${shown.View} />` : html`<${Nowhere} t=${t} known=${KNOWN.includes(view)} />`}
  </main>`;
}

/** A view that fails takes nothing else with it. */
function Guarded({ app, t, View }) {
  const [error, again] = useErrorBoundary((failure) => reportError(failure));
  if (!error) return html`<${View} app=${app} />`;
  return html`<div class="empty" role="alert">
    <${Creature} state="deaf" />
    <h1>${t("broken")}</h1>
    <button class="button primary" onClick=${again}>${app.t("console.common.retry")}</button>
  </div>`;
}

/** What is to be told above the view: that nobody is there, or that the page is an old one. */
function Notices({ app, t }) {
  const away = useLate(!app.connected, AWAY_MS);
  if (app.companion.outdated) return html`<${Notice} text=${t("outdated")} action=${t("reload")} act=${() => location.reload()} />`;
  if (away) return html`<${Notice} text=${t("away")} action=${t("try-now")} act=${() => app.retry()} />`;
  return null;
}

function Notice({ text, action, act }) {
  return html`<div class="notice" role="status">
    <${Icon} name="info" /><p>${text}</p><button class="button small" onClick=${act}>${action}</button>
  </div>`;
}

function Waiting() {
  return html`<div class="stack" aria-busy="true"><div class="skeleton title"></div><div class="skeleton"></div><div class="skeleton"></div></div>`;
}

/** No such view; or one that did not come, which a browser asks for again only after a reload. */
function Nowhere({ t, known }) {
  return html`<div class="empty">
    <${Creature} state="thinking" />
    <h1>${t(known ? "not-come" : "nowhere")}</h1>
    <p>${t(known ? "not-come-what" : "nowhere-what")}</p>
    ${known
      ? html`<button class="button primary" onClick=${() => location.reload()}>${t("reload")}</button>`
      : html`<a class="button primary" href=${addressOf("talk")}>${t("nowhere-go")}</a>`}
  </div>`;
}

/** The view of that name, as soon as it is here. */
function useShown(view) {
  const [shown, show] = useState({ name: null, View: null });
  useEffect(() => {
    let wanted = true;
    loadView(view).then((View) => wanted && show({ name: view, View }));
    return () => (wanted = false);
  }, [view]);
  return shown;
}

function useTitle(app, t, view) {
  const name = app.companion.name || t("title");
  const place = t(`views.${view}`);
  useEffect(() => {
    document.title = place.includes(".") ? name : `${place} – ${name}`;
  }, [name, place]);
}

/** Whoever comes from another view begins at the top, and hears where that is. */
function useArrival(element, app, t, view) {
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) {
      element.current.focus({ preventScroll: true });
      scrollTo(0, 0);
      app.announce(t(`views.${view}`));
    }
    first.current = false;
  }, [view]);
}

/** True once `claim` has held for that long. */
function useLate(claim, after) {
  const [late, set] = useState(false);
  useEffect(() => {
    if (!claim) return set(false);
    const timer = setTimeout(() => set(true), after);
    return () => clearTimeout(timer);
  }, [claim]);
  return claim && late;
}

function skip(event) {
  event.preventDefault(); // the address names the view
  document.getElementById("main").focus();
}

function bound(app) {
  return { t: (key, values) => app.t(`console.shell.${key}`, values) };
}
