/** The project's own avatar: a small creature with leaves for ears, drawn on a canvas from Cubism's parameters. */

import { clamp } from "./expressions.js";

const UNITS = 1110; // the drawing is so wide and high
const MIDDLE = 0.52; // and its origin, in the middle of the face, at this share of the height
const MOST_PIXELS = 900; // a larger canvas is not worth its time
const EYE_X = 128;
const EYE_Y = 22;

const INK = "#5b3c31";
const COLOURS = {
  furLight: "#fffaf1", fur: "#fdeeda", furShade: "#efcfae", furDeep: "#dbaf8b",
  leafLight: "#8fdcae", leaf: "#4fb694", leafDeep: "#24806f",
  scarf: "#ef8a62", scarfDeep: "#c95f48", scarfLight: "#ffb48c",
  blush: "#ff8f86", nose: "#c6786b", mouth: "#7d2f3c", mouthDeep: "#541c2b", tongue: "#f4878b",
  irisTop: "#173a46", iris: "#2b8c8a", irisLow: "#8ff0cf", pupil: "#0f2530", sclera: "#ffffff", scleraShade: "#e6ebf0",
  water: "#9fd8ff",
};

export class Face {
  /** Draws into `canvas`, which the style sheet gives its size. */
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d");
    this.light("rgb(127, 200, 169)", 0.35);
    this.drawn = null;
    this.resize();
  }

  resize() {
    const box = this.canvas.getBoundingClientRect();
    const wanted = Math.min(box.width, box.height) * (globalThis.devicePixelRatio || 1);
    const size = Math.max(64, Math.round(Math.min(MOST_PIXELS, wanted)));
    if (this.canvas.width !== size || this.canvas.height !== size) this.canvas.width = this.canvas.height = size;
    this.paints = paintsOf(this.pen);
    this.drawn = null;
  }

  /** The bud on its head glows in this colour, as the browser writes it: "rgb(r, g, b)". */
  light(colour, strength) {
    this.glow = { colour, strength, faded: colour.replace("rgb(", "rgba(").replace(")", ", 0)") };
  }

  apply(params) {
    const { pen, canvas } = this;
    const key = keyOf(params, this.glow);
    if (key === this.drawn) return; // nothing moved by as much as could be seen
    this.drawn = key;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    const scale = canvas.width / UNITS;
    pen.setTransform(scale, 0, 0, scale, canvas.width / 2, canvas.height * MIDDLE);
    pen.lineCap = pen.lineJoin = "round";
    const view = viewOf(params);
    this.#body(params, view);
    this.#head(params, view);
  }

  #body(params, view) {
    const { pen, paints } = this;
    pen.fillStyle = paints.ground;
    pen.beginPath();
    pen.ellipse(0, 494, 250, 26, 0, 0, Math.PI * 2);
    pen.fill();
    pen.save();
    pen.translate(view.bodyX, 480);
    pen.rotate(radians(params.ParamBodyAngleZ));
    pen.scale(1 - params.ParamBreath * 0.006 + view.squash * 0.03, 1 + params.ParamBreath * 0.02 - view.squash * 0.06 + view.jump * 0.05);
    pen.translate(0, -480);
    pen.beginPath();
    pen.moveTo(-128, 496);
    pen.bezierCurveTo(-238, 492, -246, 424, -218, 352);
    pen.bezierCurveTo(-192, 280, -150, 170, 0, 150);
    pen.bezierCurveTo(150, 170, 192, 280, 218, 352);
    pen.bezierCurveTo(246, 424, 238, 492, 128, 496);
    pen.closePath();
    pen.fillStyle = paints.body;
    pen.fill();
    outline(pen, 6, 0.5);
    pen.beginPath(); // a lighter belly
    pen.ellipse(0, 424, 122, 78, 0, 0, Math.PI * 2);
    pen.fillStyle = "rgba(255,252,244,0.7)";
    pen.fill();
    for (const side of [-1, 1]) this.#paw(side);
    pen.restore();
  }

  #paw(side) {
    const { pen } = this;
    pen.save();
    pen.translate(side * 96, 458);
    pen.rotate(side * 0.12);
    pen.beginPath();
    pen.ellipse(0, 0, 62, 43, 0, 0, Math.PI * 2);
    pen.fillStyle = COLOURS.fur;
    pen.fill();
    outline(pen, 5.5, 0.45);
    pen.beginPath();
    for (const toe of [-19, 17]) {
      pen.moveTo(toe, 14);
      pen.quadraticCurveTo(toe * 0.96, 26, toe * 1.04, 36);
    }
    outline(pen, 5, 0.35);
    pen.restore();
  }

  #scarf(view) {
    const { pen, paints } = this;
    pen.save();
    pen.translate(view.bodyX * 0.8, view.lift * 0.55 - 14);
    pen.beginPath(); // the end that hangs down
    pen.moveTo(66, 252);
    pen.bezierCurveTo(120, 300, 128, 350, 112, 398);
    pen.lineTo(54, 384);
    pen.bezierCurveTo(62, 340, 50, 300, 22, 268);
    pen.closePath();
    pen.fillStyle = COLOURS.scarfDeep;
    pen.fill();
    outline(pen, 5, 0.4);
    pen.beginPath();
    pen.moveTo(-168, 196);
    pen.bezierCurveTo(-120, 176, 120, 176, 168, 196);
    pen.bezierCurveTo(210, 244, 194, 292, 148, 308);
    pen.bezierCurveTo(70, 340, -70, 340, -148, 308);
    pen.bezierCurveTo(-194, 292, -210, 244, -168, 196);
    pen.closePath();
    pen.fillStyle = paints.scarf;
    pen.fill();
    outline(pen, 6, 0.45);
    pen.save(); // the head's shadow lies on it
    pen.clip();
    pen.beginPath();
    pen.ellipse(view.headX - view.bodyX * 0.8, 204 + view.headY, 250, 66, 0, 0, Math.PI * 2);
    pen.fillStyle = "rgba(120,40,30,0.3)";
    pen.fill();
    pen.restore();
    pen.beginPath();
    pen.moveTo(-140, 288);
    pen.bezierCurveTo(-80, 318, 0, 318, 44, 308);
    pen.strokeStyle = "rgba(255,220,190,0.55)";
    pen.lineWidth = 7;
    pen.stroke();
    pen.beginPath(); // the knot
    pen.ellipse(62, 296, 36, 31, -0.35, 0, Math.PI * 2);
    pen.fillStyle = paints.knot;
    pen.fill();
    outline(pen, 5, 0.45);
    pen.restore();
  }

  #head(params, view) {
    const { pen } = this;
    pen.save();
    pen.translate(view.headX, view.headY + view.lift);
    pen.translate(0, 210);
    pen.rotate(radians(params.ParamAngleZ));
    pen.scale(1 + view.squash * 0.05, 1 - view.squash * 0.05);
    pen.translate(0, -210);
    this.#ear(-1, params.ParamEarL, view);
    this.#ear(1, params.ParamEarR, view);
    pen.restore();

    this.#scarf(view);

    pen.save();
    pen.translate(view.headX, view.headY + view.lift);
    pen.translate(0, 210);
    pen.rotate(radians(params.ParamAngleZ));
    pen.scale(1 + view.squash * 0.05, 1 - view.squash * 0.05);
    pen.translate(0, -210);
    this.#sprout(params, view);
    this.#skull(view);
    this.#cheeks(params, view);
    this.#muzzle(params, view);
    this.#eye(-1, params, view);
    this.#eye(1, params, view);
    this.#brow(-1, params.ParamBrowLY, params.ParamBrowLAngle, view);
    this.#brow(1, params.ParamBrowRY, params.ParamBrowRAngle, view);
    this.#drops(params, view);
    pen.restore();
  }

  #ear(side, upright, view) {
    const { pen, paints } = this;
    const up = clamp(upright, -1.6, 1.5);
    pen.save();
    pen.translate(side * 196 - view.turn * 26, -176 - view.nod * 10 + Math.max(0, -up) * 26);
    pen.rotate(side * radians(up > 0 ? 42 - up * 25 : 42 - up * 76));
    pen.scale(side * (1 + side * view.turn * 0.12), 1);
    leaf(pen, 104, 288, 0);
    pen.fillStyle = paints.leaf;
    pen.fill();
    outline(pen, 6, 0.5, COLOURS.leafDeep);
    leaf(pen, 56, 210, -34);
    pen.fillStyle = paints.leafInner;
    pen.fill();
    pen.beginPath();
    pen.moveTo(0, -18);
    pen.quadraticCurveTo(14, -140, -2, -252);
    for (const [from, reach] of [[-92, 46], [-142, 42], [-192, 30]]) {
      pen.moveTo(8, from);
      pen.quadraticCurveTo(reach * 0.6, from - 12, reach, from - 40);
      pen.moveTo(8, from);
      pen.quadraticCurveTo(-reach * 0.5, from - 12, -reach * 0.8, from - 40);
    }
    pen.strokeStyle = "rgba(28,110,94,0.38)";
    pen.lineWidth = 5;
    pen.stroke();
    pen.restore();
  }

  #skull(view) {
    const { pen, paints } = this;
    const turn = view.turn * 14;
    pen.beginPath();
    pen.moveTo(turn, -268);
    pen.bezierCurveTo(176, -274, 292, -176, 306, -20);
    pen.bezierCurveTo(312, 26, 326, 62, 356, 84); // the first tuft of the cheek
    pen.bezierCurveTo(334, 96, 322, 104, 316, 116);
    pen.bezierCurveTo(322, 134, 330, 144, 338, 152); // and the second
    pen.bezierCurveTo(286, 216, 150, 250, 0, 250);
    pen.bezierCurveTo(-150, 250, -286, 216, -338, 152);
    pen.bezierCurveTo(-330, 144, -322, 134, -316, 116);
    pen.bezierCurveTo(-322, 104, -334, 96, -356, 84);
    pen.bezierCurveTo(-326, 62, -312, 26, -306, -20);
    pen.bezierCurveTo(-292, -176, -176, -274, turn, -268);
    pen.closePath();
    pen.fillStyle = paints.fur;
    pen.fill();
    outline(pen, 7, 0.55);
    // A soft patch of light on the forehead.
    pen.save();
    pen.clip();
    pen.translate(view.turn * 40, 0);
    pen.fillStyle = paints.brow;
    pen.fillRect(-360, -290, 720, 560);
    pen.restore();
  }

  /** Two leaflets and a bud that glows, swinging against the head. */
  #sprout(params, view) {
    const { pen, glow } = this;
    pen.save();
    pen.translate(view.turn * 34, -256 - view.nod * 16);
    const swing = view.turn * -30 + (params.ParamEarL - params.ParamEarR) * 10;
    const rise = -78 - clamp(params.ParamEarL + params.ParamEarR, -2, 2) * 12;
    pen.beginPath();
    pen.moveTo(0, 6);
    pen.quadraticCurveTo(swing * 0.2, rise * 0.55, swing, rise);
    pen.strokeStyle = COLOURS.leafDeep;
    pen.lineWidth = 11;
    pen.stroke();
    for (const side of [-1, 1]) {
      pen.save();
      pen.translate(swing * 0.25, rise * 0.42);
      pen.rotate(side * radians(64 - clamp(params.ParamEarL + params.ParamEarR, -2, 2) * 9));
      pen.scale(side, 1);
      leaf(pen, 30, 74, 0);
      pen.fillStyle = side < 0 ? COLOURS.leafLight : COLOURS.leaf;
      pen.fill();
      outline(pen, 5, 0.5, COLOURS.leafDeep);
      pen.restore();
    }
    const halo = pen.createRadialGradient(swing, rise - 12, 4, swing, rise - 12, 92);
    halo.addColorStop(0, glow.colour);
    halo.addColorStop(1, glow.faded);
    pen.globalAlpha = clamp(glow.strength, 0, 1) * 0.75;
    pen.fillStyle = halo;
    pen.fillRect(swing - 92, rise - 104, 184, 184);
    pen.globalAlpha = 1;
    pen.beginPath();
    pen.moveTo(swing, rise - 44);
    pen.bezierCurveTo(swing + 34, rise - 18, swing + 26, rise + 16, swing, rise + 16);
    pen.bezierCurveTo(swing - 26, rise + 16, swing - 34, rise - 18, swing, rise - 44);
    pen.fillStyle = glow.colour;
    pen.fill();
    outline(pen, 5, 0.45);
    pen.beginPath();
    pen.ellipse(swing - 7, rise - 12, 5, 10, 0.35, 0, Math.PI * 2);
    pen.fillStyle = "rgba(255,255,255,0.85)";
    pen.fill();
    pen.restore();
  }

  #cheeks(params, view) {
    const { pen, paints } = this;
    for (const side of [-1, 1]) {
      pen.save();
      pen.translate(side * 214 + view.turn * 88, 106 - view.nod * 50);
      pen.scale(1 - Math.max(0, -side * view.turn) * 0.3, 1);
      pen.globalAlpha = clamp(0.25 + params.ParamCheek * 0.75, 0, 1);
      pen.fillStyle = paints.blush;
      pen.save();
      pen.scale(1, 0.68);
      pen.fillRect(-80, -80, 160, 160);
      pen.restore();
      const lines = clamp(params.ParamCheek * 1.6 - 0.7, 0, 1);
      if (lines > 0.02) {
        pen.globalAlpha = lines * 0.6;
        pen.beginPath();
        for (const x of [-26, 0, 26]) {
          pen.moveTo(x + 7, -13);
          pen.lineTo(x - 7, 13);
        }
        pen.strokeStyle = "#e5655f";
        pen.lineWidth = 6;
        pen.stroke();
      }
      pen.restore();
    }
  }

  #muzzle(params, view) {
    const { pen } = this;
    pen.save();
    pen.translate(view.turn * 112, 98 - view.nod * 66);
    pen.scale(1 - Math.abs(view.turn) * 0.12, 1);
    pen.beginPath();
    pen.ellipse(0, 34, 122, 78, 0, 0, Math.PI * 2);
    pen.fillStyle = "rgba(255,253,247,0.62)";
    pen.fill();
    pen.beginPath();
    pen.moveTo(-19, -10);
    pen.bezierCurveTo(-12, -19, 12, -19, 19, -10);
    pen.bezierCurveTo(22, 0, 8, 12, 0, 12);
    pen.bezierCurveTo(-8, 12, -22, 0, -19, -10);
    pen.fillStyle = COLOURS.nose;
    pen.fill();
    pen.beginPath();
    pen.ellipse(-5, -8, 6, 3, -0.2, 0, Math.PI * 2);
    pen.fillStyle = "rgba(255,255,255,0.7)";
    pen.fill();
    this.#mouth(params);
    pen.restore();
  }

  #mouth(params) {
    const { pen } = this;
    const lips = lipsOf(params);
    const shape = new Path2D();
    pen.save();
    pen.translate(lips.x, 0);
    if (lips.smile > -0.1 && lips.wave < 1) {
      pen.beginPath(); // from the nose to the lip
      pen.moveTo(-lips.x, 12);
      pen.lineTo(0, lips.middle);
      outline(pen, 6, 0.55);
    }
    upperLip(shape, lips);
    if (lips.open > 0.03) {
      lowerLip(shape, lips);
      this.#inside(shape, lips);
    }
    pen.globalAlpha = 0.95;
    pen.strokeStyle = INK;
    pen.lineWidth = 8;
    pen.stroke(shape);
    pen.restore();
  }

  #inside(shape, { half, top, drop, low, open, wide }) {
    const { pen } = this;
    pen.save();
    pen.fillStyle = COLOURS.mouth;
    pen.fill(shape);
    pen.clip(shape);
    pen.fillStyle = COLOURS.mouthDeep;
    pen.beginPath();
    pen.ellipse(0, top + drop * 0.3, half * 0.62, drop * 0.36, 0, 0, Math.PI * 2);
    pen.fill();
    pen.fillStyle = COLOURS.tongue;
    pen.beginPath();
    pen.ellipse(0, low + 10, half * 0.74, 12 + drop * 0.36, 0, 0, Math.PI * 2);
    pen.fill();
    const shown = clamp((open - 0.12) * 6, 0, 1) * clamp((wide + 0.5) * 3, 0, 1);
    if (shown > 0) {
      pen.globalAlpha = shown;
      pen.fillStyle = "#fffdf8"; // the upper teeth
      pen.beginPath();
      pen.roundRect(-half * 0.6, top - 30, half * 1.2, 34 + drop * 0.13, 10);
      pen.fill();
    }
    pen.restore();
  }

  #eye(side, params, view) {
    const { pen, paints } = this;
    const open = clamp(side < 0 ? params.ParamEyeLOpen : params.ParamEyeROpen, 0, 1.35);
    const smile = clamp(side < 0 ? params.ParamEyeLSmile : params.ParamEyeRSmile, 0, 1);
    const lids = lidsOf(open, smile);
    pen.save();
    pen.translate(side * EYE_X + view.turn * 84, EYE_Y - view.nod * 52);
    pen.scale(side * (1 - Math.max(0, -side * view.turn) * 0.28), 1); // from here on the outer corner is at +x
    if (open > 0.06) {
      pen.save();
      eyeShape(pen, lids);
      pen.fillStyle = paints.sclera;
      pen.fill();
      pen.clip();
      this.#iris(side, params);
      pen.beginPath(); // the shadow of the upper lid
      pen.moveTo(-80, lids.corner);
      pen.bezierCurveTo(-44, lids.upper - 16, 44, lids.upper - 16, 80, lids.corner);
      pen.lineTo(80, lids.corner + 16);
      pen.bezierCurveTo(44, lids.upper + 20, -44, lids.upper + 20, -80, lids.corner + 16);
      pen.fillStyle = "rgba(40,30,50,0.2)";
      pen.fill();
      pen.restore();
      pen.beginPath(); // the lower lid
      pen.moveTo(50, lids.corner + 22 * Math.min(1, open));
      pen.bezierCurveTo(34, lids.lower * 0.99 + 6, -30, lids.lower * 0.99 + 8, -48, lids.corner + 26 * Math.min(1, open));
      outline(pen, 4.5, 0.4);
    }
    lash(pen, lids, open, smile);
    pen.restore();
  }

  #iris(side, params) {
    const { pen, paints } = this;
    const size = 1 + params.ParamEyeBallForm * 0.3;
    const x = side * clamp(params.ParamEyeBallX, -1, 1) * 22 - 2;
    const y = -clamp(params.ParamEyeBallY, -1, 1) * 22 + 2;
    pen.save();
    pen.translate(x, y);
    pen.save();
    pen.scale(size, size);
    pen.beginPath();
    pen.ellipse(0, 0, 47, 58, 0, 0, Math.PI * 2);
    pen.fillStyle = paints.iris;
    pen.fill();
    pen.strokeStyle = "rgba(12,34,44,0.85)";
    pen.lineWidth = 5;
    pen.stroke();
    pen.beginPath();
    pen.ellipse(0, 4, 21, 28, 0, 0, Math.PI * 2);
    pen.fillStyle = COLOURS.pupil;
    pen.fill();
    pen.beginPath(); // light falls through from below
    pen.ellipse(0, 36, 28, 13, 0, 0, Math.PI * 2);
    pen.fillStyle = "rgba(196,255,229,0.5)";
    pen.fill();
    pen.restore();
    // The lights are mirrored back: they come from one window.
    pen.scale(side, 1);
    const wet = 1 + clamp(params.ParamTear, 0, 1) * 0.22;
    pen.fillStyle = "#ffffff";
    pen.beginPath();
    pen.ellipse(-15, -24, 14.5 * wet, 18 * wet, 0.35, 0, Math.PI * 2);
    pen.fill();
    pen.beginPath();
    pen.ellipse(17, 22, 7.5 * wet, 9 * wet, 0, 0, Math.PI * 2);
    pen.fill();
    pen.restore();
  }

  #brow(side, height, angle, view) {
    const { pen } = this;
    pen.save();
    pen.translate(side * (EYE_X + 2) + view.turn * 82, EYE_Y - 112 - clamp(height, -1.5, 1.6) * 27 - view.nod * 50);
    pen.scale(side * (1 - Math.max(0, -side * view.turn) * 0.25), 1);
    pen.rotate(radians(clamp(angle, -1.5, 1.5) * 21)); // a positive angle lifts the inner end
    pen.beginPath();
    pen.moveTo(-42, 8);
    pen.bezierCurveTo(-18, -13, 20, -13, 44, 7);
    pen.bezierCurveTo(20, 1, -16, 3, -40, 16);
    pen.closePath();
    pen.fillStyle = "#a06a4d";
    pen.strokeStyle = "#a06a4d";
    pen.lineWidth = 5;
    pen.fill();
    pen.stroke();
    pen.restore();
  }

  #drops(params, view) {
    const { pen } = this;
    const sweat = clamp(params.ParamSweat, 0, 1);
    if (sweat > 0.03) drop(pen, 246 + view.turn * 60, -118 + sweat * 26, 34 * sweat, sweat);
    const tear = clamp(params.ParamTear, 0, 1);
    if (tear > 0.03) {
      for (const side of [-1, 1]) drop(pen, side * (EYE_X + 46) + view.turn * 84, 96 - view.nod * 50, 17 * tear, tear * 0.95);
    }
  }
}

