/**
 * What the face does, as numbers: parameters named as Cubism names them, so that any renderer can draw them.
 * Nothing here draws, and nothing reads a clock: `frame(now, mouth)` is told what time it is.
 *
 * A renderer has `apply(params)`, and may have `express(name)` and `motion(name)` where it has its own.
 */

/** Every parameter at rest. Angles are degrees, the rest lie around 0 to 1 or -1 to 1. */
export const REST = Object.freeze({
  ParamAngleX: 0, ParamAngleY: 0, ParamAngleZ: 0,
  ParamBodyAngleX: 0, ParamBodyAngleZ: 0, ParamBodyY: 0, ParamBreath: 0,
  ParamEyeLOpen: 1, ParamEyeROpen: 1, ParamEyeLSmile: 0, ParamEyeRSmile: 0,
  ParamEyeBallX: 0, ParamEyeBallY: 0, ParamEyeBallForm: 0,
  ParamBrowLY: 0, ParamBrowRY: 0, ParamBrowLAngle: 0, ParamBrowRAngle: 0,
  ParamMouthOpenY: 0, ParamMouthForm: 0.35, ParamMouthPuckerWiden: 0, ParamMouthX: 0, ParamMouthShrug: 0,
  ParamCheek: 0.25, ParamTear: 0, ParamSweat: 0,
  // Of the project's own avatar: -1 hanging, 1 upright.
  ParamEarL: 0.25, ParamEarR: 0.25,
});

/** How each expression differs from rest. L is the left of who looks at it. */
export const EXPRESSIONS = Object.freeze({
  neutral: {},
  happy: {
    ParamEyeLSmile: 1, ParamEyeRSmile: 1, ParamEyeLOpen: -1, ParamEyeROpen: -1,
    ParamBrowLY: 0.5, ParamBrowRY: 0.5, ParamMouthForm: 0.65, ParamMouthOpenY: 0.42, ParamMouthPuckerWiden: 0.35,
    ParamCheek: 0.75, ParamAngleZ: 4, ParamEarL: 0.5, ParamEarR: 0.5,
  },
  sad: {
    ParamEyeLOpen: -0.32, ParamEyeROpen: -0.32, ParamEyeBallY: -0.45,
    ParamBrowLY: -0.1, ParamBrowRY: -0.1, ParamBrowLAngle: 1, ParamBrowRAngle: 1,
    ParamMouthForm: -1.25, ParamMouthPuckerWiden: -0.15, ParamTear: 1, ParamCheek: -0.2,
    ParamAngleY: -9, ParamAngleZ: -4, ParamEarL: -1.2, ParamEarR: -1.2,
  },
  surprised: {
    ParamEyeLOpen: 0.28, ParamEyeROpen: 0.28, ParamEyeBallForm: -0.8, ParamBrowLY: 1, ParamBrowRY: 1,
    ParamMouthOpenY: 0.55, ParamMouthForm: -0.3, ParamMouthPuckerWiden: -0.8, ParamAngleY: 4, ParamBodyY: 0.25,
    ParamEarL: 0.9, ParamEarR: 0.9,
  },
  thinking: {
    ParamEyeBallX: 0.6, ParamEyeBallY: 0.75, ParamEyeLOpen: -0.2, ParamEyeROpen: -0.05,
    ParamBrowLY: -0.35, ParamBrowLAngle: -0.5, ParamBrowRY: 0.75, ParamBrowRAngle: 0.1,
    ParamMouthForm: -0.5, ParamMouthX: 0.8, ParamMouthPuckerWiden: -0.5, ParamAngleX: 7, ParamAngleZ: 9,
    ParamEarL: -0.55, ParamEarR: 0.6,
  },
  worried: {
    ParamEyeLOpen: 0.06, ParamEyeROpen: 0.06, ParamEyeBallForm: -0.45, ParamEyeBallX: -0.3, ParamEyeBallY: -0.1,
    ParamBrowLY: 0.45, ParamBrowRY: 0.45, ParamBrowLAngle: 0.85, ParamBrowRAngle: 0.85,
    ParamMouthForm: -0.6, ParamMouthShrug: 1, ParamMouthPuckerWiden: 0.1, ParamSweat: 1, ParamCheek: -0.25,
    ParamAngleX: -4, ParamAngleZ: -3, ParamEarL: -0.8, ParamEarR: -0.8,
  },
});

