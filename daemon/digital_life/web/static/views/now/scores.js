/** The scores of the last ten seconds, drawn as they come. */

import { html, useEffect, useRef } from "../../vendor/htm-preact.js";
import { scoreOf } from "./figures.js";

const FRAMES = 125;
const HEIGHT = 100;
const READ_EVERY = 4; // frames, for the figures beside it

/** `words` are those of `/api/now/wakes`. */
export function Scores({ app, t, senses, words }) {
  const drawing = useRef();
  const figures = useRef();
  const phrases = words.map((word) => word.phrase).join(" ");
  useEffect(() => {
    const course = new Course(words.map((word) => word.phrase));
    let frame = 0;
    const tell = () => figures.current?.querySelectorAll("[data-score]").forEach((figure, index) => (figure.textContent = scoreOf(course.best(index), app)));
    tell(); // written past the drawing, which leaves them empty
    return senses.watch((message) => {
      if (!message || !drawing.current) return;
      course.add(message.scores);
      drawing.current.querySelectorAll("polyline").forEach((line, index) => draw(line, course.points(index)));
      drawing.current.classList.toggle("gated", message.gated);
      if (frame++ % READ_EVERY === 0) tell();
    });
  }, [phrases, app.language]);
  return html`<div class="stack tight">
    <svg class="scores" ref=${drawing} viewBox="0 0 ${FRAMES - 1} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${t("wake-live")}>
      ${words.map((word, index) => html`<line key=${`needed-${word.phrase}`} class="needed word-${index % 4}" x1="0" x2=${FRAMES - 1} y1=${heightOf(word.threshold)} y2=${heightOf(word.threshold)} />`)}
      ${words.map((word, index) => html`<polyline key=${word.phrase} class="word-${index % 4}" points="" />`)}
    </svg>
    <ul class="legend" ref=${figures}>
      ${words.map(
        (word, index) => html`<li key=${word.phrase}><span class="swatch word-${index % 4}" aria-hidden="true"></span><strong>${word.written}</strong>
          <span class="figure" data-score></span> <span class="muted">${t("wake-threshold", { n: scoreOf(word.threshold, app) })}</span></li>`,
      )}
    </ul>
    <p class="hint">${t("wake-scale")}</p>
  </div>`;
}

/** What each word scored, frame by frame; the oldest is left out. */
class Course {
  constructor(phrases) {
    this.phrases = phrases;
    this.scores = phrases.map(() => new Array(FRAMES).fill(0));
  }

  add(scores) {
    this.phrases.forEach((phrase, index) => {
      this.scores[index].push(scores[phrase] ?? 0);
      this.scores[index].shift();
    });
  }

  points(index) {
    return this.scores[index].map((score, at) => `${at},${heightOf(score)}`).join(" ");
  }

  /** Of the latest frames. */
  best(index) {
    return Math.max(...this.scores[index].slice(-READ_EVERY));
  }
}

/** A line that lies still is not painted again. */
function draw(line, points) {
  if (line.getAttribute("points") !== points) line.setAttribute("points", points);
}

function heightOf(score) {
  return (HEIGHT - 2 - score * (HEIGHT - 6)).toFixed(1);
}
