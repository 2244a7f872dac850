"""docs/display.md says what is so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from digital_life.display.messages import MOODS, Message, from_json, to_json, topic_of
from digital_life.display.page import files
from digital_life.values import State

DOCS = Path(__file__).parents[3] / "docs" / "display.md"
TEXT = DOCS.read_text(encoding="utf-8") if DOCS.is_file() else ""
EXAMPLES = re.findall(r"`(\{\"type\".*?\})`", TEXT)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_a_message(example: str) -> None:
    message = from_json(example)
    assert json.loads(to_json(message)) == json.loads(example)
    assert topic_of(message).startswith("display/")


def test_every_message_state_and_mood_is_there() -> None:
    kinds = {type(from_json(example)) for example in EXAMPLES}
    assert kinds == set(Message.__args__)
    for word in (*State, *MOODS):
        assert f"`{word}`" in TEXT


def test_every_option_of_the_page_is_there() -> None:
    script = (Path(str(files())) / "display.js").read_text(encoding="utf-8")
    options = set(re.findall(r"asked\.get\(\"(\w+)\"\)", script))
    assert options
    for option in options:
        assert re.search(rf"`{option}=", TEXT), option
