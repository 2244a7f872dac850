"""Every sentence that the view asks for is there, and none that nobody asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources

import digital_life
from digital_life import words
from digital_life.values import EntryKind, State, Waking

STATIC = resources.files(digital_life) / "web" / "static" / "views"
BY_PYTHON = {"and", "really", "set-to"}
FAMILIES = {
    "doing": [*State, "away"],
    "how": ["spoken", "typed", "written"],
    "kind": [*EntryKind],
    "language": ["en", "zh"],
    "profile": ["small", "better"],
    "role": [
        "language-model",
        "speech-to-text",
        "voice",
        "end-of-turn",
        "wake-features",
        "wake-word",
        "speaker-embedding",
    ],
    "room": [*State, "out"],
    "stage": ["endpoint", "stt", "first_token", "voice", "speaking"],
    "turn-slow": ["endpoint", "stt", "first_token", "voice"],
    "voice": ["heard", "none"],
    "wake": [*Waking],
}
"""Keys that are put together."""


def sources() -> Iterator[str]:
    yield (STATIC / "now.js").read_text()
    yield from (each.read_text() for each in (STATIC / "now").iterdir() if each.name.endswith(".js"))


def test_every_sentence_that_is_asked_for_is_there_and_no_other() -> None:
    known = {key for key, value in words.load("en").table["console"]["now"].items() if isinstance(value, str)}
    written = " ".join(sources())
    asked = {each for each in re.findall(r'"([a-z][a-z-]*)"', written) if each in known}
    asked |= {f"{family}-{each}" for family, members in FAMILIES.items() for each in members} | BY_PYTHON
    asked |= {"days", "hours", "minutes", "seconds", "ringing", "missed"}
    assert asked == known


def test_no_sentence_is_asked_for_that_is_not_there() -> None:
    known = words.load("en").table["console"]["now"]
    for each in re.findall(r'\bt\("([a-z-]+)"', " ".join(sources())):
        assert each in known, each
