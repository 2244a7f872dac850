/** Plays what the daemon says, one sound behind the other without a gap, and tells what of it was heard. */

const LEAD_S = 0.02; // a sound that begins at once begins so much later, whole
const EARLY_S = 0.08; // the next sound is asked for so long before the end
const TICK_MS = 20;
const TOLD_MS = 400; // between two words about a sound that goes on
const FADE_S = 0.01; // a sound that is stopped at once would click

export class Player {
  #context = null;
  #gain = null;
  #level = 1;
  #coming = null;
  #sounds = [];
  #free = 0;
  #timer = 0;

  /** `tell(message)` is given what the daemon is to know. */
  constructor(tell) {
    this.tell = tell;
  }

  /** The node through which all of it is heard; for tests and meters. */
  get output() {
    return this.#gain;
  }

  /** To be called when somebody touches the page: without that a browser plays nothing. */
  wake() {
    this.#context ??= this.#made();
    if (this.#level) this.#context.resume();
  }

  /** A sound follows, in pieces. */
  announce({ id, rate, samples }) {
    this.#coming = { id, rate, pcm: new Int16Array(samples), filled: 0 };
    this.#begin();
  }

  take(sound) {
    const coming = this.#coming;
    if (!coming) return;
    const piece = new Int16Array(sound, 0, Math.min(sound.byteLength >> 1, coming.pcm.length - coming.filled));
    coming.pcm.set(piece, coming.filled);
    coming.filled += piece.length;
    this.#begin();
  }

  /** Nothing is heard any more. */
  silence() {
    if (this.#coming) this.tell({ type: "played", id: this.#coming.id, seconds: 0 });
    this.#coming = null;
    for (const sound of this.#sounds) this.#end(sound, this.#heard(sound));
    this.#sounds = [];
    clearInterval(this.#timer);
    this.#timer = 0;
  }

  /** So loud, 0 to 1; at 0 the sound waits where it is. */
  level(value) {
    this.#level = value;
    if (!this.#context) return;
    if (value) {
      this.#context.resume();
      this.#gain.gain.setTargetAtTime(value, this.#context.currentTime, FADE_S);
    } else {
      this.#context.suspend();
    }
  }

  #made() {
    const context = new AudioContext({ latencyHint: "interactive" });
    this.#gain = new GainNode(context, { gain: this.#level });
    this.#gain.connect(context.destination);
    return context;
  }

  #begin() {
    const coming = this.#coming;
    if (!coming || coming.filled < coming.pcm.length) return;
    this.#coming = null;
    this.wake();
    this.#sounds.push(this.#scheduled(coming));
    this.#timer ||= setInterval(() => this.#look(), TICK_MS);
  }

  #scheduled({ id, rate, pcm }) {
    const context = this.#context;
    const buffer = new AudioBuffer({ length: Math.max(1, pcm.length), sampleRate: rate });
    buffer.copyToChannel(Float32Array.from(pcm, (sample) => sample / 32_768), 0);
    const fader = new GainNode(context);
    fader.connect(this.#gain);
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(fader);
    const start = Math.max(this.#free, context.currentTime + LEAD_S);
    source.start(start);
    this.#free = start + buffer.duration;
    return { id, start, seconds: pcm.length / rate, source, fader, told: 0 };
  }

  /** How much of it has reached the ear. */
  #heard({ start, seconds }) {
    const context = this.#context;
    const late = context.outputLatency || context.baseLatency || 0;
    return Math.max(0, Math.min(seconds, context.currentTime - late - start));
  }

  #look() {
    if (this.#context.state !== "running") return;
    for (const sound of this.#sounds) this.#tell(sound);
    this.#sounds = this.#sounds.filter((sound) => !sound.over);
    if (this.#sounds.length || this.#coming) return;
    clearInterval(this.#timer);
    this.#timer = 0;
  }

  #tell(sound) {
    const heard = this.#heard(sound);
    if (this.#context.currentTime >= sound.start + sound.seconds - EARLY_S) {
      sound.over = true;
      this.tell({ type: "playing", id: sound.id, seconds: heard });
      this.tell({ type: "played", id: sound.id, seconds: sound.seconds });
    } else if (heard > 0 && performance.now() - sound.told >= TOLD_MS) {
      sound.told = performance.now();
      this.tell({ type: "playing", id: sound.id, seconds: heard });
    }
  }

  #end(sound, heard) {
    const now = this.#context.currentTime;
    sound.fader.gain.setTargetAtTime(0, now, FADE_S / 3);
    sound.source.stop(now + FADE_S);
    this.#free = now + FADE_S;
    this.tell({ type: "played", id: sound.id, seconds: heard });
  }
}