/** How it holds itself in each state, added to the expression. */
const STANCES = Object.freeze({
  starting: { ParamEyeLOpen: -0.5, ParamEyeROpen: -0.5, ParamEarL: -0.3, ParamEarR: -0.3 },
  idle: {},
  listening: { ParamEarL: 0.65, ParamEarR: 0.65, ParamAngleZ: -5, ParamAngleY: 3, ParamBrowLY: 0.25, ParamBrowRY: 0.25 },
  thinking: { ParamEyeBallX: 0.35, ParamEyeBallY: 0.5, ParamAngleX: 4, ParamAngleZ: 4, ParamEarL: -0.2, ParamEarR: 0.3 },
  speaking: { ParamEarL: 0.15, ParamEarR: 0.15, ParamAngleY: 2 },
  muted: { ParamEarL: -1.5, ParamEarR: -1.5, ParamEyeLOpen: -0.45, ParamEyeROpen: -0.45, ParamAngleY: -4 },
  deaf: { ParamEarL: -0.9, ParamEarR: -0.2, ParamAngleZ: 6, ParamBrowLAngle: 0.6, ParamBrowRAngle: 0.6, ParamMouthForm: -0.5 },
  stopping: { ParamEyeLOpen: -1, ParamEyeROpen: -1, ParamEarL: -0.9, ParamEarR: -0.9, ParamAngleY: -8 },
  away: { ParamEyeLOpen: -1, ParamEyeROpen: -1, ParamEarL: -0.9, ParamEarR: -0.9, ParamAngleY: -8 },
});
export const STATES = Object.freeze(Object.keys(STANCES));
/** In these it looks at whoever is there rather than around. */
const ATTENTIVE = new Set(["listening", "speaking"]);
/** In these it does not look around at all. */
const RESTING = new Set(["muted", "stopping", "away", "starting"]);

/** Things done once: how long (ms), and what is added at each share of that time. */
const MOTIONS = Object.freeze({
  wake: [900, (share) => ({ ParamBodyY: 0.9 * bump(share, 0, 0.5), ParamEyeLOpen: 0.25 * bump(share, 0, 0.9),
    ParamEyeROpen: 0.25 * bump(share, 0, 0.9), ParamBrowLY: 0.8 * bump(share, 0, 1), ParamBrowRY: 0.8 * bump(share, 0, 1),
    ParamEarL: 1.1 * bump(share, 0, 0.8), ParamEarR: 1.1 * bump(share, 0.08, 0.9), ParamMouthForm: 0.5 * bump(share, 0, 1) })],
  tap: [1100, (share) => ({ ParamBodyY: -0.7 * bump(share, 0, 0.25) + 0.7 * bump(share, 0.2, 0.6),
    ParamEyeLSmile: bump(share, 0.05, 1), ParamEyeRSmile: bump(share, 0.05, 1), ParamEyeLOpen: -1.2 * bump(share, 0.05, 1),
    ParamEyeROpen: -1.2 * bump(share, 0.05, 1), ParamMouthForm: 0.8 * bump(share, 0.1, 1),
    ParamMouthOpenY: 0.4 * bump(share, 0.1, 0.9), ParamCheek: 0.7 * bump(share, 0, 1),
    ParamAngleZ: 7 * Math.sin(share * Math.PI * 4) * (1 - share), ParamEarL: -0.8 * bump(share, 0, 0.3), ParamEarR: -0.8 * bump(share, 0, 0.3) })],
  idle: [2600, (share) => ({ ParamAngleX: 16 * Math.sin(share * Math.PI * 2), ParamEyeBallX: 0.7 * Math.sin(share * Math.PI * 2),
    ParamAngleY: 3 * bump(share, 0, 1), ParamEarR: 0.7 * bump(share, 0.15, 0.3), ParamEarL: 0.7 * bump(share, 0.65, 0.8) })],
  nod: [900, (share) => ({ ParamAngleY: -11 * Math.abs(Math.sin(share * Math.PI * 2)) * (1 - share * 0.4) })],
  shake: [900, (share) => ({ ParamAngleX: 14 * Math.sin(share * Math.PI * 4) * (1 - share) })],
});

const EASE_MS = 110; // an expression has mostly come after twice that
const BLINK_MS = [70, 40, 130]; // closing, closed, opening
const STARES_MS = 1600;
const GAZE_MS = 45; // eyes jump
const HEAD_MS = 260; // the head comes after them
const FOLLOW_MS = 4000; // it follows a pointer for so long after it moved

