/** What the person and the companion are called. */

import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";

const LONGEST = 60;

export function NamesStep({ app, t, state, take, heading, onward }) {
  const [user, setUser] = useFollowed(state.user);
  const [name, setName] = useFollowed(state.name);
  const [wrong, setWrong] = useState("");
  const keep = async (event) => {
    event.preventDefault();
    if (!name.trim()) return setWrong(t("names.empty"));
    try {
      await take("POST", "/api/setup/names", { user: user.trim(), name: name.trim() });
      app.called(name.trim());
      onward();
    } catch (error) {
      setWrong(error.message);
    }
  };
  const phrase = state.wake[0]?.written ?? "";
  return html`
    <h2 id="setup-title" tabindex="-1" ref=${heading}>${t("names.title")}</h2>
    <form class="stack" onSubmit=${keep}>
      <div class="field">
        <label for="setup-user">${t("names.user")}</label>
        <input id="setup-user" value=${user} maxlength=${LONGEST} autocomplete="nickname" aria-describedby="setup-user-hint" onInput=${(event) => setUser(event.target.value)} />
        <p class="hint" id="setup-user-hint">${t("names.user-hint")}</p>
      </div>
      <div class="field">
        <label for="setup-name">${t("names.me")}</label>
        <input id="setup-name" value=${name} maxlength=${LONGEST} autocomplete="off" aria-describedby="setup-name-hint setup-name-error" aria-invalid=${wrong ? "true" : undefined} onInput=${(event) => setName(event.target.value)} />
        <p class="hint" id="setup-name-hint">${t("names.me-hint", { phrase })}</p>
        <p class="error" id="setup-name-error" role="alert">${wrong}</p>
      </div>
      <div class="row end"><button class="button primary">${app.t("console.common.save")} <${Icon} name="right" /></button></div>
    </form>`;
}

/** What is typed; until somebody types, what the daemon knows (it may have heard a name just now). */
function useFollowed(known) {
  const [typed, type] = useState(null);
  const [before, remember] = useState(known);
  useEffect(() => {
    if (known !== before) {
      type(null);
      remember(known);
    }
  }, [known]);
  return [typed ?? known, type];
}
