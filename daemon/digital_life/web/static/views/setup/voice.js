/** The voices that are here: hear each, choose one. */

import { html, useEffect, useRef, useState } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";

export function VoiceStep({ app, t, state, take, heading, onward }) {
  const { language } = state;
  const voices = state.voices[language] ?? [];
  const player = usePlayer(app, language);
  const choose = async (name) => {
    try {
      await take("POST", "/api/setup/voice", { language, name });
      app.notify(t("voice.chosen"), "good");
      onward();
    } catch (error) {
      app.notify(error.message, "bad");
    }
  };
  return html`
    <h2 id="setup-title" tabindex="-1" ref=${heading}>${t("voice.title")}</h2>
    <p>${t(voices.length > 1 ? "voice.text" : voices.length ? "voice.one" : "voice.none")}</p>
    <ul class="setup-voices">
      ${voices.map(
        (voice) => html`<li key=${voice.name} class="setup-voice">
          <button type="button" class="button primary" aria-label=${t("voice.play", { name: calledOf(voice.name) })} aria-busy=${player.state(voice.name) === "making"} onClick=${() => player.play(voice.name)}>
            <${Icon} name=${player.state(voice.name) === "playing" ? "stop" : "play"} />
          </button>
          <div class="grow">
            <strong>${calledOf(voice.name)}</strong>
            <p class="hint" aria-live="polite">${player.state(voice.name) ? t(`voice.${player.state(voice.name)}`) : `${voice.name} · ${t("voice.licence", { licence: voice.licence })}`}</p>
          </div>
          ${state.chosen[language] === voice.name && html`<${Icon} name="check" />`}
          <button type="button" class="button" aria-pressed=${state.chosen[language] === voice.name} aria-label=${`${t("voice.choose")}: ${calledOf(voice.name)}`} onClick=${() => choose(voice.name)}>${t("voice.choose")}</button>
        </li>`,
      )}
    </ul>`;
}

/** As a person names it: "Joe" for en_US-joe-medium. */
function calledOf(model) {
  const name = model.replace(/^[a-z]{2}_[A-Z]{2}-/, "").split("-")[0];
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Plays one sample at a time; the first time each is made by the daemon. */
function usePlayer(app, language) {
  const [now, set] = useState({ name: "", state: "" });
  const audio = useRef(null);
  useEffect(() => () => audio.current?.pause(), []);
  const stop = () => {
    audio.current?.pause();
    set({ name: "", state: "" });
  };
  const play = async (name) => {
    const same = now.name === name;
    stop();
    if (same) return;
    set({ name, state: "making" });
    try {
      audio.current = await fetched(app, name, language);
      audio.current.onended = stop;
      await audio.current.play();
      set({ name, state: "playing" });
    } catch (error) {
      stop();
      if (error.name !== "AbortError") app.notify(error.message, "bad");
    }
  };
  return { play, state: (name) => (now.name === name ? now.state : "") };
}

async function fetched(app, name, language) {
  const answer = await fetch(`/api/setup/voice?${new URLSearchParams({ name, language })}`);
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).error ?? app.t("console.common.failed"));
  return new Audio(URL.createObjectURL(await answer.blob()));
}
