"""What the person allowed, kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from digital_life.backends.consents import NAME, FileConsents


def test_an_answer_survives_a_restart(tmp_path: Path) -> None:
    home = tmp_path / "life"
    consents = FileConsents(home)
    assert consents.allowed("weather") is None
    consents.keep("weather", allowed=True)
    consents.keep("search", allowed=False)
    again = FileConsents(home)
    assert again.allowed("weather") is True
    assert again.allowed("search") is False
    again.keep("weather", allowed=False)
    assert consents.allowed("weather") is False


def test_it_can_be_written_by_hand(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("weather = true\n")
    assert FileConsents(tmp_path).allowed("weather") is True


@pytest.mark.parametrize("written", ["weather = maybe", 'weather = "yes"', "[weather]", "\x00"])
def test_a_damaged_file_allows_nothing(tmp_path: Path, written: str, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / NAME).write_text(written)
    assert FileConsents(tmp_path).allowed("weather") is None
    assert "cannot be read" in caplog.text


def test_where_it_cannot_be_written_down_it_holds_until_the_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "life").write_text("no folder")
    consents = FileConsents(tmp_path / "life")
    consents.keep("weather", allowed=False)
    assert consents.allowed("weather") is False
    assert "not kept" in caplog.text