function viewOf(params) {
  const turn = Math.sin(radians(clamp(params.ParamAngleX, -40, 40)));
  const nod = Math.sin(radians(clamp(params.ParamAngleY, -40, 40)));
  const jump = params.ParamBodyY;
  return {
    turn, nod,
    headX: turn * 30 + params.ParamBodyAngleX * 3,
    headY: -nod * 34 - params.ParamBreath * 7,
    bodyX: params.ParamBodyAngleX * 2 + turn * 8,
    jump: clamp(jump, 0, 1),
    lift: -Math.max(jump, -1) * 34,
    squash: clamp(-jump, -0.6, 1) * 1.2,
  };
}

/** The corners, the middle of the upper lip and the lowest point of the mouth. */
function lipsOf(params) {
  const open = clamp(params.ParamMouthOpenY, 0, 1);
  const smile = clamp(params.ParamMouthForm, -1, 1);
  const wide = clamp(params.ParamMouthPuckerWiden, -1, 1);
  const round = Math.max(0, -wide) * Math.min(1, open * 4);
  const top = 34 - round * 8;
  const drop = open * (102 - 24 * Math.max(0, wide)) + round * 12;
  return {
    open, smile, wide, round, top, drop,
    x: params.ParamMouthX * 34,
    half: 62 * (1 + (wide > 0 ? 0.42 * wide : 0.5 * wide)) * (1 - 0.1 * open),
    corner: top - smile * (22 - 8 * open) * (1 - round) + round * drop * 0.42,
    middle: top - Math.max(0, smile) * 7 * (1 - open) - round * 6,
    dip: top + smile * 17 * (1 - open * 0.8) * (1 - round) - open * 6 - round * 12,
    low: top + drop + 8,
    wave: clamp(params.ParamMouthShrug, 0, 1) * (1 - open) * 11,
  };
}

