"""The volume, kept and heard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from digital_life.backends.volume import NAME, QUIETEST, KeptVolume
from digital_life.values import Speech


@dataclass
class Loudspeaker:
    levels: list[float] = field(default_factory=list)
    played: list[Speech] = field(default_factory=list)
    stopped: bool = False

    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        self.played.append(speech)
        if started:
            started()
        return speech.seconds

    def stop(self) -> None:
        self.stopped = True

    def turn(self, level: float) -> None:
        self.levels.append(level)


def test_the_volume_survives_a_restart(tmp_path: Path) -> None:
    KeptVolume(Loudspeaker(), tmp_path / "life").level = 0.4
    again = Loudspeaker()
    assert KeptVolume(again, tmp_path / "life").level == pytest.approx(0.4)
    assert 0 < again.levels[-1] < 1


def test_half_the_volume_is_ten_decibels_less(tmp_path: Path) -> None:
    loudspeaker = Loudspeaker()
    KeptVolume(loudspeaker, tmp_path).level = 0.5
    assert loudspeaker.levels[-1] == pytest.approx(10 ** (-10 / 20), abs=0.01)


def test_the_voice_is_lowered_from_where_it_is(tmp_path: Path) -> None:
    loudspeaker = Loudspeaker()
    volume = KeptVolume(loudspeaker, tmp_path)
    volume.turn(0.5)
    assert loudspeaker.levels[-1] == pytest.approx(0.5)
    volume.level = 0.5
    assert loudspeaker.levels[-1] < 0.2
    volume.turn(0.0)
    assert loudspeaker.levels[-1] == 0.0


@pytest.mark.parametrize(("wanted", "level"), [(-1.0, QUIETEST), (0.0, QUIETEST), (7.0, 1.0)])
def test_it_is_never_silent_and_never_over_the_top(tmp_path: Path, wanted: float, level: float) -> None:
    volume = KeptVolume(Loudspeaker(), tmp_path)
    volume.level = wanted
    assert volume.level == level


async def test_it_plays_and_stops_as_its_loudspeaker_does(tmp_path: Path) -> None:
    loudspeaker, begun = Loudspeaker(), []
    volume = KeptVolume(loudspeaker, tmp_path)
    speech = Speech(b"\0\0" * 100, 100)
    assert await volume.play(speech, started=lambda: begun.append(True)) == 1.0
    volume.stop()
    assert (loudspeaker.played, loudspeaker.stopped, begun) == ([speech], True, [True])


@pytest.mark.parametrize("written", ["loud", "nan", ""])
def test_a_damaged_file_does_not_silence_it(tmp_path: Path, written: str) -> None:
    (tmp_path / NAME).write_text(written)
    assert KeptVolume(Loudspeaker(), tmp_path).level == 1.0


def test_where_it_cannot_be_written_down_it_holds_until_the_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "life").write_text("no folder")
    volume = KeptVolume(Loudspeaker(), tmp_path / "life")
    volume.level = 0.3
    assert volume.level == pytest.approx(0.3)
    assert "not kept" in caplog.text
