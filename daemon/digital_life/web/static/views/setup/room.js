/** The room's ears, as they hear just now. */

import { useEffect, useState } from "../../vendor/htm-preact.js";

const AGAIN_MS = 2_000;

/** The latest message of the meter while `on`; "away" while nobody answers, null before the first. */
export function useRoom(on) {
  const [heard, hear] = useState(null);
  useEffect(() => (on ? watch(hear) : hear(null)), [on]);
  return heard;
}

function watch(hear) {
  let wanted = true;
  let socket;
  const connect = () => {
    socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/now/socket`);
    socket.onopen = () => socket.send(JSON.stringify({ type: "watch", on: true }));
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.type === "meter") hear(message);
    };
    socket.onclose = () => {
      if (!wanted) return;
      hear("away");
      setTimeout(() => wanted && connect(), AGAIN_MS);
    };
  };
  connect();
  return () => {
    wanted = false;
    socket.close();
  };
}
