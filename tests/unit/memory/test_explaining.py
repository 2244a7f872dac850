"""Why what was found for a question was found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory import changes, explaining, ranking, recall
from digital_life.memory.dates import Span
from digital_life.memory.explaining import Explained
from digital_life.memory.recall import Superseded
from digital_life.memory.records import Hit

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def hit(number: int, text: str, *, days: float = 3, cosine: float = 0.8, matched: float = 0.0, talk: int = 0) -> Hit:
    when = NOW - timedelta(days=days)
    return Hit(number, "turn", number, when, text, 1, when, cosine, matched, conversation=talk or number)


def explained(question: str, *hits: Hit, span: Span | None = None, most: int = 10) -> list[Explained]:
    found = ranking.ranked(recall.judged(hits, span, NOW), question, span)
    return list(explaining.explained(found, question, span, most=most).hits)


def test_the_words_are_shown_as_they_stand_in_the_memory_once_each() -> None:
    assert explaining.common_words("Which dogs did I walk?", "I walked the Dog. The dog walks.") == ("Dog", "walked")
    assert explaining.common_words("我养了什么狗？", "这只狗很乖，狗叫旺财。") == ("狗",)
    assert explaining.common_words("Where is it?", "It is there.") == ()


def test_each_thing_that_brought_it_is_told() -> None:
    asking = hit(1, "I went sailing. Where did we sail?", cosine=0.88, matched=0.9, talk=7, days=10)
    answer = hit(2, "To the little island.", talk=7, days=10)
    span = Span((NOW - timedelta(days=10)).date(), (NOW - timedelta(days=10)).date())
    first, second = explained("Where did we sail?", asking, answer, hit(9, "Tea."), span=span)[:2]
    assert (first.ref, second.ref) == (1, 2)
    assert first.words == ("sail",) or "sailing" in first.words
    assert first.reasons
    assert second.reasons
    assert first.reasons.day == second.reasons.day == ranking.DAY
    assert second.reasons.before > 0
    assert second.certain > second.score
    assert 0 < first.fresh < 1
    assert not first.lasting


def test_whose_place_it_took_is_told_on_both_sides() -> None:
    old = replace(hit(1, "I drive a Honda Civic.", days=100, matched=0.5), shares={2: 0.5})
    new = hit(2, "I sold the Civic and have a Tesla.", days=10)
    first, second = explained("What car do I drive?", old, new)
    assert (first.ref, first.supersedes, first.superseded) == (2, (1,), None)
    assert (second.ref, second.superseded) == (1, Superseded(2, new.when))
    assert changes.asked("What car do I drive?") == "now"


def test_what_lasts_says_so_and_a_policy_without_reasons_is_shown_with_what_it_has() -> None:
    found = recall.judged([hit(1, "I am allergic to nuts.", days=900)], None, NOW)
    (only,) = explaining.explained(found, "What am I allergic to?", None, most=5).hits
    assert only.reasons is None
    assert only.lasting
    assert only.fresh == 1
    assert only.words == ("allergic",)


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 1), st.integers(1, 3)), max_size=20))
def test_the_order_is_that_of_the_sums_where_nothing_took_a_place(found: list[tuple[float, float, int]]) -> None:
    hits = [
        hit(n + 1, f"text {n}", cosine=cosine, matched=matched, talk=talk)
        for n, (cosine, matched, talk) in enumerate(found)
    ]
    sums = [each.reasons.total for each in explained("What happened then?", *hits, most=99) if each.reasons]
    assert len(sums) == len(hits)
    assert sums == sorted(sums, reverse=True)
