/** What is said, to be read: shown as it comes, told to a screen reader when it is whole. */

const STAYS_MS = 6000;
const A_CHARACTER_MS = 45;

export class Subtitles {
  /** `shown` is seen, `told` is a live region that only a screen reader reads. */
  constructor(shown, told) {
    this.shown = shown;
    this.told = told;
    this.timer = 0;
  }

  show({ text, language, final }) {
    clearTimeout(this.timer);
    for (const element of [this.shown, this.told]) element.lang = language;
    this.shown.textContent = text;
    this.shown.hidden = !text.trim();
    this.shown.scrollTop = this.shown.scrollHeight;
    if (!final) return;
    this.told.textContent = text;
    this.timer = setTimeout(() => this.clear(), STAYS_MS + text.length * A_CHARACTER_MS);
  }

  clear() {
    this.shown.hidden = true;
    this.shown.textContent = this.told.textContent = "";
  }
}
