/** The course of the talk, as the daemon tells it: exchanges, the oldest first. */

let keys = 0;

/** The exchanges after that message. */
export function after(exchanges, message) {
  return CHANGES[message.type]?.(exchanges, message) ?? exchanges;
}

/** A line that was typed here, before the daemon has taken it up. */
export function typed(exchanges, text, language) {
  return [...exchanges, made({ heard: text, language, here: true, pending: true })];
}

const CHANGES = {
  past(exchanges, { turns }) {
    const mine = exchanges.filter(({ over }) => over); // what goes on is told again
    const known = new Set(mine.map(({ number }) => number).filter(Boolean));
    const others = turns.filter(({ number }) => !known.has(number)).map(ended);
    return [...others, ...mine].sort((one, other) => one.began - other.began);
  },

  heard(exchanges, { text, language, here }) {
    const others = closed(exchanges).filter((each) => !(each.pending && here && each.heard === text));
    return [...others, made({ heard: text, language, here })];
  },

  spoken(exchanges, { text, language }) {
    const last = exchanges.at(-1);
    if (!last || last.over) return [...exchanges, made({ chunks: [{ text, language }] })];
    return last.announced ? exchanges : replaced(exchanges, last, { chunks: [...last.chunks, { text, language }] });
  },

  turn(exchanges, turn) {
    const last = exchanges.findLast((each) => !each.over && !each.pending && each.heard === turn.heard);
    if (!last || turn.written) return [...exchanges, ended(turn)];
    return replaced(exchanges, last, { ...ended(turn), key: last.key, here: last.here, chunks: sameChunks(last.chunks, turn) });
  },

  announced(exchanges, { text, language }) {
    return [...closed(exchanges), made({ announced: true, chunks: [{ text, language }] })];
  },

  state(exchanges, { state }) {
    return ["idle", "deaf", "muted"].includes(state) ? closed(exchanges) : exchanges;
  },
};

function made(what) {
  return { key: `new-${(keys += 1)}`, number: 0, began: new Date(), heard: "", language: "", here: false, chunks: [], by: "", over: false, interrupted: false, announced: false, pending: false, written: false, timings: null, ...what };
}

function ended(turn) {
  const { number, heard, language, said, interrupted, by, timings, written = false } = turn;
  const chunks = said ? [{ text: said, language }] : [];
  return made({ number, began: new Date(turn.began), heard, language, chunks, by, interrupted, timings, written, over: true });
}

/** What was heard, each part in its language; all of it where nothing was lost on the way. */
function sameChunks(chunks, { said, language }) {
  const text = chunks.map((each) => each.text).join("");
  if (said && text.trim() === said) return chunks;
  return said ? [{ text: said, language: chunks[0]?.language ?? language }] : [];
}

function closed(exchanges) {
  return exchanges.some(({ over }) => !over) ? exchanges.map((each) => (each.over ? each : { ...each, over: true })) : exchanges;
}

function replaced(exchanges, one, what) {
  return exchanges.map((each) => (each === one ? { ...each, ...what } : each));
}
