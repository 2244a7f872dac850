"""What woke it and what nearly did, and what that advises."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from digital_life import words
from digital_life.config import Wake, WakeWord
from digital_life.values import WakeNote, Waking
from digital_life.views.now.wakes import SHOWN, Wakes, resources, wakes
from digital_life.wakings import Wakings
from digital_life.web.resource import Call
from fakes.clock import FakeClock

NOW = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)
WORDS = (WakeWord(model="hey_jarvis", threshold=0.6), WakeWord(model="/mine/hey_ada.onnx", threshold=0.5))


def note(waking: Waking, ago: timedelta, *, score: float = 0.4, phrase: str = "hey_jarvis") -> WakeNote:
    return WakeNote(NOW - ago, phrase, score, 0.6, -30.0, waking)


def called_twice() -> list[WakeNote]:
    """Three near misses, each followed by a waking at once."""
    hours = [timedelta(hours=each) for each in (9, 6, 3)]
    return [
        each
        for ago in hours
        for each in (note(Waking.NEAR, ago), note(Waking.ANSWERED, ago - timedelta(seconds=4), score=0.9))
    ]


def test_each_word_is_counted_by_itself() -> None:
    found = wakes([*called_twice(), note(Waking.DOUBTED, timedelta(hours=1), phrase="hey_ada")], WORDS, NOW)
    assert [(each.phrase, each.written, each.wakings) for each in found.words] == [
        ("hey_jarvis", "Hey Jarvis", Wakings(3, 0, 3, 0)),
        ("hey_ada", "Hey Ada", Wakings(0, 0, 0, 1)),
    ]


def test_who_had_to_call_twice_is_advised_a_lower_threshold() -> None:
    found = wakes(called_twice(), WORDS, NOW)
    assert [each.better for each in found.words] == [0.4, None]


def test_the_latest_come_first_and_not_all_that_ever_were() -> None:
    many = [note(Waking.VAIN, timedelta(minutes=each)) for each in range(200, 0, -1)]
    old = note(Waking.NEAR, timedelta(days=40))
    found = wakes([old, *many], WORDS, NOW)
    assert len(found.notes) == SHOWN
    assert found.notes[0] == many[-1]
    assert found.words[0].wakings == Wakings(0, 200, 0, 0)


async def test_the_page_reads_the_notes_anew_each_time() -> None:
    kept: list[WakeNote] = []

    def read() -> Sequence[WakeNote]:
        return tuple(kept)

    (resource,) = resources(read, settings=Wake(words=WORDS), clock=FakeClock(NOW))
    before = await resource.answer(Call(words.load("en")))
    kept.extend(called_twice())
    after = await resource.answer(Call(words.load("en")))
    assert isinstance(before, Wakes)
    assert isinstance(after, Wakes)
    assert (len(before.notes), len(after.notes)) == (0, 6)
