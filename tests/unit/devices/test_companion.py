"""How it announces itself to Home Assistant."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from digital_life import words
from digital_life.devices.companion import MOODS, STATES, Companion
from digital_life.devices.topics import Command, Topics
from digital_life.talking.mood import Mood
from digital_life.values import Language, State

TOPICS = Topics("kitchen")
WISHED = {
    "state": "sensor",
    "mood": "sensor",
    "latency": "sensor",
    "wake": "event",
    "reminder": "event",
    "problem": "binary_sensor",
    "mute": "switch",
    "volume": "number",
    "persona": "select",
    "say": "text",
    "announce": "notify",
    "stop": "button",
    "write_diary": "button",
}


def told(language: Language = "en", name: str = "kitchen") -> dict[str, Any]:
    companion = Companion(Topics(name), ["Jarvis", "艾达"], "0.1.0", words.load(language))
    assert companion.announcement.retain
    device: dict[str, Any] = json.loads(companion.announcement.payload)
    return device


def test_it_is_one_device_with_all_its_entities() -> None:
    assert {key: each["platform"] for key, each in told()["components"].items()} == WISHED


def test_it_says_who_made_it_and_how_to_know_whether_it_is_there() -> None:
    device = told()
    assert device["device"]["identifiers"] == ["digital-life-kitchen"]
    assert device["device"]["sw_version"] == device["origin"]["sw_version"] == "0.1.0"
    assert device["availability"] == [
        {"topic": TOPICS.availability, "payload_available": "online", "payload_not_available": "offline"}
    ]


def test_every_entity_has_ids_that_do_not_change_with_its_name() -> None:
    english, chinese = told("en")["components"], told("zh")["components"]
    ids = [each["unique_id"] for each in english.values()]
    assert len(set(ids)) == len(ids)
    assert ids == [each["unique_id"] for each in chinese.values()]
    for key, each in english.items():
        assert re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", each["default_entity_id"])
        assert "object_id" not in each
        assert each["name"] != chinese[key]["name"]


@pytest.mark.parametrize("name", ["kitchen", "Ada-s_Mac", "-"])
def test_its_topic_is_one_that_home_assistant_reads(name: str) -> None:
    companion = Companion(Topics(name), [], "0", words.load("en"))
    assert re.fullmatch(r"homeassistant/device/[a-zA-Z0-9_-]+/config", companion.announcement.topic)


def test_what_is_wished_goes_to_the_topics_of_commands() -> None:
    components = told()["components"]
    commanded = {key: each["command_topic"] for key, each in components.items() if "command_topic" in each}
    shown = [each for each in Command if each not in (Command.ASK, Command.REMINDER)]
    assert commanded == {"announce": TOPICS.of(Command.SAY)} | {str(each): TOPICS.of(each) for each in shown}


def test_its_states_and_moods_are_all_that_there_are() -> None:
    assert set(STATES) == set(State) - {State.STARTING, State.STOPPING}
    assert set(MOODS) == set(Mood)


def test_to_be_forgotten_it_empties_what_is_kept() -> None:
    removal = Companion(TOPICS, [], "0", words.load("en")).removal
    assert (removal.topic, removal.payload, removal.retain) == (TOPICS.discovery, b"", True)
