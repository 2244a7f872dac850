"""How the ancestors recall and forget: by their published formulas."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory import forgetting
from digital_life.memory.calibration import Scale
from digital_life.memory.policies import cued, memorybank, paged, recursive
from digital_life.memory.recall import Judged
from digital_life.memory.records import Hit, PastTurn, Sentence

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SCALE = Scale(0.75, 0.9)
YEAR = timedelta(days=365)


def hit(number: int, cosine: float, *, talk: int = 1, days: float = 1, strength: float = 1, matched: float = 0) -> Hit:
    when = NOW - timedelta(days=days)
    return Hit(number, "turn", number, when, f"text {number}", strength, when, cosine, matched, conversation=talk)


def turn(number: int, heard: str, talk: int = 1) -> PastTurn:
    return PastTurn(number, talk, NOW, "en", heard, "")


# MemoryBank.


def test_what_was_recalled_lasts_longer_as_the_paper_says() -> None:
    assert forgetting.retention(1, NOW - timedelta(days=1), NOW) == pytest.approx(math.exp(-1))
    assert forgetting.retention(2, NOW - timedelta(days=1), NOW) == pytest.approx(math.exp(-0.5))


def test_memorybank_ranks_by_meaning_and_what_fades_comes_later_and_is_not_gone() -> None:
    fresh, faded = hit(1, 0.85, days=0, talk=1), hit(5, 0.85, days=60, talk=2)
    found = memorybank.ranked([faded, fresh, hit(9, 0.95, days=60, talk=3)], NOW, SCALE)
    assert [each.hit.ref for each in found] == [9, 1, 5]


def test_memorybank_joins_neighbours_to_one_passage_and_leaves_a_diary_alone() -> None:
    page = replace(hit(10, 0.5), kind="diary", ref=5)
    best = [Judged(each, 1.0) for each in (hit(4, 0.9), hit(8, 0.8), hit(3, 0.7), hit(5, 0.6, talk=2), page)]
    passages = [[each.hit.ref for each in passage] for passage in memorybank.merged(best)]
    assert passages == [[3, 4], [8], [5], [5]]


# Cued recall.


@pytest.mark.parametrize(("elapsed", "expected"), [(0, 0.871), (0.25, 0.734), (1, 0.403)])
def test_the_probability_of_a_cued_recall_is_that_of_the_paper(elapsed: float, expected: float) -> None:
    assert cued.probability(0.8, elapsed, 1.0) == pytest.approx(expected, abs=0.001)


def test_a_perfect_cue_at_once_is_certain() -> None:
    assert cued.probability(1.0, 0.0) == pytest.approx(1.0)


def test_five_recalls_one_unit_apart_consolidate() -> None:
    assert cued.after([1.0] * 5) == pytest.approx(3.311, abs=0.001)


@given(st.floats(0, 1), st.floats(0, 100), st.floats(1, 50))
def test_time_takes_and_consolidation_gives(relevance: float, elapsed: float, consolidation: float) -> None:
    now = cued.probability(relevance, elapsed, consolidation)
    assert 0 <= now <= 1 + 1e-9
    assert cued.probability(relevance, elapsed + 1, consolidation) <= now
    assert cued.probability(relevance, elapsed, cued.consolidated(consolidation, 1)) >= now


def test_only_what_is_probable_enough_is_recalled() -> None:
    hits = [hit(1, 0.9, days=0), hit(2, 0.76, days=0), hit(3, 0.9, days=500)]
    found = cued.cued(hits, NOW, SCALE, unit=YEAR)
    assert [each.hit.ref for each in found] == [1, 3, 2]
    assert [each.hit.ref for each in found if each.score > cued.THRESHOLD] == [1]


def test_what_a_cue_does_not_reach_still_comes_by_its_nearness() -> None:
    found = cued.cued([hit(1, 0.7), hit(2, 0.5), hit(3, 0.6)], NOW, SCALE, unit=YEAR)
    assert [(each.hit.ref, each.score) for each in found] == [(1, 0.0), (3, 0.0), (2, 0.0)]


def test_what_was_recalled_often_is_more_probable() -> None:
    when = NOW - timedelta(days=400)
    often = Hit(1, "turn", 1, when, "", 5, NOW - timedelta(days=100), 0.88, 0.0)
    never = Hit(2, "turn", 2, NOW - timedelta(days=100), "", 1, NOW - timedelta(days=100), 0.88, 0.0)
    assert [each.hit.ref for each in cued.cued([never, often], NOW, SCALE, unit=YEAR)] == [1, 2]


# Recursive memory.


def test_a_recursive_memory_stays_short_and_loses_what_tells_least() -> None:
    turns = [turn(1, "Hello.", 1), turn(2, "My sister Anna lives in Lisbon with 3 cats.", 1), turn(3, "Fine.", 2)]
    kept = recursive.extracted(turns, most=1)
    assert [each.sources for each in kept] == [(2,)]
    assert recursive.worth_of_turns(kept, "Hello") == {2: 0.0}


def test_the_turns_of_a_recursive_memory_come_by_the_words_of_the_question_then_the_latest_first() -> None:
    kept = [
        Sentence("The user has a cat.", (1, 4)),
        Sentence("The user likes tea.", (2,)),
        Sentence("The user's cat likes tea.", (3,)),
    ]
    worth = recursive.worth_of_turns(kept, "Does my cat drink tea?")
    assert list(worth) == [3, 1, 4, 2]
    assert worth[3] > worth[1] == worth[4] == worth[2] > 0


def test_both_searches_of_a_paged_memory_are_read_in_turn() -> None:
    assert paged.ranked([hit(1, 0.9), hit(2, 0.7, matched=1.0), hit(3, 0.8)])[0] == 1
    assert set(paged.ranked([hit(1, 0.9), hit(2, 0.7, matched=1.0), hit(3, 0.8)])) == {1, 2, 3}