/** A cat's lip: down from the corners and up to the middle, as far as it smiles. */
function upperLip(path, { half, corner, middle, dip, top, wave, round }) {
  path.moveTo(-half, corner);
  if (wave > 0.5) {
    const quarter = half / 2;
    path.quadraticCurveTo(-quarter * 1.5, top - wave * 1.7, -quarter, top);
    path.quadraticCurveTo(-quarter * 0.5, top + wave * 1.7, 0, top);
    path.quadraticCurveTo(quarter * 0.5, top - wave * 1.7, quarter, top);
    path.quadraticCurveTo(quarter * 1.5, top + wave * 1.7, half, corner);
    return;
  }
  const bow = 5 * (1 - round);
  path.bezierCurveTo(-half * (0.72 + 0.28 * round), dip + bow, -half * (0.28 + 0.3 * round), dip + bow, 0, middle);
  path.bezierCurveTo(half * (0.28 + 0.3 * round), dip + bow, half * (0.72 + 0.28 * round), dip + bow, half, corner);
}

function lowerLip(path, { half, corner, drop, low, top, wide, smile }) {
  const side = top + drop * 0.66 - Math.max(0, smile) * 6;
  const round = 0.64 - 0.1 * wide;
  path.bezierCurveTo(half * 1.02, side, half * round, low, 0, low);
  path.bezierCurveTo(-half * round, low, -half * 1.02, side, -half, corner);
  path.closePath();
}

