"""Its own voice is judged by the ears' own rules."""

from __future__ import annotations

import pytest

from digital_life import config
from digital_life.hearing.ownvoice import CALLING, Judged, judge
from digital_life.values import FRAME, AudioFrame
from fakes.hearing import FakeVoiceActivity, FakeWakeWords, Heard

VOICE = Heard(voice=True)
QUIET = Heard()


def frames(count: int, *, begin: int = 0, echo_free: bool = True) -> list[AudioFrame]:
    """Each holds its number, by which the fakes know it."""
    return [
        AudioFrame(n.to_bytes(2, "little") * FRAME, n * FRAME, 0.0, echo_free=echo_free)
        for n in range(begin, begin + count)
    ]


def judged(quiet: list[Heard], own: list[Heard], *, echo_free: bool = True) -> Judged:
    story = [*quiet, *own]
    return judge(
        frames(len(quiet)),
        frames(len(own), begin=len(quiet), echo_free=echo_free),
        wake_words=FakeWakeWords(story),
        voice_activity=FakeVoiceActivity(story),
        settings=config.Settings(wake=config.Wake(words=(config.WakeWord(model="hey_ada"),))),
    )


def test_silence_is_no_voice_and_no_wake_word() -> None:
    assert judged([QUIET] * 20, [QUIET] * 100) == Judged(room_voice=0.05, calling=CALLING[0], mistaken=0)


def test_a_voice_in_the_quiet_room_is_told_from_a_click() -> None:
    assert judged([*[QUIET] * 19, VOICE], [QUIET]).room_voice < 0.1
    assert judged([VOICE] * 20, [QUIET]).room_voice > 0.5


def test_each_time_it_is_mistaken_counts() -> None:
    own = [*[VOICE] * 10, *[QUIET] * 20] * 2
    assert judged([QUIET] * 20, own).mistaken >= 2
    assert judged([QUIET] * 20, own, echo_free=False).mistaken == 0


@pytest.mark.parametrize(
    ("scores", "calling"),
    [([0.5] * 9, CALLING[0]), ([0.98], CALLING[1]), ([0.85] * 4, CALLING[2]), ([0.95] * 9, CALLING[2])],
)
def test_the_easiest_at_which_it_does_not_call_itself(scores: list[float], calling: tuple[float, int]) -> None:
    own = [QUIET, *(Heard(wake=score) for score in scores), *[QUIET] * 5]
    assert judged([QUIET], own).calling == calling
