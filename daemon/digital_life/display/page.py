"""The display's page: its files, and the words that stand on it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

import msgspec

from digital_life import words

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'{brokers}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
WORDS = "words.json"
"""Next to the page; made from words/*/display.toml."""
BROKER = "broker.json"
"""Next to the page; where it finds the displays' messages on MQTT."""
START = "display.html"


def files() -> Traversable:
    """The folder of the page, as it is shipped."""
    return resources.files(__package__) / "web"


def no_avatar() -> Path:
    """The folder that stands for an avatar where none is installed; its avatar.json says so."""
    return Path(str(resources.files(__package__) / "none"))


@functools.cache
def words_json() -> bytes:
    """What the page says in each language: its title, and words for each state and look."""
    said: Mapping[str, object] = {language: words.load(language).table["display"] for language in words.LANGUAGES}
    return msgspec.json.encode(said)


def broker_json(topic: str, brokers: tuple[str, ...]) -> bytes:
    """The companion's own topic, and the first of the brokers; null where none is named."""
    return msgspec.json.encode({"topic": topic, "broker": f"{brokers[0]}/mqtt" if brokers else None})


def policy(*, brokers: tuple[str, ...] = ()) -> str:
    """The Content-Security-Policy it works under, also with a Live2D model of any generation.

    `brokers`: the origins (ws://host:port) of brokers whose WebSocket the page may open.
    """
    return POLICY.format(brokers="".join(f" {each}" for each in brokers))