/** Where the lids are: the corners, and the height of the curves between them. */
function lidsOf(open, smile) {
  const shut = 1 - Math.min(1, open);
  const corner = 6 + shut * (smile > 0.4 ? 18 : 6);
  const closedAt = smile > 0.4 ? corner - 34 * smile : corner + 26;
  return {
    corner,
    upper: closedAt + (-74 - closedAt) * Math.min(1, open) - Math.max(0, open - 1) * 26,
    lower: Math.max(closedAt, closedAt + (72 - closedAt) * Math.min(1, open) * (1 - 0.45 * smile) + Math.max(0, open - 1) * 16),
  };
}

function eyeShape(pen, { corner, upper, lower }) {
  pen.beginPath();
  pen.moveTo(-58, corner);
  pen.bezierCurveTo(-54, upper * 0.72, -32, upper, 0, upper);
  pen.bezierCurveTo(34, upper, 56, upper * 0.7, 62, corner - 2);
  pen.bezierCurveTo(60, lower * 0.72, 36, lower, 2, lower);
  pen.bezierCurveTo(-32, lower, -54, lower * 0.74, -58, corner);
  pen.closePath();
}

/** The upper lid: thick in the middle, with a flick at the outer corner. */
function lash(pen, { corner, upper }, open, smile) {
  pen.fillStyle = pen.strokeStyle = INK;
  pen.lineWidth = 5;
  const thick = open > 0.06 ? 13 : 9;
  pen.beginPath();
  pen.moveTo(-62, corner + 4);
  if (open > 0.06) {
    pen.bezierCurveTo(-57, upper * 0.78 - thick, -34, upper - thick, 0, upper - thick);
    pen.bezierCurveTo(38, upper - thick, 62, upper * 0.72 - thick * 0.6, 70, corner - 12);
    pen.lineTo(84, corner - 26);
    pen.quadraticCurveTo(82, corner - 2, 64, corner + 8);
    pen.bezierCurveTo(58, upper * 0.66, 36, upper, 0, upper);
    pen.bezierCurveTo(-32, upper, -53, upper * 0.72, -62, corner + 4);
  } else {
    const bend = smile > 0.4 ? upper * 1.22 - corner * 0.2 : corner + 32;
    pen.bezierCurveTo(-40, bend - thick / 2, 40, bend - thick / 2, 66, corner);
    if (smile <= 0.4) pen.lineTo(82, corner - 6);
    pen.bezierCurveTo(40, bend + thick, -40, bend + thick, -62, corner + 4);
  }
  pen.closePath();
  pen.fill();
  pen.stroke();
}

