"""docs/faults.md names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (?P<what>[^|]+) \|(?:[^|]+\|){3} `(?P<file>tests/[^:]+)::(?P<test>\w+)` \|$", re.MULTILINE)
TEXT = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
ROWS = [(each["what"], each["file"], each["test"]) for each in ROW.finditer(TEXT)]


@pytest.mark.parametrize(("what", "file", "test"), ROWS, ids=[what for what, *_ in ROWS])
def test_each_fault_has_its_test(what: str, file: str, test: str) -> None:
    written = (ROOT / file).read_text(encoding="utf-8")
    assert re.search(rf"^ *(?:async )?def {test}\(", written, re.MULTILINE), f"{what}: {file} has no {test}"


def test_every_line_of_the_table_is_read() -> None:
    assert len(ROWS) == TEXT.count("\n| ") - 1
    assert len(ROWS) > 20
