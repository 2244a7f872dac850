"""Mute, and what keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest

from digital_life.backends.mute import FileMute
from fakes.clock import FakeClock


async def test_it_is_seen_by_another_program_and_after_a_restart(tmp_path: Path) -> None:
    here, there = (FileMute(tmp_path / "life", clock=FakeClock()) for _ in range(2))
    assert not here.on
    there.on = True
    await here.until(on=True)
    assert FileMute(tmp_path / "life", clock=FakeClock()).on
    here.on = False
    await there.until(on=False)


def test_where_it_cannot_be_written_down_it_is_mute_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "life").write_text("no folder")
    mute = FileMute(tmp_path / "life", clock=FakeClock())
    mute.on = True
    assert mute.on
    assert "not kept" in caplog.text
    mute.on = False
    assert not mute.on