function leaf(pen, width, length, from) {
  pen.beginPath();
  pen.moveTo(0, from + 14);
  pen.bezierCurveTo(width * 0.95, from - length * 0.16, width * 0.8, from - length * 0.62, -6, from - length);
  pen.bezierCurveTo(-width * 0.86, from - length * 0.66, -width * 0.78, from - length * 0.14, 0, from + 14);
  pen.closePath();
}

function drop(pen, x, y, size, alpha) {
  pen.save();
  pen.globalAlpha = alpha;
  pen.beginPath();
  pen.moveTo(x, y - size * 1.4);
  pen.bezierCurveTo(x + size * 0.9, y - size * 0.2, x + size, y + size, x, y + size);
  pen.bezierCurveTo(x - size, y + size, x - size * 0.9, y - size * 0.2, x, y - size * 1.4);
  pen.fillStyle = COLOURS.water;
  pen.fill();
  pen.strokeStyle = "rgba(46,110,160,0.75)";
  pen.lineWidth = 4;
  pen.stroke();
  pen.beginPath();
  pen.ellipse(x - size * 0.32, y + size * 0.2, size * 0.14, size * 0.3, 0.3, 0, Math.PI * 2);
  pen.fillStyle = "#ffffff";
  pen.fill();
  pen.restore();
}