/** One character, acting. */
export class Acting {
  /** `random` gives 0 to 1; with `calm` it neither sways nor looks around (prefers-reduced-motion). */
  constructor({ random = Math.random, calm = false } = {}) {
    this.random = random;
    this.calm = calm;
    this.state = "idle";
    this.expression = "neutral";
    this.eased = { ...REST };
    this.ears = { L: [REST.ParamEarL, 0], R: [REST.ParamEarR, 0] };
    this.gaze = { x: 0, y: 0, wantX: 0, wantY: 0, until: 0 };
    this.head = { x: 0, y: 0 };
    this.pointer = { x: 0, y: 0, at: -Infinity };
    this.blinkAt = 1500;
    this.blinksAgain = false;
    this.doing = null;
    this.idleAt = 20000;
    this.energy = 0;
    this.now = null;
  }

  setState(state) {
    if (Object.hasOwn(STANCES, state)) this.state = state;
  }

  setExpression(name) {
    if (!Object.hasOwn(EXPRESSIONS, name)) return;
    // Nobody blinks in surprise.
    if (name === "surprised" && name !== this.expression) this.blinkAt = Math.max(this.blinkAt, (this.now ?? 0) + STARES_MS);
    this.expression = name;
  }

  /** Whether it knows such a motion. */
  setMotion(name) {
    const motion = Object.hasOwn(MOTIONS, name) ? MOTIONS[name] : null;
    if (motion && !this.calm) this.doing = { motion, began: null };
    return Boolean(motion);
  }

  /** Somebody is there: -1 to 1 from its middle, right and up positive. */
  lookAt(x, y, now) {
    this.pointer = { x: clamp(x, -1, 1), y: clamp(y, -1, 1), at: now };
  }

  /** All parameters at `now` (ms, only differences mean something), the mouth as {open, form}. */
  frame(now, mouth = { open: 0, form: 0 }) {
    const passed = this.now === null ? 1000 : clamp(now - this.now, 0, 1000);
    this.now = now;
    const target = added({ ...REST }, EXPRESSIONS[this.expression], STANCES[this.state]);
    const share = 1 - Math.exp(-passed / (this.calm ? 40 : EASE_MS));
    for (const name in target) this.eased[name] += (target[name] - this.eased[name]) * share;
    const params = { ...this.eased };
    this.#look(params, now, passed);
    if (!this.calm) this.#live(params, now);
    this.#speak(params, mouth, passed);
    this.#move(params, now);
    this.#perk(params, passed);
    this.#blink(params, now);
    return params;
  }

