"""A real Home Assistant on this machine, as a person has it who clicks and automates."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from fakes.mosquitto import free_port

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "peers" / "home-assistant"
NO_PYTHON = 69
"""Status of the script where nothing here can run it."""
WAIT_S = 20.0
"""For anything that it does by itself; a machine that tests other things too is slow."""
LONG_S = 60.0
"""For what a model has to do."""
UNAVAILABLE = "unavailable"
SOURCES = tuple(
    f"homeassistant.{part}"
    for part in (
        "components.automation",
        "components.mqtt",
        "components.template",
        "config",
        "core",
        "helpers.template",
    )
)
"""The parts whose complaints have to do with what a test sends or configures."""
CONNECTION = "homeassistant.components.mqtt.client"

DEVICE = """
{% set device = device_id('ENTITY') %}
{{ {'name': device_attr(device, 'name'), 'manufacturer': device_attr(device, 'manufacturer'),
    'model': device_attr(device, 'model'), 'version': device_attr(device, 'sw_version'),
    'area': device_attr(device, 'suggested_area') or '', 'entities': device_entities(device)} | to_json }}
"""


class NoPython(Exception):  # noqa: N818 - why a test is skipped, no error
    """There is no Python here that it accepts."""


@dataclass(frozen=True, slots=True)
class State:
    value: str
    attributes: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Device:
    """What its registry knows of one."""

    name: str
    manufacturer: str
    model: str
    version: str
    area: str
    entities: frozenset[str]


class HomeAssistant:
    """Its settings and states stay in `folder` over `stop` and `start`."""

    def __init__(self, folder: Path, *, mqtt_port: int) -> None:
        self._folder = folder
        self._ports = ("--mqtt-port", str(mqtt_port), "--http-port", str(free_port()))
        self._client: httpx.AsyncClient | None = None

    @property
    def log(self) -> list[str]:
        """Its lines since the first start."""
        file = self._folder / "output"
        return file.read_text(errors="replace").splitlines() if file.exists() else []

    @property
    def complaints(self) -> list[str]:
        """Its warnings and errors about what others sent or configured, not about a broker that went away."""
        return [
            line
            for line in self.log
            if (" WARNING " in line or " ERROR " in line)
            and _source(line).startswith(SOURCES)
            and _source(line) != CONNECTION
        ]

    async def start(self) -> None:
        """Return when it answers and all its parts are set up."""
        address = await script("start", str(self._folder), *self._ports)
        bearer = await script("token", str(self._folder))
        headers = {"Authorization": f"Bearer {bearer}"}
        self._client = httpx.AsyncClient(base_url=address, headers=headers, timeout=WAIT_S, trust_env=False)

    async def stop(self) -> None:
        if self._client:
            await self._client.aclose()
            self._client = None
        await script("stop", str(self._folder))

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def states(self) -> dict[str, State]:
        """All that it knows, by entity."""
        found = (await self._ask("GET", "/api/states")).json()
        return {each["entity_id"]: State(each["state"], each["attributes"]) for each in found}

    async def entities(self) -> set[str]:
        """All that came to it over MQTT."""
        found: list[str] = json.loads(await self.render("{{ integration_entities('mqtt') | to_json }}"))
        return set(found)

    async def device(self, entity: str) -> Device:
        """The one that an entity is part of."""
        found = json.loads(await self.render(DEVICE.replace("ENTITY", entity)))
        return Device(**{**found, "entities": frozenset(found["entities"])})

    async def render(self, template: str) -> str:
        return (await self._ask("POST", "/api/template", {"template": template})).text

    async def call(self, action: str, entity: str = "", **data: object) -> None:
        """`call("switch.turn_on", "switch.mute")`."""
        target = {"entity_id": entity} if entity else {}
        await self._ask("POST", f"/api/services/{action.replace('.', '/')}", {**target, **data})

    async def tell(self, entity: str, value: str) -> None:
        """As another of its integrations would: this is how it is now."""
        await self._ask("POST", f"/api/states/{entity}", {"state": value})

    async def until(
        self, entity: str, wanted: str | Callable[[State], bool] | None = None, *, within_s: float = WAIT_S
    ) -> State:
        """The state of `entity`, when it is there and as wanted."""
        last: State | None = None
        try:
            async with asyncio.timeout(within_s):
                while True:
                    last = (await self.states()).get(entity)
                    if last and (wanted is None or (wanted(last) if callable(wanted) else last.value == wanted)):
                        return last
                    await asyncio.sleep(0.1)
        except TimeoutError as error:
            raise AssertionError(f"{entity} did not come to be {wanted!r}, it was {last}; {self.log[-20:]}") from error

    async def until_gone(self, entity: str, *, within_s: float = WAIT_S) -> None:
        try:
            async with asyncio.timeout(within_s):
                while entity in await self.states():
                    await asyncio.sleep(0.1)
        except TimeoutError as error:
            raise AssertionError(f"{entity} is still there") from error

    async def add_wyoming(self, port: int) -> None:
        """As a person does who adds the integration: this machine, that port."""
        flows = "/api/config/config_entries/flow"
        begun = (await self._ask("POST", flows, {"handler": "wyoming"})).json()
        done = await self._ask("POST", f"{flows}/{begun['flow_id']}", {"host": "127.0.0.1", "port": port})
        assert done.json()["type"] == "create_entry", done.text

    async def converse(self, text: str, *, agent: str, conversation: str = "") -> tuple[str, str]:
        """What it is answered, and the name of the conversation."""
        going_on = {"conversation_id": conversation} if conversation else {}
        body = {"text": text, "language": "en", "agent_id": agent, **going_on}
        answer = (await self._ask("POST", "/api/conversation/process", body, within_s=LONG_S)).json()
        return answer["response"]["speech"]["plain"]["speech"], answer["conversation_id"]

    async def transcribe(self, wav: bytes, *, engine: str) -> str:
        """Of 16 kHz mono."""
        assert self._client, "it does not run"
        form = "format=wav; codec=pcm; sample_rate=16000; bit_rate=16; channel=1; language=en"
        headers = {"X-Speech-Content": form}
        answer = await self._client.post(f"/api/stt/{engine}", content=wav, headers=headers, timeout=LONG_S)
        assert answer.is_success, answer.text
        return str(answer.json()["text"])

    async def speak(self, text: str, *, engine: str) -> bytes:
        """A WAV file."""
        options = {"preferred_format": "wav"}
        body = {"engine_id": engine, "message": text, "language": "en", "options": options}
        made = (await self._ask("POST", "/api/tts_get_url", body, within_s=LONG_S)).json()
        return (await self._ask("GET", made["path"], within_s=LONG_S)).content

    async def _ask(self, method: str, path: str, body: object = None, *, within_s: float = WAIT_S) -> httpx.Response:
        assert self._client, "it does not run"
        answer = await self._client.request(method, path, json=body, timeout=within_s)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer


@asynccontextmanager
async def home_assistant(folder: Path, *, mqtt_port: int, automations: str = "") -> AsyncGenerator[HomeAssistant]:
    """Started when this is entered. Raises NoPython where it cannot run."""
    await script("install")
    folder.mkdir(parents=True, exist_ok=True)
    if automations:
        (folder / "automations.yaml").write_text(automations, encoding="utf-8")
    it = HomeAssistant(folder, mqtt_port=mqtt_port)
    try:
        await it.start()
        yield it
    finally:
        await it.stop()


async def script(*arguments: str) -> str:
    """What it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(SCRIPT), *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    printed, told = await process.communicate()
    if process.returncode == NO_PYTHON:
        raise NoPython(told.decode().strip())
    assert process.returncode == 0, told.decode()
    return printed.decode().strip()


def _source(line: str) -> str:
    """Which part of it a line of its log is from: what stands in brackets."""
    return line.partition("[")[2].partition("]")[0]
