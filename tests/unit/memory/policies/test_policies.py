"""How the ancestors recall and forget: by their published formulas."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory import forgetting
from digital_life.memory.policies import cued, gist, memorybank, recursive
from digital_life.memory.records import Hit, PastTurn

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


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
    assert memorybank.ranked([faded, fresh, hit(9, 0.95, days=60, talk=3)], NOW) == [9, 1, 5]


def test_memorybank_joins_neighbours_to_one_passage() -> None:
    assert memorybank.merged([hit(4, 0.9), hit(8, 0.8), hit(3, 0.7), hit(5, 0.6, talk=2)]) == [[3, 4], [8], [5]]


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
    cues = cued.cued([hit(1, 0.9, days=0), hit(2, 0.76, days=0), hit(3, 0.9, days=500)], NOW)
    assert [each.turn for each in cues] == [1, 3, 2]
    assert [each.turn for each in cued.recalled(cues)] == [1]


def test_what_was_recalled_often_is_more_probable() -> None:
    when = NOW - timedelta(days=400)
    often = Hit(1, "turn", 1, when, "", 5, NOW - timedelta(days=100), 0.88, 0.0)
    never = Hit(2, "turn", 2, NOW - timedelta(days=100), "", 1, NOW - timedelta(days=100), 0.88, 0.0)
    assert [each.turn for each in cued.cued([never, often], NOW)] == [1, 2]


# Recursive memory.


def test_a_recursive_memory_stays_short_and_loses_what_tells_least() -> None:
    turns = [turn(1, "Hello.", 1), turn(2, "My sister Anna lives in Lisbon with 3 cats.", 1), turn(3, "Fine.", 2)]
    kept = recursive.memory(turns, most=1)
    assert [each.sources for each in kept] == [(2,)]
    assert recursive.ranked(kept, "Hello") == [2]


# Gist memory.


@given(st.lists(st.integers(1, 700), min_size=1, max_size=30))
def test_pages_hold_every_piece_once_in_order(lengths: list[int]) -> None:
    pieces = [" ".join(["word"] * length) for length in lengths]
    pages = gist.paginated(pieces, lambda first, last: (first + last) // 2)
    places = [n for page in pages for n in range(page.first, page.last + 1)]
    assert places == list(range(len(pieces)))


def test_a_page_ends_with_a_conversation_where_it_may() -> None:
    turns = [turn(n, " ".join(["word"] * 150), talk=1 if n < 3 else 2) for n in range(6)]
    pages = gist.paginated([each.heard for each in turns], gist.by_conversation(turns))
    assert pages[0] == gist.Page(0, 2)


def test_the_answer_of_the_model_names_pages_or_stops() -> None:
    assert gist.pages_named("I want to look up Page [3, 0, 3] to check.", 4) == [3, 0]
    assert gist.pages_named("Pages 1, 9, 2, 3, 0, 4, 5", 6) == [1, 2, 3, 0, 4]
    assert gist.pages_named("STOP", 4) == []


def test_a_raw_page_takes_the_place_of_its_gist() -> None:
    assert gist.looked_up(["short a", "short b"], {1: "all of b"}) == "<Page 0>\nshort a\n<Page 1>\nall of b"


def test_the_page_whose_gist_is_nearest_is_looked_up_first() -> None:
    turns = [turn(n, f"word{n} " * 400, talk=n) for n in range(1, 5)]
    assert gist.ranked(gist.told(turns), [hit(3, 0.9), hit(1, 0.8)])[:2] == [3, 1]
