"""Which sign of life is too old."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from digital_life.vitals import FRAMES_MOST_S, MEMORY_MOST_S, Stale, Step, Vitals, stale

seconds = some.floats(0, 10_000)


def vitals(*, frames_s: float = 0.0, memory_s: float = 0.0, steps: tuple[Step, ...] = ()) -> Vitals:
    return Vitals(frames_s, memory_s, steps)


def test_all_is_well_while_frames_flow_the_memory_answers_and_no_thread_is_stuck() -> None:
    assert not stale(vitals(frames_s=0.1, steps=(Step("model", 20.0, 300.0), Step("ears", 0.0, 300.0))))


def test_an_open_microphone_without_frames_is_stale() -> None:
    assert stale(vitals(frames_s=FRAMES_MOST_S + 1)) == [Stale("frames", FRAMES_MOST_S + 1)]


def test_a_memory_that_only_fails_is_stale() -> None:
    assert [each.part for each in stale(vitals(memory_s=MEMORY_MOST_S + 1))] == ["memory file"]


def test_a_thread_past_its_own_deadline_is_named_and_no_other() -> None:
    steps = (Step("model", 301.0, 300.0), Step("memory", 301.0, 900.0))
    assert stale(vitals(steps=steps)) == [Stale("model", 301.0)]


@given(seconds, seconds, seconds, seconds)
def test_what_is_stale_stays_so_when_it_grows_older(frames: float, memory: float, busy: float, later: float) -> None:
    def parts(more: float) -> set[str]:
        found = stale(
            vitals(frames_s=frames + more, memory_s=memory + more, steps=(Step("model", busy + more, 300.0),))
        )
        return {each.part for each in found}

    assert parts(0.0) <= parts(later)