function outline(pen, width, alpha, colour = INK) {
  pen.save();
  pen.globalAlpha *= alpha;
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.stroke();
  pen.restore();
}

/** Gradients, made once: they lie in the drawing's own units. */
function paintsOf(pen) {
  const linear = (fromY, toY, ...stops) => filled(pen.createLinearGradient(0, fromY, 0, toY), stops);
  const radial = (x, y, from, to, ...stops) => filled(pen.createRadialGradient(x, y, from, x, y, to), stops);
  return {
    fur: radial(-70, -110, 60, 470, COLOURS.furLight, COLOURS.fur, COLOURS.furShade),
    body: radial(-50, 280, 20, 330, COLOURS.fur, COLOURS.furShade, COLOURS.furDeep),
    ground: radial(0, 494, 10, 250, "rgba(30,50,60,0.28)", "rgba(30,50,60,0)"),
    brow: radial(-20, -190, 10, 210, "rgba(255,255,255,0.75)", "rgba(255,255,255,0)"),
    leaf: linear(0, -300, COLOURS.leafDeep, COLOURS.leaf, COLOURS.leafLight),
    leafInner: linear(-20, -250, "rgba(220,255,214,0.15)", "rgba(226,255,214,0.62)", "rgba(236,255,214,0.25)"),
    scarf: linear(220, 330, COLOURS.scarf, COLOURS.scarf, COLOURS.scarfDeep),
    knot: radial(54, 286, 4, 44, COLOURS.scarfLight, COLOURS.scarf),
    blush: filled(pen.createRadialGradient(0, 0, 4, 0, 0, 74), ["rgba(255,134,124,0.62)", "rgba(255,134,124,0.3)", "rgba(255,134,124,0)"]),
    sclera: linear(-74, 60, COLOURS.scleraShade, COLOURS.sclera, COLOURS.sclera),
    iris: linear(-56, 56, COLOURS.irisTop, COLOURS.iris, COLOURS.irisLow),
  };
}

function filled(gradient, stops) {
  stops.forEach((colour, place) => gradient.addColorStop(place / (stops.length - 1), colour));
  return gradient;
}

/** Equal when two frames could not be told apart. */
function keyOf(params, glow) {
  let key = glow.colour + Math.round(glow.strength * 40);
  for (const name in params) {
    const fine = name.includes("Angle") && !name.includes("Brow") ? 8 : 150;
    key += "," + Math.round(params[name] * fine);
  }
  return key;
}

function radians(degrees) {
  return (degrees * Math.PI) / 180;
}
