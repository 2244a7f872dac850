"""What of all that was found is what the person meant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory import recall
from digital_life.memory.dates import Span
from digital_life.memory.records import Hit

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def hit(number: int, cosine: float, matched: float, *, days: float = 1.0, strength: float = 1.0) -> Hit:
    when = NOW - timedelta(days=days)
    return Hit(number, "turn", number, when, f"text {number}", strength, when, cosine, matched)


def order(*hits: Hit, span: Span | None = None) -> list[int]:
    return [each.hit.id for each in recall.judged(hits, span, NOW)]


def test_words_and_meaning_count_alike() -> None:
    assert order(hit(1, 0.8, 0.0), hit(2, 0.88, 0.9), hit(3, 0.8, 0.6)) == [2, 3, 1]


def test_a_named_day_is_a_boost_and_no_filter() -> None:
    day = Span(date(2026, 11, 11), date(2026, 11, 11))
    near, right, of_day = hit(1, 0.84, 0.5), hit(2, 0.9, 1.0), hit(3, 0.84, 0.5, days=10)
    assert order(near, right, of_day, span=day) == [2, 3, 1]


def test_between_equals_the_one_that_is_not_forgotten_comes_first() -> None:
    assert order(hit(1, 0.8, 0.5, days=30), hit(2, 0.8, 0.5, days=30, strength=20)) == [2, 1]


def test_what_has_nothing_in_common_is_not_sure_and_an_answer_is() -> None:
    unrelated, answer = (recall.judged([each], None, NOW)[0].score for each in (hit(1, 0.8, 0.1), hit(2, 0.88, 0.8)))
    assert unrelated < recall.SURE < answer


def test_a_greeting_brings_nothing_back_but_a_day_does() -> None:
    assert not recall.is_about_something("Hello, how are you?", None)
    assert recall.is_about_something("What did we talk about?", Span(date(2026, 1, 1), date(2026, 1, 1)))


def test_an_excerpt_holds_what_bears_on_the_question() -> None:
    text = "It was cold. My sister Anna lives in Lisbon. We had soup."
    assert recall.excerpt(text, "Where does my sister live?", limit=40) == "My sister Anna lives in Lisbon."
    assert recall.excerpt("今天很冷。我妹妹住在广州。", "我妹妹住在哪里？", limit=9) == "我妹妹住在广州。"


def test_an_excerpt_holds_what_was_told_before_what_was_asked() -> None:
    text = "I boiled the fish in vinegar and sugar.\nHow did the fish taste to your friends?"
    assert recall.excerpt(text, "How did I cook the fish for my friends?", limit=45).startswith("I boiled")


def test_a_sentence_for_which_there_is_no_room_is_passed_over() -> None:
    text = "My dog likes the garden. My dog likes to run along the long river in the morning. He is old."
    assert recall.excerpt(text, "What does my dog like?", limit=34) == "My dog likes the garden. He is old."


@given(st.text(max_size=500), st.text(max_size=40), st.integers(1, 300))
def test_an_excerpt_has_its_bounds(text: str, question: str, limit: int) -> None:
    assert len(recall.excerpt(text, question, limit)) <= 2 * limit + 2


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 1)), max_size=20))
def test_scores_lie_between_nothing_and_one_and_fall(pairs: list[tuple[float, float]]) -> None:
    scores = [each.score for each in recall.judged([hit(n, *pair) for n, pair in enumerate(pairs)], None, NOW)]
    assert all(0 <= score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)
