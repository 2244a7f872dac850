/** What is read on the page, in the language it is read in. */

const YEAR_S = 31_536_000;
const TAGS = { en: "en", zh: "zh-Hans" };

export class Words {
  constructor(table) {
    this.table = table;
    this.language = table.console.shell.language;
    this.locale = localeOf(this.language, navigator.languages);
    this.dates = new Map();
  }

  /** The sentence at the dotted `key`, its {places} filled; the key itself where there is none. */
  text(key, values = {}) {
    const found = find(this.table, key);
    if (typeof found !== "string") return key;
    return found.replace(/\{(\w+)\}/g, (place, name) => (name in values ? String(values[name]) : place));
  }

  date(day, how = { dateStyle: "long" }) {
    return this.#format(how).format(moment(day));
  }

  time(day, how = { hour: "2-digit", minute: "2-digit" }) {
    return this.#format(how).format(moment(day));
  }

  number(value, how) {
    return new Intl.NumberFormat(this.locale, how).format(value);
  }

  #format(how) {
    const key = JSON.stringify(how);
    if (!this.dates.has(key)) this.dates.set(key, new Intl.DateTimeFormat(this.locale, how));
    return this.dates.get(key);
  }
}

/** Those of `language`, or of the language that the daemon takes this browser to want. */
export async function loadWords(language) {
  const answer = await fetch(language ? `/words.json?language=${language}` : "/words.json");
  if (!answer.ok) throw new Error(String(answer.status));
  const words = new Words(await answer.json());
  document.documentElement.lang = TAGS[words.language];
  return words;
}

/** The daemon and the next visit will know. */
export function keepLanguage(language) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `language=${language}; Path=/; Max-Age=${YEAR_S}; SameSite=Strict${secure}`;
}

/** Whether a day has 12 or 24 hours is told by where the reader lives. */
export function localeOf(language, wanted) {
  return wanted.find((each) => each === language || each.startsWith(`${language}-`)) ?? TAGS[language];
}

/** A day alone ("2026-11-22") is that day here, not at Greenwich. */
function moment(day) {
  return typeof day === "string" && /^\d{4}-\d{2}-\d{2}$/.test(day) ? new Date(`${day}T12:00`) : new Date(day);
}

function find(table, key) {
  return key.split(".").reduce((found, part) => found?.[part], table);
}
