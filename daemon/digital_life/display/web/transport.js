/** Messages from the companion: over its own WebSocket, or over the MQTT broker's. Both reconnect by themselves. */

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 8000;
const MOST_CHARACTERS = 16384;

const number = (low, high) => (value) => Number.isFinite(value) && value >= low && value <= high;
const text = (most) => (value) => typeof value === "string" && value.length <= most;
const FIELDS = {
  state: { state: text(20) },
  mouth: { open: number(0, 1), form: number(-1, 1), at: number(0, Infinity) },
  expression: { name: text(20) },
  motion: { name: text(40) },
  subtitle: { text: text(4000), language: text(10), final: (value) => typeof value === "boolean" },
  clock: { page: text(40), sent: number(-Infinity, Infinity), at: number(0, Infinity) },
};

/** The message in `payload`; null when it is none, or none for a display. */
export function read(payload) {
  if (typeof payload !== "string" || payload.length > MOST_CHARACTERS) return null;
  let message;
  try {
    message = JSON.parse(payload);
  } catch {
    return null;
  }
  const fields = message && Object.hasOwn(FIELDS, message.type) ? FIELDS[message.type] : null;
  return fields && Object.entries(fields).every(([name, fits]) => fits(message[name])) ? message : null;
}

/** `hear` gets each message; `opened` and `lost` tell of the connection. Returns {send, close}. */
export function connect(options, told) {
  return options.transport === "mqtt" ? overMqtt(options, told) : overWebSocket(options, told);
}

function overWebSocket({ socket }, { hear, opened, lost }) {
  let web = null;
  let failed = 0;
  let timer = 0;
  let over = false;
  const open = () => {
    web = new WebSocket(socket);
    web.onopen = () => {
      failed = 0;
      opened();
    };
    web.onmessage = ({ data }) => {
      const message = read(data);
      if (message) hear(message);
    };
    web.onclose = () => {
      if (over) return;
      lost();
      // Not all pages at once, when the companion comes back.
      const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failed) * (0.7 + 0.6 * Math.random());
      failed += 1;
      timer = setTimeout(open, wait);
    };
  };
  open();
  return {
    send: (message) => web.readyState === WebSocket.OPEN && web.send(JSON.stringify(message)),
    close: () => {
      over = true;
      clearTimeout(timer);
      web.close();
    },
  };
}

function overMqtt({ broker, topic, user, password }, { hear, opened, lost }) {
  const availability = `${topic}/availability`;
  let client = null;
  let over = false;
  const begin = () => {
    client = globalThis.mqtt.connect(broker, {
      username: user || undefined, password: password || undefined, protocolVersion: 4, reconnectPeriod: 1000, clean: true,
      timerVariant: "native", // its other one starts a worker from a blob, which the policy of the page forbids
    });
    client.on("connect", () => client.subscribe([`${topic}/display/#`, availability], { qos: 0 }, opened));
    client.on("close", () => over || lost());
    client.on("error", () => {}); // "close" follows
    client.on("message", (from, payload) => {
      const said = new TextDecoder().decode(payload);
      const message = from === availability ? null : read(said);
      if (message) hear(message);
      else if (from === availability && said === "offline") lost(); // the broker is there, the companion is not
    });
  };
  script(new URL("./vendor/mqtt.min.js", import.meta.url)).then(() => over || begin(), lost);
  return {
    send: (message) => client?.connected && client.publish(`${topic}/display/${message.type}`, JSON.stringify(message)),
    close: () => {
      over = true;
      client?.end(true);
    },
  };
}

/** Load a classic script of this origin once it is needed. */
export function script(address) {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = address;
    element.onload = resolve;
    element.onerror = () => reject(new Error(`not loaded: ${address}`));
    document.head.append(element);
  });
}
