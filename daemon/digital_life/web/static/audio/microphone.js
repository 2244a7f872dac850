/** The microphone of this browser, with its own voice taken out of it by the browser. */

const RATE = 16_000;
const WISHES = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const FAULTS = { NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "missing", OverconstrainedError: "missing" };

/** `reason` is a key of `console.talk.microphone`. */
export class MicrophoneError extends Error {
  constructor(reason, cause) {
    super(reason, { cause });
    this.reason = reason;
  }
}

export class Microphone {
  #stream = null;
  #context = null;
  #opening = null;

  /** `heard(pcm, loudness)` is called with each 20 ms of sound; `lost()` when it is taken away. */
  constructor({ heard, lost }) {
    this.heard = heard;
    this.lost = lost;
  }

  get isOpen() {
    return this.#context !== null;
  }

  /** Returns when sound comes. Throws MicrophoneError. */
  open() {
    if (this.isOpen) return Promise.resolve();
    this.#opening ??= this.#open().finally(() => (this.#opening = null));
    return this.#opening;
  }

  close() {
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#context?.close();
    this.#stream = this.#context = null;
  }

  async #open() {
    const stream = await granted();
    try {
      const { context, source } = connected(stream);
      await context.audioWorklet.addModule(new URL("./worklet.js", import.meta.url));
      const frames = new AudioWorkletNode(context, "frames", { numberOfOutputs: 0 });
      frames.port.onmessage = ({ data }) => this.isOpen && this.heard(data.pcm, data.loudness);
      source.connect(frames);
      await context.resume();
      stream.getTracks().forEach((track) => (track.onended = () => this.#ended(stream)));
      this.#stream = stream;
      this.#context = context;
    } catch (error) {
      stream.getTracks().forEach((track) => track.stop());
      throw new MicrophoneError("failed", error);
    }
  }

  #ended(stream) {
    if (this.#stream !== stream) return;
    this.close();
    this.lost();
  }
}

async function granted() {
  if (!navigator.mediaDevices?.getUserMedia) throw new MicrophoneError(isSecureContext ? "missing" : "insecure");
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: WISHES });
  } catch (error) {
    throw new MicrophoneError(FAULTS[error.name] ?? "failed", error);
  }
}

/** At 16 kHz where the browser makes that itself, otherwise at the rate of the microphone. */
function connected(stream) {
  const context = new AudioContext({ sampleRate: RATE });
  try {
    return { context, source: context.createMediaStreamSource(stream) };
  } catch {
    context.close();
    const own = new AudioContext();
    return { context: own, source: own.createMediaStreamSource(stream) };
  }
}
