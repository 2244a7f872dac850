/** The devices of the home, room by room. */

import { html, useState } from "../../vendor/htm-preact.js";
import { Card } from "./card.js";
import { useLive } from "./live.js";
import { Thing } from "./thing.js";

const PATH = "/api/now/devices";
const MANY = 8;

export function Home({ app, t }) {
  const live = useLive(app, PATH, { on: ["turn"] });
  const { data } = live;
  return html`<${Card} name="home" icon="home" title=${t("home")} live=${live} t=${t} class="wide">
    ${data && !data.wanted && html`<p class="muted">${t("home-none")}</p>`}
    ${data?.wanted && !data.connected && html`<p class="advice" role="status">${t("home-away")}</p>`}
    ${data?.wanted && (data.rooms.length ? html`<${Rooms} app=${app} t=${t} live=${live} />` : html`<p class="muted">${t("home-empty")}</p>`)}
  <//>`;
}

function Rooms({ app, t, live }) {
  const [wanted, want] = useState("");
  const { rooms } = live.data;
  const order = useOrders(app, t, live);
  const found = rooms.map((room) => ({ ...room, things: room.things.filter((thing) => isLike(thing, room, wanted)) })).filter((room) => room.things.length);
  const many = rooms.reduce((sum, room) => sum + room.things.length, 0) > MANY;
  return html`${many && html`<div class="field narrow"><label for="now-device">${t("home-filter")}</label>
      <input id="now-device" type="search" value=${wanted} onInput=${({ currentTarget }) => want(currentTarget.value)} /></div>`}
    ${!found.length && html`<p class="muted" role="status">${t("home-nothing-like")}</p>`}
    <div class="rooms">${found.map(
      (room) => html`<section key=${room.name} class="room"><h3>${room.name || t("home-nowhere")}</h3>
        <ul>${room.things.map((thing) => html`<${Thing} key=${thing.id} app=${app} t=${t} thing=${thing} order=${order} />`)}</ul></section>`,
    )}</div>`;
}

/** What does a wish: it may be asked about first, and what came of it is told. Returns whether it was done. */
function useOrders(app, t, live) {
  const send = async (id, change, agreed = "") => {
    const answer = await app.api("POST", PATH, { id, change, agreed });
    if (!answer.ask) return answer;
    const yes = await app.confirm({ title: t("really-title"), text: answer.ask, yes: t("yes"), danger: true });
    return yes ? send(id, change, answer.ask) : null;
  };
  return async (id, change) => {
    try {
      const answer = await send(id, change);
      if (!answer) return false;
      live.put((data) => ({ ...data, rooms: data.rooms.map((room) => ({ ...room, things: room.things.map((thing) => (thing.id === id ? answer.thing : thing)) })) }));
      answer.good ? app.announce(answer.said) : app.notify(answer.said, "bad");
      return answer.good;
    } catch (error) {
      app.notify(error.message, "bad");
      return false;
    }
  };
}

function isLike(thing, room, wanted) {
  const said = wanted.trim().toLocaleLowerCase();
  return `${thing.name} ${room.name}`.toLocaleLowerCase().includes(said);
}
