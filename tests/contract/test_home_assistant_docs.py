"""The automations of docs/home-assistant.md, in a real Home Assistant that two companions announced themselves to."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from digital_life import words
from digital_life.devices.companion import ONLINE, Companion
from digital_life.devices.topics import Command, Topics
from fakes.home_assistant import HomeAssistant, NoPython, home_assistant
from fakes.mosquitto import Mosquitto, Peer

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "home-assistant.md"
STUDY, KITCHEN = Topics("study"), Topics("kitchen")
MUTE = "switch.digital_life_study_mute_microphone"
LAMP = {
    "device": {"identifiers": ["lamp"], "name": "Desk lamp"},
    "origin": {"name": "tests"},
    "components": {
        "lamp": {
            "platform": "light",
            "name": None,
            "unique_id": "lamp",
            "command_topic": "lamp/set",
            "state_topic": "lamp",
        }
    },
}


@pytest.fixture
async def peer(tmp_path: Path) -> AsyncGenerator[tuple[Peer, HomeAssistant]]:
    """Both companions and a lamp are there, and all automations of the document."""
    automations = "".join(
        textwrap.indent(block, "  ").replace("  ", "- ", 1)
        for block in re.findall(r"```yaml\n(.+?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    )
    with Mosquitto() as broker:
        async with broker.peer() as peer:
            for topics in (STUDY, KITCHEN):
                companion = Companion(topics, ("Jarvis",), "1", words.load("en"))
                await peer.publish(companion.announcement.topic, companion.announcement.payload, retain=True)
                await peer.publish(topics.availability, ONLINE, retain=True)
                await peer.publish(topics.mute, "OFF", retain=True)
                await peer.publish(topics.state, "idle", retain=True)
            await peer.publish(f"{STUDY.prefix}/device/lamp/config", json.dumps(LAMP), retain=True)
            await peer.subscribe(STUDY.commands, KITCHEN.commands, "lamp/set")
            try:
                async with home_assistant(tmp_path / "peer", mqtt_port=broker.port, automations=automations) as it:
                    await it.until(MUTE, "off")
                    await it.until("light.desk_lamp")
                    await it.until("notify.digital_life_kitchen_announce")
                    yield peer, it
            except NoPython as reason:
                pytest.skip(str(reason))


async def test_every_automation_of_the_document_does_what_it_says(peer: tuple[Peer, HomeAssistant]) -> None:
    broker, it = peer
    await it.tell("binary_sensor.washing_machine", "on")
    await it.tell("binary_sensor.washing_machine", "off")
    await broker.hears(STUDY.of(Command.SAY), "The washing machine is done.")

    await it.call("automation.trigger", "automation.the_microphone_is_closed_for_the_night")
    await broker.hears(STUDY.of(Command.MUTE), "ON")
    await it.call("automation.trigger", "automation.the_microphone_is_opened_in_the_morning")
    await broker.hears(STUDY.of(Command.MUTE), "OFF")

    await broker.publish(STUDY.state, "listening", retain=True)
    await broker.hears("lamp/set", "ON")
    await broker.publish(STUDY.state, "thinking", retain=True)
    await broker.hears("lamp/set", "OFF")

    await it.tell("binary_sensor.bedroom_door", "off")
    await it.tell("binary_sensor.bedroom_door", "on")
    asked = json.loads((await broker.hears(STUDY.of(Command.ASK))).payload)
    await broker.publish(STUDY.answer, json.dumps({"id": "another", "answer": "For somebody else."}))
    await broker.publish(STUDY.answer, json.dumps({"id": asked["id"], "answer": "Nothing is on today."}))
    await broker.hears(KITCHEN.of(Command.SAY), "Nothing is on today.")
    assert broker.payloads(KITCHEN.of(Command.SAY)) == [b"Nothing is on today."]

    assert it.complaints == []
