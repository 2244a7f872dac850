"""The companion as a device of Home Assistant: its own discovery message."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from digital_life.devices.orders import OFF, ON, PRESS
from digital_life.devices.topics import Command, Topics
from digital_life.values import EntryKind, Published
from digital_life.words import Words

MAKER = "Digital Life"
URL = "https://github.com/digital-life/digital-life"
ONLINE, OFFLINE = "online", "offline"
STATES = ("idle", "listening", "thinking", "speaking", "muted", "deaf")
NEUTRAL, THINKING = "neutral", "thinking"
MOODS = (NEUTRAL, "happy", "sad", "surprised", THINKING, "worried")
WOKE = "wake"
LONGEST_TEXT = 255
"""Characters that Home Assistant takes for a text."""

Component = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Companion:
    """What Home Assistant is to know of it."""

    topics: Topics
    personas: Sequence[str]
    """Names of all of them."""
    version: str
    words: Words
    """In whose language the entities are named."""

    @property
    def announcement(self) -> Published:
        """The discovery message, which the broker keeps."""
        told = json.dumps(self._device(), ensure_ascii=False)
        return Published.text(self.topics.discovery, told, qos=1, retain=True)

    @property
    def removal(self) -> Published:
        """What has Home Assistant forget it."""
        return Published(self.topics.discovery, b"", qos=1, retain=True)

    def _device(self) -> dict[str, Any]:
        return {
            "device": {
                "identifiers": [self.topics.id],
                "name": f"{MAKER} {self.topics.name}",
                "manufacturer": MAKER,
                "model": self.words.text("mqtt.model"),
                "sw_version": self.version,
            },
            "origin": {"name": MAKER, "sw_version": self.version, "support_url": URL},
            "availability": [
                {
                    "topic": self.topics.availability,
                    "payload_available": ONLINE,
                    "payload_not_available": OFFLINE,
                }
            ],
            "qos": 1,
            "components": {key: self._component(key, each) for key, each in self._components().items()},
        }

    def _component(self, key: str, own: Component) -> dict[str, Any]:
        """What all have: a name, and ids that stay the same whatever it is called."""
        entity = f"{self.topics.id}_{key}".lower().replace("-", "_")
        return {
            "name": self.words.text(f"mqtt.entities.{key}"),
            "unique_id": f"{self.topics.id}-{key}",
            "default_entity_id": f"{own['platform']}.{entity}",
            **own,
        }

    def _components(self) -> dict[str, Component]:
        return {**self._told(), **self._wished()}

    def _told(self) -> dict[str, Component]:
        of = self.topics
        return {
            "state": {
                "platform": "sensor",
                "device_class": "enum",
                "options": STATES,
                "state_topic": of.state,
                "icon": "mdi:account-voice",
            },
            "mood": {
                "platform": "sensor",
                "device_class": "enum",
                "options": MOODS,
                "state_topic": of.mood,
                "icon": "mdi:emoticon-outline",
            },
            "latency": {
                "platform": "sensor",
                "device_class": "duration",
                "unit_of_measurement": "ms",
                "state_topic": of.metrics,
                "value_template": "{{ value_json.latency_ms }}",
                "json_attributes_topic": of.metrics,
                "entity_category": "diagnostic",
            },
            "wake": {
                "platform": "event",
                "event_types": [WOKE],
                "state_topic": of.wake,
                "icon": "mdi:ear-hearing",
            },
            "reminder": {
                "platform": "event",
                "event_types": list(EntryKind),
                "state_topic": of.reminder,
                "icon": "mdi:bell-ring",
            },
            "problem": {
                "platform": "binary_sensor",
                "device_class": "problem",
                "state_topic": of.problem,
                "value_template": f"{{{{ '{ON}' if value_json.problem else '{OFF}' }}}}",
                "json_attributes_topic": of.problem,
                "entity_category": "diagnostic",
            },
        }

    def _wished(self) -> dict[str, Component]:
        of = self.topics
        return {
            "mute": {
                "platform": "switch",
                "state_topic": of.mute,
                "command_topic": of.of(Command.MUTE),
                "icon": "mdi:microphone-off",
            },
            "volume": {
                "platform": "number",
                "state_topic": of.volume,
                "command_topic": of.of(Command.VOLUME),
                "min": 0,
                "max": 100,
                "step": 1,
                "unit_of_measurement": "%",
                "icon": "mdi:volume-high",
            },
            "persona": {
                "platform": "select",
                "state_topic": of.persona,
                "command_topic": of.of(Command.PERSONA),
                "options": list(self.personas),
                "icon": "mdi:account-switch",
            },
            "say": {
                "platform": "text",
                "command_topic": of.of(Command.SAY),
                "max": LONGEST_TEXT,
                "icon": "mdi:bullhorn",
            },
            "announce": {"platform": "notify", "command_topic": of.of(Command.SAY)},
            "stop": {
                "platform": "button",
                "command_topic": of.of(Command.STOP),
                "payload_press": PRESS,
                "icon": "mdi:stop",
            },
            "write_diary": {
                "platform": "button",
                "command_topic": of.of(Command.WRITE_DIARY),
                "payload_press": PRESS,
                "icon": "mdi:notebook-edit",
            },
        }