  #look(params, now, passed) {
    const { gaze, head } = this;
    const follows = now - this.pointer.at < FOLLOW_MS;
    if (follows) [gaze.wantX, gaze.wantY] = [this.pointer.x, this.pointer.y];
    else if (RESTING.has(this.state) || this.calm) [gaze.wantX, gaze.wantY] = [0, 0];
    else if (now > gaze.until) this.#wander(now);
    const quick = 1 - Math.exp(-passed / GAZE_MS);
    const slow = 1 - Math.exp(-passed / HEAD_MS);
    gaze.x += (gaze.wantX - gaze.x) * quick;
    gaze.y += (gaze.wantY - gaze.y) * quick;
    head.x += (gaze.wantX - head.x) * slow;
    head.y += (gaze.wantY - head.y) * slow;
    params.ParamEyeBallX = clamp(params.ParamEyeBallX + gaze.x * 0.8, -1, 1);
    params.ParamEyeBallY = clamp(params.ParamEyeBallY + gaze.y * 0.7, -1, 1);
    params.ParamAngleX += head.x * 14;
    params.ParamAngleY += head.y * 9;
    params.ParamBodyAngleX += head.x * 4;
  }

  /** Look somewhere else: far at rest, hardly away from whoever it talks with. */
  #wander(now) {
    const { gaze, random } = this;
    const reach = ATTENTIVE.has(this.state) ? 0.1 : this.state === "thinking" ? 0.3 : 0.55;
    const home = random() < (ATTENTIVE.has(this.state) ? 0.7 : 0.45);
    const far = home ? 0 : reach * (0.4 + 0.6 * random());
    const angle = random() * Math.PI * 2;
    const [x, y] = [far * Math.cos(angle), far * Math.sin(angle) * 0.5];
    if (Math.hypot(x - gaze.wantX, y - gaze.wantY) > 0.45 && random() < 0.5) this.blinkAt = Math.min(this.blinkAt, now);
    [gaze.wantX, gaze.wantY] = [x, y];
    gaze.until = now + 700 + 2800 * random() ** 1.5;
  }

  #live(params, now) {
    const second = now / 1000;
    params.ParamBreath = 0.5 - 0.5 * Math.cos(second * Math.PI * 2 * (this.state === "speaking" ? 0.32 : 0.23));
    params.ParamAngleX += 1.6 * Math.sin(second * 0.53) + 0.8 * Math.sin(second * 1.31);
    params.ParamAngleY += 1.2 * Math.sin(second * 0.71 + 1);
    params.ParamAngleZ += 1.5 * Math.sin(second * 0.43 + 2) + 0.5 * Math.sin(second * 1.13);
    params.ParamBodyAngleZ += 0.7 * Math.sin(second * 0.37);
    if (this.state === "idle" && now > this.idleAt) {
      if (!this.doing) this.setMotion("idle");
      this.idleAt = now + 18000 + 24000 * this.random();
    }
  }

  #speak(params, mouth, passed) {
    const open = clamp(mouth.open, 0, 1);
    // What the expression opens by itself gives way to the sound.
    const own = params.ParamMouthOpenY * (this.state === "speaking" ? 0 : 1);
    params.ParamMouthOpenY = Math.max(own, open);
    params.ParamMouthPuckerWiden = clamp(
      params.ParamMouthPuckerWiden * (this.state === "speaking" ? 0.4 : 1) + clamp(mouth.form, -1, 1) * Math.min(1, open * 3), -1, 1);
    this.energy += (open - this.energy) * (1 - Math.exp(-passed / 180));
    if (this.calm) return;
    params.ParamAngleY += this.energy * 4;
    params.ParamBrowLY += this.energy * 0.3;
    params.ParamBrowRY += this.energy * 0.3;
    params.ParamBodyY += this.energy * 0.12;
  }

  #move(params, now) {
    if (!this.doing) return;
    this.doing.began ??= now;
    const [lasts, pose] = this.doing.motion;
    const share = (now - this.doing.began) / lasts;
    if (share >= 1) this.doing = null;
    else added(params, pose(share));
  }

  /** The ears are soft: they swing a little when they are moved. */
  #perk(params, passed) {
    for (const side of ["L", "R"]) {
      const wanted = params[`ParamEar${side}`] + (side === "L" ? 1 : -1) * this.head.x * 0.12;
      const ear = this.ears[side];
      if (this.calm || passed > 200) [ear[0], ear[1]] = [wanted, 0];
      for (let left = this.calm ? 0 : passed; left > 0; left -= 8) {
        const step = Math.min(left, 8) / 1000;
        ear[1] += ((wanted - ear[0]) * 190 - ear[1] * 15) * step;
        ear[0] += ear[1] * step;
      }
      params[`ParamEar${side}`] = ear[0];
    }
  }

  #blink(params, now) {
    const [closing, closed, opening] = BLINK_MS;
    const since = now - this.blinkAt;
    if (since < 0) return;
    let shut = 0;
    if (since < closing) shut = since / closing;
    else if (since < closing + closed) shut = 1;
    else if (since < closing + closed + opening) shut = 1 - (since - closing - closed) / opening;
    else this.#blinkLater(now);
    for (const name of ["ParamEyeLOpen", "ParamEyeROpen"]) params[name] = Math.max(0, params[name]) * (1 - smooth(shut));
  }

  /** People blink every 2 to 7 s, and now and then twice. */
  #blinkLater(now) {
    const twice = !this.blinksAgain && this.random() < 0.14;
    this.blinksAgain = twice;
    this.blinkAt = now + (twice ? 130 : 1800 + 4800 * this.random() ** 1.4);
  }
}

function added(params, ...poses) {
  for (const pose of poses) for (const name in pose) params[name] = (params[name] ?? 0) + pose[name];
  return params;
}

export function clamp(value, low, high) {
  return Math.min(high, Math.max(low, Number.isFinite(value) ? value : low));
}

export function smooth(share) {
  return share * share * (3 - 2 * share);
}

/** 0 before `from`, up to 1 and back to 0 at `to`. */
function bump(share, from, to) {
  return share <= from || share >= to ? 0 : Math.sin(((share - from) / (to - from)) * Math.PI);
}
