/** On the sound's own thread: what the microphone hears, as 16 kHz 16-bit frames of 20 ms. */

const RATE = 16_000; // samples a second
const FRAME = 320; // samples, 20 ms
const TAPS = 48; // on each side of a sample, at the rate of the microphone
const CUT_HZ = 7_200; // what is higher would be heard as something lower

/** Another rate made into 16 kHz, one block after the other. A browser that can do it itself never needs this. */
class Resampler {
  #step;
  #at = 0;
  #heard = new Float32Array(0);

  constructor(rate) {
    this.rate = rate;
    this.#step = rate / RATE;
  }

  feed(block) {
    if (this.rate === RATE) return block;
    const heard = joined(this.#heard, block);
    const made = [];
    for (; this.#at + 2 * TAPS < heard.length; this.#at += this.#step) made.push(this.#sample(heard, this.#at + TAPS));
    const kept = Math.floor(this.#at);
    this.#heard = heard.slice(kept);
    this.#at -= kept;
    return Float32Array.from(made);
  }

  /** A windowed sinc around that place. */
  #sample(heard, place) {
    const middle = Math.floor(place);
    const cut = (2 * CUT_HZ) / this.rate;
    let sum = 0;
    for (let tap = middle - TAPS + 1; tap <= middle + TAPS; tap += 1) {
      const away = place - tap;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * away) / (TAPS + 1));
      sum += heard[tap] * window * cut * sinc(cut * away);
    }
    return sum;
  }
}

class Frames extends AudioWorkletProcessor {
  #resampler = new Resampler(sampleRate);
  #frame = new Int16Array(FRAME);
  #filled = 0;
  #squares = 0;

  process([input]) {
    if (input[0]) for (const sample of this.#resampler.feed(input[0])) this.#add(sample);
    return true;
  }

  #add(sample) {
    const held = Math.max(-1, Math.min(1, sample));
    this.#frame[this.#filled] = Math.round(held * 32_767);
    this.#squares += held * held;
    this.#filled += 1;
    if (this.#filled === FRAME) this.#post();
  }

  #post() {
    const pcm = this.#frame.buffer;
    this.port.postMessage({ pcm, loudness: Math.sqrt(this.#squares / FRAME) }, [pcm]);
    this.#frame = new Int16Array(FRAME);
    this.#filled = this.#squares = 0;
  }
}

function joined(one, other) {
  const both = new Float32Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

function sinc(x) {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

registerProcessor("frames", Frames);
