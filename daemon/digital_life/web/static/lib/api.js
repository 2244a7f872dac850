/** What is asked of the daemon over HTTP. */

const LOG_IN = "/login";

export class Api {
  /** `sentence(key)` gives the words for what the daemon could not say itself. */
  constructor(sentence) {
    this.sentence = sentence;
  }

  /** The answer's JSON, null where there is none. Throws an Error whose message is the sentence to show. */
  async ask(method, path, body) {
    const answer = await this.#fetch(method, path, body);
    if (answer.status === 204) return null;
    try {
      return await answer.json();
    } catch (error) {
      throw fault(this.sentence("console.common.garbled"), answer.status, error);
    }
  }

  /** Keeps the answer as a file; POST where something is sent along. Throws as `ask` does. */
  async download(path, body) {
    const answer = await this.#fetch(body === undefined ? "GET" : "POST", path, body);
    const name = nameOf(answer.headers.get("Content-Disposition")) ?? path.split(/[/?]/).findLast(Boolean) ?? "file";
    keep(await answer.blob(), name);
  }

  async #fetch(method, path, body) {
    let answer;
    try {
      answer = await fetch(path, { method, cache: "no-store", ...bodyOf(body) });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw fault(this.sentence("console.common.unreachable"), 0, error);
    }
    if (answer.status === 401 || (answer.redirected && new URL(answer.url).pathname === LOG_IN)) {
      logIn();
      throw fault(this.sentence("console.common.log-in"), 401);
    }
    if (!answer.ok) throw fault(await sentenceOf(answer) ?? this.sentence("console.common.failed"), answer.status);
    return answer;
  }
}

/** To the page that asks who it is, and back from there. */
export function logIn() {
  location.assign(`${LOG_IN}?next=${encodeURIComponent(location.pathname + location.hash)}`);
}

function bodyOf(body) {
  if (body === undefined || body === null) return {};
  if (body instanceof Blob) return { body, headers: { "Content-Type": body.type || "application/octet-stream" } };
  return { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
}

async function sentenceOf(answer) {
  try {
    const { error } = await answer.json();
    return typeof error === "string" && error ? error : null;
  } catch {
    return null;
  }
}

function fault(message, status, cause) {
  const error = new Error(message, { cause });
  error.status = status;
  return error;
}

/** The name in a Content-Disposition, also as RFC 5987 writes it. */
function nameOf(disposition) {
  const wide = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? "");
  if (wide) return decodeURIComponent(wide[1]);
  return /filename="?([^";]+)"?/i.exec(disposition ?? "")?.[1] ?? null;
}

function keep(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the browser has begun to write it by then
}
