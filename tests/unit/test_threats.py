"""The table of docs/threats.md is true: every threat has a test, and each test that is named is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINES = [
    [cell.strip() for cell in line.strip("| \n").split(" | ")]
    for line in (ROOT / "docs" / "threats.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| threat |")
]


def test_every_line_names_a_threat_what_is_done_and_what_shows_it() -> None:
    assert len(LINES) >= 30
    assert not [line for line in LINES if len(line) != 3 or not all(line)]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0][:60])
def test_what_shows_it_is_there(line: list[str]) -> None:
    named = re.fullmatch(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`", line[-1])
    assert named, line
    source = (ROOT / named[1]).read_text(encoding="utf-8")
    assert re.search(rf"^(?:async )?def {named[2] or 'test_'}", source, re.MULTILINE), line
