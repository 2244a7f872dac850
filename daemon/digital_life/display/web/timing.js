/** When a mouth is drawn: at the time of the sound it belongs to, by the companion's clock. All of it is pure. */

const HOLDS_MS = 50; // a shape stands for 33 ms; a little longer, as messages may be late
const CLOSES_MS = 90; // without another one the mouth then closes
const JOINED_MS = 120; // shapes further apart than this have a pause between them
const MOST_SHAPES = 3600; // two minutes ahead
const SHUT = Object.freeze({ open: 0, form: 0 });

/** The shapes that are still to come. */
export class MouthTrack {
  constructor() {
    this.shapes = [];
  }

  /** One more; it takes the place of all that was told of its time or a later one. */
  push({ at, open, form }) {
    const { shapes } = this;
    while (shapes.length && shapes[shapes.length - 1].at >= at) shapes.pop();
    shapes.push({ at, open, form });
    if (shapes.length > MOST_SHAPES) shapes.shift();
  }

  clear() {
    this.shapes = [];
  }

  /** The shape at `time`, between the one before and the one after it. */
  at(time) {
    const { shapes } = this;
    while (shapes.length > 1 && shapes[1].at <= time) shapes.shift();
    const [before, after] = shapes;
    if (!before || before.at > time) return SHUT;
    const passed = time - before.at;
    if (after && after.at - before.at <= JOINED_MS) return between(before, after, passed / (after.at - before.at));
    if (passed <= HOLDS_MS) return before;
    return between(before, SHUT, Math.min(1, (passed - HOLDS_MS) / CLOSES_MS));
  }
}

const ASKS_AT_FIRST = 6;
const FIRST_MS = 250;
const LATER_MS = 10000;
const REMEMBERS_MS = 120000;
const SLOWEST_MS = 3000;

/** How far the companion's clock is from this page's: asked now and then, the quickest answer counts. */
export class RemoteClock {
  /** `local` gives the page's own time in ms, steadily; `wall` the machine's, used until an answer has come. */
  constructor({ page, local, wall }) {
    this.page = page;
    this.local = local;
    this.wall = wall;
    this.restart();
  }

  /** Another companion may be at the other end, or its clock was set. */
  restart() {
    this.answers = [];
    this.asked = 0;
  }

  now() {
    const best = this.answers[0];
    return best ? this.local() + best.offset : this.wall();
  }

  /** What to send, and after how many ms to ask again. */
  question() {
    this.asked += 1;
    const message = { type: "clock", page: this.page, sent: this.local() };
    return { message, again: this.asked < ASKS_AT_FIRST ? FIRST_MS : LATER_MS };
  }

  answer({ page, sent, at }) {
    const came = this.local();
    const took = came - sent;
    if (page !== this.page || !(took >= 0 && took < SLOWEST_MS)) return;
    this.answers.push({ took, came, offset: at - (sent + came) / 2 });
    this.answers = this.answers.filter((each) => came - each.came < REMEMBERS_MS).sort((one, other) => one.took - other.took);
  }
}

function between(one, other, share) {
  return { open: one.open + (other.open - one.open) * share, form: one.form + (other.form - one.form) * share };
}
