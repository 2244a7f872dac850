"""The page is whole, says what it does in each language, and takes nothing from elsewhere."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import msgspec

from digital_life.display import page
from digital_life.display.messages import MOODS
from digital_life.values import State
from digital_life.words import LANGUAGES

WEB = Path(str(page.files()))
SCRIPTS = sorted(WEB.glob("*.js"))
MOST_BYTES = 100_000
"""Of the page itself, without mqtt.js and Live2D."""


def test_every_state_and_mood_has_words_in_each_language() -> None:
    said = msgspec.json.decode(page.words_json())
    for language in LANGUAGES:
        assert {each.value for each in State} | {"away"} == said[language]["states"].keys()
        assert said[language]["states"].keys() == said[language]["doing"].keys()
        assert set(MOODS) == said[language]["looks"].keys()


def test_it_can_show_every_state_and_mood() -> None:
    acting = (WEB / "expressions.js").read_text(encoding="utf-8")
    lamp = (WEB / "display.html").read_text(encoding="utf-8")
    for state in State:
        assert re.search(rf"^  {state}: ", acting, re.MULTILINE), state
        assert f'class="icon {state}"' in lamp
    for mood in MOODS:
        assert re.search(rf"^  {mood}: ", acting, re.MULTILINE), mood


def test_every_file_that_it_names_is_there() -> None:
    for script in SCRIPTS:
        for name in re.findall(r"(?:from|import\()\s*\"\./([\w.]+)\"", script.read_text(encoding="utf-8")):
            assert (WEB / name).is_file(), (script.name, name)
    for name in re.findall(r"(?:src|href)=\"\./([\w.]+)\"", (WEB / "display.html").read_text(encoding="utf-8")):
        assert (WEB / name).is_file(), name


def test_it_needs_neither_the_network_nor_an_exception_from_its_policy() -> None:
    for file in (*SCRIPTS, WEB / "display.html", WEB / "display.css"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"https?://(?!www\.w3\.org/)\w", text), file.name
        assert not re.search(r"\beval\(|new Function|innerHTML|document\.write|\sstyle=|\son\w+=\"", text), file.name
    assert "unsafe" not in page.policy()


def test_only_named_brokers_are_added_to_the_policy() -> None:
    assert "connect-src 'self';" in page.policy()
    assert "connect-src 'self' ws://box:9001;" in page.policy(brokers=("ws://box:9001",))


def test_it_is_small() -> None:
    assert sum(file.stat().st_size for file in WEB.glob("*") if file.is_file()) < MOST_BYTES


def test_what_is_not_its_own_is_what_its_licences_say() -> None:
    told = (WEB / "vendor" / "LICENCES.txt").read_text(encoding="utf-8")
    for file in (WEB / "vendor").glob("*.js"):
        assert file.name in told
        assert hashlib.sha256(file.read_bytes()).hexdigest() in told
