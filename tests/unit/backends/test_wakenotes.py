"""What is kept of wakings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from digital_life.backends import wakenotes
from digital_life.backends.wakenotes import FileWakeNotes, read
from digital_life.values import RATE, WakeHeard, WakeMissed, Waking
from fakes.clock import FakeClock
from fakes.sealed import key_in

HEARD = WakeHeard("hey_ada", 0.9, RATE, 0.6, (np.ones(RATE) * 3277).astype(np.int16).tobytes())
MISSED = WakeMissed("hey_ada", 0.4, RATE, 0.6)


def test_the_last_waking_is_known_after_a_restart(tmp_path: Path) -> None:
    notes = FileWakeNotes(tmp_path, clock=FakeClock(), keep_sound=False)
    assert notes.latest is None
    notes.note(HEARD, Waking.VAIN)
    notes.note(MISSED, Waking.NEAR)
    notes.note(HEARD, Waking.DOUBTED)
    latest = FileWakeNotes(tmp_path, clock=FakeClock(), keep_sound=False).latest
    assert latest == notes.latest
    assert latest
    assert (latest.waking, latest.score, latest.loudness_db) == (Waking.VAIN, 0.9, -20.0)
    assert [each.waking for each in read(tmp_path)] == [Waking.VAIN, Waking.NEAR, Waking.DOUBTED]


def test_sound_is_kept_only_when_that_is_asked_for(tmp_path: Path) -> None:
    FileWakeNotes(tmp_path, clock=FakeClock(), keep_sound=False).note(HEARD, Waking.VAIN)
    assert not (tmp_path / wakenotes.SOUNDS).exists()
    clock = FakeClock()
    notes = FileWakeNotes(tmp_path, clock=clock, keep_sound=True)
    for _ in range(wakenotes.KEPT_SOUNDS + 5):
        notes.note(HEARD, Waking.VAIN)
        clock.passed += 1
    files = list((tmp_path / wakenotes.SOUNDS).iterdir())
    assert len(files) == wakenotes.KEPT_SOUNDS
    assert all(each.stat().st_mode & 0o077 == 0 for each in files)


def test_the_sound_of_a_sealed_life_opens_with_its_key_alone(tmp_path: Path) -> None:
    key = key_in(tmp_path)
    FileWakeNotes(tmp_path, clock=FakeClock(), keep_sound=True, seal=key).note(HEARD, Waking.VAIN)
    (file,) = (tmp_path / wakenotes.SOUNDS).iterdir()
    assert file.name.endswith(".wav.age")
    assert key.open(file.read_bytes(), file).startswith(b"RIFF")


def test_a_line_cut_short_is_left_out_and_an_old_file_gets_shorter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wakenotes, "LARGEST_BYTES", 2_000)
    notes = FileWakeNotes(tmp_path, clock=FakeClock(), keep_sound=False)
    for _ in range(60):
        notes.note(MISSED, Waking.NEAR)
    file = tmp_path / wakenotes.NAME
    assert file.stat().st_size < 2_500
    assert file.stat().st_mode & 0o077 == 0
    count = len(read(tmp_path))
    file.write_bytes(file.read_bytes()[:-20])
    assert len(read(tmp_path)) == count - 1


def test_a_folder_that_cannot_be_written_to_keeps_nobody_from_being_heard(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "life").write_text("no folder")
    notes = FileWakeNotes(tmp_path / "life", clock=FakeClock(), keep_sound=False)
    notes.note(HEARD, Waking.ANSWERED)
    assert notes.latest
    assert "not noted" in caplog.text
