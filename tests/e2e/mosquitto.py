"""A real broker with a WebSocket, and a client of it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from digital_life.display.messages import Message, to_json

STARTS_S = 10


class Mosquitto:
    """`heard` is all that anybody published: topic and payload."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports = free_port(), free_port()
        self.web = f"ws://127.0.0.1:{self._ports[1]}"
        self.heard: list[tuple[str, bytes]] = []
        self._client = Client(CallbackAPIVersion.VERSION2)

    def __enter__(self) -> Self:
        program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
        if program is None:
            pytest.skip("mosquitto is not installed: scripts/setup --tests")
        settings = self._folder / "mosquitto.conf"
        tcp, web = self._ports
        settings.write_text(
            f"listener {tcp} 127.0.0.1\nlistener {web} 127.0.0.1\nprotocol websockets\nallow_anonymous true\n"
        )
        self._broker = subprocess.Popen([program, "-c", str(settings)], stderr=subprocess.DEVNULL)
        self._connect()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()
        self._broker.terminate()
        self._broker.wait(5)

    def publish(self, topic: str, message: Message, *, retain: bool = False) -> None:
        self._client.publish(topic, to_json(message), retain=retain).wait_for_publish(5)

    def _connect(self) -> None:
        self._client.on_message = self._hear
        ends = time.monotonic() + STARTS_S
        while True:
            try:
                self._client.connect("127.0.0.1", self._ports[0])
            except ConnectionRefusedError:
                if time.monotonic() > ends:
                    raise
                time.sleep(0.1)
            else:
                break
        self._client.loop_start()
        self._client.subscribe("#")

    def _hear(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self.heard.append((message.topic, bytes(message.payload)))


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port
