"""Who is wanted, and what keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest

from digital_life.backends.persona import WANTED, KeptName


def test_it_is_seen_by_another_program_and_after_a_restart(tmp_path: Path) -> None:
    here, there = (KeptName(tmp_path / "life", WANTED) for _ in range(2))
    assert here.name == ""
    there.name = "小雅"
    assert here.name == "小雅"
    here.name = "Ada"
    assert KeptName(tmp_path / "life", WANTED).name == there.name == "Ada"


def test_it_can_be_written_by_hand_and_a_damaged_file_is_none(tmp_path: Path) -> None:
    (tmp_path / WANTED).write_text(" Ada\n")
    assert KeptName(tmp_path, WANTED).name == "Ada"
    (tmp_path / WANTED).write_bytes(b"\xff\xfe\x00")
    assert KeptName(tmp_path, WANTED).name == ""


def test_where_it_cannot_be_written_down_it_holds_until_the_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "life").write_text("no folder")
    wanted = KeptName(tmp_path / "life", WANTED)
    wanted.name = "Ada"
    assert wanted.name == "Ada"
    assert "not kept" in caplog.text
