"""docs/whose-memory.md says what is so."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from digital_life import belonging, cli, words
from digital_life.talking import answering
from digital_life.values import GUEST

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "whose-memory.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^digital-life (.+)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_are_there(command: str) -> None:
    assert cli._parser(words.load("en")).parse_args(shlex.split(command, comments=True)).run


def test_its_numbers_are_right() -> None:
    assert len(COMMANDS) == 5
    assert belonging.TOGETHER.total_seconds() == 5 * 60
    assert "paused for five minutes" in PAGE
    assert f"within {answering.ANSWERS_WITHIN_S:g} seconds" in PAGE
    assert f"`{GUEST}`" in PAGE
