/** The display: connects to the companion and shows what it is told. */

import { Acting, STATES } from "./expressions.js";
import { Face } from "./face.js";
import { Subtitles } from "./subtitles.js";
import { MouthTrack, RemoteClock } from "./timing.js";
import { connect } from "./transport.js";

const IDLE_FRAME_MS = 30; // some 30 frames a second are enough at rest; while it speaks, every frame counts

const options = optionsOf(new URL(location.href));
const element = (id) => document.getElementById(id);
const local = () => performance.timeOrigin + performance.now();
const calm = matchMedia("(prefers-reduced-motion: reduce)");

const acting = new Acting({ calm: calm.matches });
const track = new MouthTrack();
const clock = new RemoteClock({ page: options.page, local, wall: () => Date.now() });
const subtitles = new Subtitles(element("subtitle"), element("told"));
let words = null;
let renderer = null;
let lampColour = "";
let state = "away";
let mood = "neutral";

const hearing = {
  state: (message) => {
    if (STATES.includes(message.state)) setState(message.state);
    if (message.mood) setMood(message.mood);
  },
  mouth: (message) => track.push(message),
  expression: ({ name }) => setMood(name),
  motion: ({ name }) => move(name),
  subtitle: (message) => subtitles.show(message),
  clock: (message) => clock.answer(message),
};

await begin();

async function begin() {
  for (const name of ["background", "scheme", "lamp", "subtitles"]) {
    if (options[name]) document.documentElement.dataset[name] = options[name];
  }
  words = await wordsOf("./words.json");
  if (options.transport === "mqtt") await findBroker();
  renderer = (options.avatar !== "own" && (await live2d())) || ownFace();
  tell();
  const line = connect(options, { hear: (message) => hearing[message.type](message), opened, lost: () => setState("away") });
  let asking = 0;
  function opened() {
    clock.restart();
    track.clear();
    clearTimeout(asking);
    ask();
  }
  function ask() {
    const { message, again } = clock.question();
    line.send(message);
    asking = setTimeout(ask, again);
  }
  listenToPointer(line);
  calm.addEventListener("change", () => (acting.calm = calm.matches));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => (lampColour = ""));
  document.documentElement.dataset.ready = renderer.kind;
  requestAnimationFrame(draw);
}

let drawn = 0;
function draw(now) {
  requestAnimationFrame(draw);
  if (state !== "speaking" && now - drawn < IDLE_FRAME_MS) return;
  drawn = now;
  const mouth = track.at(clock.now());
  if (state === "speaking") element("lamp").style.setProperty("--mouth", mouth.open.toFixed(2));
  lampColour ||= getComputedStyle(element("lamp").firstElementChild).color;
  renderer.light?.(lampColour, glowOf(now, mouth));
  renderer.apply(acting.frame(now, mouth));
}

function glowOf(now, mouth) {
  const beat = acting.calm ? 0.5 : 0.5 + 0.5 * Math.sin(now / (state === "thinking" ? 260 : 520));
  return { listening: 0.6 + 0.4 * beat, thinking: 0.25 + 0.65 * beat, speaking: 0.4 + 0.6 * mouth.open, idle: 0.35, deaf: 0.3 * beat }[state] ?? 0.08;
}

function setState(name) {
  if (name === state) return;
  state = name;
  acting.setState(name);
  renderer?.setState?.(name);
  element("lamp").dataset.state = name;
  lampColour = "";
  if (name === "away") track.clear();
  tell();
}

function setMood(name) {
  acting.setExpression(name);
  mood = acting.expression;
  renderer?.express?.(mood);
  tell();
}

function move(name) {
  acting.setMotion(name);
  if (!acting.calm) renderer?.motion?.(name);
}

/** The text alternative: what it does and how it looks. */
function tell() {
  if (!words) return;
  element("lamp-word").textContent = words.states[state] ?? "";
  const alternative = [words.doing[state], words.looks[mood]].filter(Boolean).join(options.language === "zh" ? "" : " ");
  if (element("alternative").textContent !== alternative) element("alternative").textContent = alternative;
}

async function live2d() {
  try {
    const { openLive2d } = await import("./live2d.js");
    return await openLive2d(element("stage"), new URL("../avatar/", import.meta.url), { calm: calm.matches });
  } catch (error) {
    console.warn("the Live2D avatar cannot be shown:", error.message);
    return null;
  }
}

function ownFace() {
  const canvas = document.createElement("canvas");
  canvas.className = "own";
  element("stage").replaceChildren(canvas);
  const face = new Face(canvas);
  new ResizeObserver(() => face.resize()).observe(canvas);
  face.kind = "own";
  return face;
}

function listenToPointer(line) {
  const stage = element("stage");
  addEventListener("pointermove", (event) => {
    const box = stage.getBoundingClientRect();
    const reach = Math.max(box.width, box.height) / 2;
    acting.lookAt((event.clientX - box.left - box.width / 2) / reach, -(event.clientY - box.top - box.height * 0.45) / reach, performance.now());
  });
  stage.addEventListener("click", () => {
    move("tap");
    line.send({ type: "motion", name: "tap" });
  });
}

async function wordsOf(address) {
  const found = await fetchJson(address);
  if (!found) return null;
  document.documentElement.lang = options.language;
  document.title = found[options.language].title;
  return found[options.language];
}

/** Where the address of the page does not say which broker and topic, the companion that serves it does. */
async function findBroker() {
  const found = options.broker && options.topic ? null : await fetchJson("./broker.json");
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  options.broker ??= found?.broker ?? `${scheme}://${location.hostname}:9001/mqtt`;
  options.topic ??= found?.topic ?? "digital-life";
}

/** The JSON at that address; null where there is none. */
async function fetchJson(address) {
  try {
    const answer = await fetch(new URL(address, import.meta.url));
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** What the address asks for; a password stands behind the #, where no server sees it. */
function optionsOf(address) {
  const asked = address.searchParams;
  const secret = new URLSearchParams(address.hash.slice(1));
  const socket = new URL("./socket", address);
  socket.protocol = socket.protocol.replace("http", "ws");
  socket.hash = "";
  const language = asked.get("language") ?? navigator.language;
  return {
    transport: asked.get("transport") === "mqtt" ? "mqtt" : "ws",
    socket: socket.href,
    broker: asked.get("broker"),
    topic: asked.get("topic"),
    user: secret.get("user"),
    password: secret.get("password"),
    language: language.startsWith("zh") ? "zh" : "en",
    background: asked.get("background"),
    scheme: asked.get("scheme"),
    lamp: asked.get("lamp"),
    subtitles: asked.get("subtitles"),
    avatar: asked.get("avatar"),
    page: `page-${Array.from(crypto.getRandomValues(new Uint8Array(6)), (each) => each.toString(16).padStart(2, "0")).join("")}`,
  };
}
