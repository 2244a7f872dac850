/** Which language it begins in; the page follows. */

import { html } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";

const TAGS = { en: "en", zh: "zh-Hans" };

export function LanguageStep({ app, t, state, take, heading, onward }) {
  const choose = async (language) => {
    try {
      await take("POST", "/api/setup/language", { language });
      if (language !== app.language) await app.speak(language);
      onward();
    } catch (error) {
      app.notify(error.message, "bad");
    }
  };
  return html`
    <h2 id="setup-title" tabindex="-1" ref=${heading}>${t("language.title")}</h2>
    <p>${t("language.text")}</p>
    <div class="setup-choices">
      ${state.languages.map(
        (each) => html`<button type="button" key=${each} class="setup-choice" lang=${TAGS[each]} aria-pressed=${isChosen(each, state)} onClick=${() => choose(each)}>
          <strong>${t(`language.${each}`)}</strong>
          <span>${t(`language.${each}-what`)}</span>
          ${isChosen(each, state) && html`<${Icon} name="check" />`}
        </button>`,
      )}
    </div>`;
}

function isChosen(language, state) {
  return state.done.includes("language") && state.language === language;
}
