/** How loud the microphone of this device is. */

import { useEffect, useState } from "../../vendor/htm-preact.js";

const EVERY_MS = 80;
const QUIETEST_DB = -96;

/** `{ level }` in decibels below full scale while `on`, or `{ fault }`: "denied", "insecure", "absent"; null before. */
export function useBrowserLevel(on) {
  const [heard, hear] = useState(null);
  useEffect(() => {
    hear(null);
    if (!on) return undefined;
    const listening = listen(hear);
    return () => listening.then((stop) => stop());
  }, [on]);
  return heard;
}

/** Returns what ends it. */
async function listen(hear) {
  if (!navigator.mediaDevices?.getUserMedia) {
    hear({ fault: "insecure" });
    return () => {};
  }
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    return measure(stream, hear);
  } catch (error) {
    hear({ fault: error.name === "NotFoundError" ? "absent" : "denied" });
    return () => {};
  }
}

function measure(stream, hear) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    hear({ level: decibels(samples) });
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    context.close();
  };
}

function decibels(samples) {
  const power = samples.reduce((sum, each) => sum + each * each, 0) / samples.length;
  return power > 0 ? Math.max(QUIETEST_DB, 10 * Math.log10(power)) : QUIETEST_DB;
}
