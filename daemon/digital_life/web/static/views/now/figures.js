/** Numbers as a person reads them. */

const UNITS = [
  ["days", 86_400],
  ["hours", 3_600],
  ["minutes", 60],
  ["seconds", 1],
];

/** "2 h 5 min": two units at most. */
export function lasting(seconds, t) {
  let left = Math.max(0, Math.round(seconds));
  const parts = [];
  for (const [unit, length] of UNITS) {
    const n = Math.floor(left / length);
    left -= n * length;
    if (n || (unit === "seconds" && !parts.length)) parts.push(t(unit, { n }));
    else if (parts.length) break;
    if (parts.length === 2) break;
  }
  return parts.join(" ");
}

/** "1.4": seconds of milliseconds, as exact as is felt. */
export function secondsOf(ms, app) {
  const digits = ms < 9_950 ? 1 : 0;
  return app.number(ms / 1000, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function megabytes(mb, app, t) {
  if (mb < 1_000) return t("megabytes", { n: app.number(mb, { maximumFractionDigits: mb < 10 ? 1 : 0 }) });
  return t("gigabytes", { n: app.number(mb / 1_000, { maximumFractionDigits: 1 }) });
}

export function percent(share, app) {
  return app.number(share, { style: "percent", maximumFractionDigits: share < 0.1 ? 1 : 0 });
}

/** "0.07" */
export function scoreOf(score, app) {
  return app.number(score, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
