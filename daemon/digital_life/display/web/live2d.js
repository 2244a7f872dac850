/**
 * A Live2D model (Cubism 2 to 5) behind the interface of the project's own face: `apply(params)`.
 *
 * `/avatar/avatar.json` tells what is installed: {"generation": 2 or 4, "scripts": […], "model": "…",
 * "expressions": {mood: name}, "motions": {name: group}}; all addresses are relative to it.
 */

import { EXPRESSIONS, REST, clamp } from "./expressions.js";
import { script } from "./transport.js";

/** What tells a mood in a model without expressions of its own. */
const MOOD = ["ParamEyeLOpen", "ParamEyeROpen", "ParamEyeLSmile", "ParamEyeRSmile", "ParamBrowLY", "ParamBrowRY",
  "ParamBrowLAngle", "ParamBrowRAngle", "ParamCheek", "ParamEyeBallX", "ParamEyeBallY", "ParamAngleZ", "ParamMouthForm"];
const MOST_PIXELS = 1600;

/** The renderer, drawing into `stage`; null when no such avatar is installed. With `calm` it does not sway by itself. */
export async function openLive2d(stage, base, { calm = false } = {}) {
  const answer = await fetch(new URL("avatar.json", base));
  if (!answer.ok) return null;
  const avatar = await answer.json();
  if (!avatar) return null;
  const settings = await settingsOf(new URL(avatar.model, base), avatar.generation);
  for (const each of avatar.scripts) await script(new URL(each, base)); // each needs the one before
  const { PIXI } = globalThis;
  const canvas = document.createElement("canvas");
  canvas.className = "live2d";
  stage.replaceChildren(canvas);
  const application = new PIXI.Application({ view: canvas, backgroundAlpha: 0, antialias: true, autoStart: true, sharedTicker: false });
  try {
    const model = await PIXI.live2d.Live2DModel.from(settings, {
      autoHitTest: false, autoFocus: false, ticker: application.ticker, idleMotionGroup: calm ? "none of them" : undefined,
    });
    application.stage.addChild(model);
    const renderer = new Live2d(avatar, application, model);
    const fit = () => renderer.fit(stage.clientWidth, stage.clientHeight);
    new ResizeObserver(fit).observe(stage);
    fit();
    return renderer;
  } catch (error) {
    application.destroy(true);
    throw error;
  }
}

/** The model's main file without its sounds: the companion has a voice of its own. */
async function settingsOf(url, generation) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`not loaded: ${url}`);
  const settings = await answer.json();
  const motions = (generation === 2 ? settings.motions : settings.FileReferences.Motions) ?? {};
  for (const each of Object.values(motions).flat()) {
    delete each.sound;
    delete each.Sound;
  }
  return Object.assign(settings, { url: url.href });
}

class Live2d {
  constructor(avatar, application, model) {
    this.kind = "live2d";
    this.avatar = avatar;
    this.application = application;
    this.model = model;
    this.params = REST;
    this.mood = "neutral";
    this.inner = model.internalModel;
    this.setters = settersOf(this.inner.coreModel, avatar.generation);
    this.expressions = this.inner.motionManager.expressionManager;
    this.size = [model.width, model.height];
    this.inner.on("beforeModelUpdate", () => this.#lay());
  }

  fit(width, height) {
    if (!width || !height) return;
    const scale = Math.min(globalThis.devicePixelRatio || 1, MOST_PIXELS / Math.max(width, height));
    this.application.renderer.resize(Math.round(width * scale), Math.round(height * scale));
    const [modelWidth, modelHeight] = this.size;
    const size = Math.min((width * scale) / modelWidth, (height * scale) / modelHeight);
    this.model.scale.set(size);
    this.model.position.set((width * scale - modelWidth * size) / 2, (height * scale - modelHeight * size) / 2);
  }

  apply(params) {
    this.params = params;
    this.model.focus(
      this.application.renderer.width * (0.5 + 0.5 * clamp(params.ParamEyeBallX, -1, 1)),
      this.application.renderer.height * (0.35 - 0.35 * clamp(params.ParamEyeBallY, -1, 1)),
    );
  }

  express(mood) {
    this.mood = mood;
    const name = this.#ownExpression(mood);
    if (name !== undefined) this.model.expression(name);
    else this.expressions?.resetExpression();
  }

  motion(name) {
    const groups = this.inner.motionManager.definitions;
    const named = this.avatar.motions ?? {};
    const group = Object.hasOwn(named, name) ? named[name] : Object.keys(groups).find((each) => each.toLowerCase() === name.toLowerCase());
    if (group !== undefined && Object.hasOwn(groups, group)) this.model.motion(group, undefined, 3); // at once, over any other
  }

  /** The model's own name of this mood: as the catalogue says, or the same word; undefined when it has none. */
  #ownExpression(mood) {
    const named = this.avatar.expressions?.[mood];
    if (named) return named;
    const own = (this.expressions?.definitions ?? []).map((each) => each.name ?? each.Name);
    return own.find((each) => each?.toLowerCase() === mood);
  }

  /** After motions, expressions and physics, before it is drawn: so the mouth wins. */
  #lay() {
    const { params, setters } = this;
    if (this.mood !== "neutral" && this.#ownExpression(this.mood) === undefined) {
      for (const name of MOOD) setters.add(name, EXPRESSIONS[this.mood][name] ?? 0);
    }
    setters.set("ParamMouthOpenY", params.ParamMouthOpenY);
    if (params.ParamMouthOpenY > 0.03) setters.add("ParamMouthForm", params.ParamMouthPuckerWiden * 0.5);
  }
}

/** Set a parameter, or add to it, by its Cubism 3 name; one that the model does not have is left alone. */
function settersOf(core, generation) {
  if (generation === 2) {
    const index = (name) => core.getParamIndex(oldName(name));
    return {
      set: (name, value) => index(name) >= 0 && core.setParamFloat(index(name), value),
      add: (name, value) => index(name) >= 0 && value && core.addToParamFloat(index(name), value),
    };
  }
  const has = new Set(core._model?.parameters?.ids ?? core.getModel().parameters.ids);
  return {
    set: (name, value) => has.has(name) && core.setParameterValueById(name, value),
    add: (name, value) => has.has(name) && value && core.addParameterValueById(name, value),
  };
}

/** As Cubism 2 writes it: ParamMouthOpenY is PARAM_MOUTH_OPEN_Y. */
function oldName(name) {
  return name.replace(/(?<=.)([A-Z])/g, "_$1").toUpperCase();
}
