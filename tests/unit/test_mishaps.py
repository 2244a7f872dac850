"""What went wrong of late is noted by part and time, and nothing of what was said."""

from __future__ import annotations

import itertools
import logging
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life import mishaps, words
from digital_life.errors import DigitalLifeError, ModelError, SoundError
from digital_life.mishaps import APART_S, FILE, KEPT_DAYS, MOST, Mishap, Record, added, part_of, read
from fakes.clock import FakeClock

NOW = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)


def warns(clock: FakeClock, module: str, *what: object) -> None:
    clock.passed += APART_S + 1
    logging.getLogger(f"digital_life.{module}").warning("it failed: %s", *what or ("somehow",))


def parts(home: Path) -> list[str]:
    return [each.part for each in read(home).mishaps]


def test_each_part_is_noted_once_a_minute_and_with_no_word(tmp_path: Path) -> None:
    clock = FakeClock()
    with mishaps.noted(tmp_path, clock):
        warns(clock, "talking.understanding", ModelError("recogniser-failed", cause="my secret"))
        logging.getLogger("digital_life.talking.understanding").warning("the same once more")
        warns(clock, "talking.understanding")
        warns(clock, "web.front")
        logging.getLogger("digital_life.heartbeat").info("all is well")
    assert parts(tmp_path) == ["recogniser", "recogniser"]
    assert b"secret" not in (tmp_path / FILE).read_bytes()


@pytest.mark.parametrize(
    ("module", "error", "part"),
    [
        ("talking.speaking", SoundError("loudspeaker-lost", device="USB"), "loudspeaker"),
        ("talking.speaking", ModelError("voice-failed", cause="it"), "voice"),
        ("talking.session", SoundError("microphone-lost", device="USB"), "microphone"),
        ("backends.renewed", ModelError("recogniser-hangs", seconds=60), "recogniser"),
        ("talking.answering", ModelError("language-model-hangs", seconds=60), "language model"),
        ("heartbeat", None, "watchdog"),
        ("views.talk", None, ""),
    ],
)
def test_the_part_is_told_by_the_error_and_else_by_who_warns(
    module: str, error: DigitalLifeError | None, part: str
) -> None:
    record = logging.LogRecord(f"digital_life.{module}", logging.WARNING, "", 0, "%s", (error,), None)
    assert part_of(record) == part


def test_both_languages_have_words_for_every_part() -> None:
    named = {*mishaps.PARTS.values(), *mishaps.ERRORS.values(), mishaps.ENDED}
    for language in words.LANGUAGES:
        for part in named:
            key = f"doctor.mishap-{part.replace(' ', '-')}"
            assert "7" in words.load(language).text(key, count=7, last="10:05")
            assert words.load(language).text(f"{key}-advice")


def test_one_that_was_killed_is_noted_by_the_next(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for before in (dead.pid, os.getpid()):  # a container gives each daemon the same number
        clock = FakeClock()
        (tmp_path / FILE).write_text(f'{{"process": {before}, "began": "2026-11-21T09:00:00Z"}}')
        with mishaps.noted(tmp_path, clock):
            assert parts(tmp_path) == [mishaps.ENDED]
            assert read(tmp_path).process == os.getpid()
        assert read(tmp_path).process == 0


def test_a_second_daemon_does_not_take_the_first_for_dead(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(f'{{"process": {os.getppid()}, "began": "2026-11-21T09:00:00Z"}}')
    with mishaps.noted(tmp_path, FakeClock()):
        assert parts(tmp_path) == []


def test_a_home_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    home = tmp_path / "file"
    home.write_text("no folder")
    clock = FakeClock()
    with mishaps.noted(home, clock):
        warns(clock, "heartbeat")
    assert read(home) == Record()


@pytest.mark.parametrize("content", ["", "{", '{"mishaps": 1}', '{"process": "x"}'])
def test_a_file_that_is_damaged_is_an_empty_one(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)
    assert read(tmp_path) == Record()


MOMENTS = st.integers(0, 30 * 24 * 3600).map(lambda seconds: NOW + timedelta(seconds=seconds))


@given(st.lists(st.builds(Mishap, st.sampled_from(["voice", "memory"]), MOMENTS), max_size=300))
def test_they_are_few_young_and_apart(told: list[Mishap]) -> None:
    kept: tuple[Mishap, ...] = ()
    told.sort(key=lambda each: each.when)
    for each in told:
        kept = added(kept, each)
        assert kept[-1].part == each.part or any(other.part == each.part for other in kept)
        assert len(kept) <= MOST
        assert all(each.when - other.when < timedelta(days=KEPT_DAYS) for other in kept)
    for part in ("voice", "memory"):
        moments = [each.when for each in kept if each.part == part]
        assert all((b - a).total_seconds() >= APART_S for a, b in itertools.pairwise(moments))
