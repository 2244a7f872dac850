/** How long to wait before the next attempt: twice as long each time, and never all pages at once. */

const FIRST_MS = 500;
const MOST_MS = 10_000;

/** `attempt` counts from 0; `chance` is 0 to 1. */
export function waitOf(attempt, chance = Math.random()) {
  const most = Math.min(MOST_MS, FIRST_MS * 2 ** attempt);
  return Math.round(Math.max(FIRST_MS, most * (0.5 + 0.5 * chance)));
}
