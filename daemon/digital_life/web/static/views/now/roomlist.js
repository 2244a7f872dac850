/** The microphones and loudspeakers in other rooms, and which of them is not heard. */

import { html } from "../../vendor/htm-preact.js";
import { Icon } from "../../lib/icons.js";
import { Card } from "./card.js";
import { useLive } from "./live.js";

const LOOKS = { deaf: "bad", out: "bad", muted: "warn", listening: "accent", thinking: "accent", speaking: "accent" };

export function RoomList({ app, t }) {
  const live = useLive(app, "/api/now/rooms", { on: ["state"] });
  const rooms = live.data?.rooms ?? [];
  if (!rooms.length) return null;
  const deaf = rooms.some((room) => room.state === "deaf");
  return html`<${Card} name="rooms" icon="home" title=${t("rooms")} live=${live} t=${t} class="wide">
    <ul class="stack tight">${rooms.map((room) => html`<${Room} key=${room.name} t=${t} room=${room} />`)}</ul>
    ${deaf && html`<p class="advice" role="status">${t("rooms-deaf")}</p>`}
  <//>`;
}

function Room({ t, room }) {
  const state = room.state ?? "out";
  return html`<li class="row between"><span><strong>${room.name}</strong> <span class="muted small-text">${room.host}</span></span>
    <span class="badge ${LOOKS[state] ?? ""}" data-state=${state}><${Icon} name=${state === "out" ? "warn" : state} size="15" />${t(`room-${state}`)}</span></li>`;
}
