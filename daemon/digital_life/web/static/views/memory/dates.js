/** Days as "2026-11-02" and months as "2026-11": what a calendar needs of them. */

const DAYS = 7;
const DAY_MS = 86_400_000;

export function monthOf(day) {
  return day.slice(0, 7);
}

export function shifted(day, days) {
  return written(new Date(Date.parse(`${day}T00:00Z`) + days * DAY_MS));
}

/** The same day of another month, or its last one. */
export function shiftedMonth(day, months) {
  const [year, month, date] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0));
  return written(new Date(Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), Math.min(date, last.getUTCDate()))));
}

/** 0 for a Monday. */
export function weekday(day) {
  return (new Date(`${day}T00:00Z`).getUTCDay() + DAYS - 1) % DAYS;
}

/** Rows of seven days from Monday on; null for those of other months. */
export function weeksOf(month) {
  const first = `${month}-01`;
  const count = new Date(Date.UTC(...month.split("-").map(Number), 0)).getUTCDate();
  const cells = [...Array(weekday(first)).fill(null), ...Array.from({ length: count }, (_, n) => shifted(first, n))];
  while (cells.length % DAYS) cells.push(null);
  return Array.from({ length: cells.length / DAYS }, (_, n) => cells.slice(n * DAYS, (n + 1) * DAYS));
}

/** Every day, or month, from the first to the last. */
export function from(first, last, step) {
  const all = [];
  for (let each = first; each <= last && all.length < 5_000; each = step(each)) all.push(each);
  return all;
}

function written(moment) {
  return moment.toISOString().slice(0, 10);
}
