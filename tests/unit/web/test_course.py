"""What page and daemon tell each other, and what the documentation says of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from digital_life import words
from digital_life.web import course, talk

DOCS = Path(__file__).parents[3] / "docs"
TEXT = "".join(file.read_text(encoding="utf-8") for file in sorted(DOCS.glob("console*.md")))


def section(title: str) -> str:
    return TEXT.split(f"## {title}\n")[1].split("\n## ")[0]


def documented(title: str) -> dict[str, set[str]]:
    """The first column of the table, and what stands in the second."""
    rows = re.findall(r"^\| `(\w+)` \|(.*?)\|", section(title), re.MULTILINE)
    return {name: set(re.findall(r"`(\w+)`", fields)) for name, fields in rows}


def declared(kinds: tuple[type[msgspec.Struct], ...]) -> dict[str, set[str]]:
    return {str(each.__struct_config__.tag): set(each.__struct_fields__) for each in kinds}


def test_every_message_of_a_page_is_documented() -> None:
    assert documented("From a page") == declared(get_args(course.FromPage))


def test_every_message_to_a_page_is_documented() -> None:
    assert documented("To a page") == declared(get_args(course.ToPage))


def test_every_reason_to_refuse_is_documented_and_said() -> None:
    reasons = set(get_args(talk.Why))
    assert documented("Why something is refused").keys() == reasons
    for language in words.LANGUAGES:
        assert words.load(language).table["console"]["talk"]["refused"].keys() == reasons


@pytest.mark.parametrize("written", ['{"type":"press"}', '{"type":"press","rate":16000,"later":"field"}'])
def test_what_is_not_known_is_ignored(written: str) -> None:
    assert course.from_json(written) == course.Press()
