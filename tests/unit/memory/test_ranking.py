"""In which order what was found is likely to be what the person meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory import ranking, recall
from digital_life.memory.dates import Span
from digital_life.memory.records import Hit

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def hit(
    number: int, cosine: float = 0.8, matched: float = 0.0, *, text: str = "", talk: int = 0, days: float = 3
) -> Hit:
    when = NOW - timedelta(days=days)
    return Hit(
        number, "turn", number, when, text or f"text {number}", 1, when, cosine, matched, conversation=talk or number
    )


def ranked(*hits: Hit, question: str = "What happened then?", span: Span | None = None) -> list[recall.Judged]:
    return ranking.ranked(recall.judged(hits, span, NOW), question, span)


def order(*hits: Hit, question: str = "What happened then?", span: Span | None = None) -> list[int]:
    return [each.hit.id for each in ranked(*hits, question=question, span=span)]


def test_the_answer_comes_with_the_question_that_it_answers() -> None:
    asking = hit(1, 0.86, 0.9, text="I was in Xiamen.\nWhich place did you like best?", talk=7)
    answer, other = hit(2, 0.81, text="The little island.", talk=7), hit(9, 0.81, text="The little spoon.", talk=8)
    assert order(other, answer, asking) == [1, 2, 9]


def test_what_answers_is_more_than_what_merely_follows() -> None:
    def place(text: str) -> int:
        said = [hit(1, 0.86, 0.9, text=text, talk=7), hit(2, 0.8, 0.2, talk=7), hit(9, 0.84, 0.5, talk=8)]
        return order(*said).index(2)

    assert place("Which one?") < place("That one.")


def test_turns_of_different_conversations_are_no_neighbours() -> None:
    asking, stranger, better = hit(1, 0.86, 0.9, text="Which?", talk=7), hit(2, 0.8, talk=8), hit(9, 0.82, talk=9)
    assert order(asking, stranger, better) == [1, 9, 2]


def test_a_pair_of_words_that_stands_together_counts_more_than_the_two_apart() -> None:
    apart, together = hit(2, 0.8, 0.5), replace(hit(1, 0.8, 0.5), phrased=0.5)
    assert order(apart, together) == [1, 2]


def test_what_the_named_person_said_comes_first() -> None:
    asked = "What did Melanie paint?"
    said = [hit(1, text="Melanie: A sunrise."), hit(2, text="Caroline: A sunrise."), hit(3, text="Mel: A sunrise.")]
    assert order(*said, question=asked)[0] == 1


def test_a_named_day_weighs_more_than_a_month_and_a_vague_one_next_to_nothing() -> None:
    of_day, better = hit(1, 0.8, 0.3, days=3), hit(2, 0.88, 1.0, days=90)
    day = (NOW - timedelta(days=3)).date()
    assert order(better, of_day, span=Span(day, day)) == [1, 2]
    assert order(better, of_day, span=Span(day - timedelta(days=29), day)) == [2, 1]
    assert order(better, of_day, span=Span(day, day, vague=True)) == [2, 1]


def test_a_day_beside_the_named_one_counts_a_little() -> None:
    day = date(2026, 11, 18)
    beside, far = hit(1, days=4), hit(2, days=40)
    assert order(far, beside, span=Span(day, day)) == [1, 2]


def test_what_lies_near_to_everything_comes_after_what_lies_near_to_the_question() -> None:
    usual, meant = replace(hit(1, 0.86), common=0.62), replace(hit(2, 0.84), common=0.55)
    assert order(usual, meant) == [2, 1]


def test_where_a_moment_is_asked_for_what_names_one_comes_first() -> None:
    said = [hit(1, text="We moved last Friday."), hit(2, text="We moved to another house.")]
    assert order(*said, question="When did you move?") == [1, 2]
    assert order(*said, question="What did you do?") == [2, 1]


def test_what_asks_itself_comes_after_what_tells() -> None:
    assert order(hit(1, text="I have a cat."), hit(2, text="Have you got a cat?")) == [1, 2]


def test_what_follows_something_certain_is_certain_with_it_and_never_more() -> None:
    asking = hit(1, 0.9, 1.0, text="I was in Xiamen. Which place did you like?", talk=7)
    found = {each.hit.id: each for each in ranked(asking, hit(2, 0.78, talk=7), hit(9, 0.78, talk=8))}
    assert found[2].score < recall.SURE < found[2].certain < found[1].certain
    assert found[9].certain == found[9].score < recall.SURE


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 1), st.integers(1, 3)), max_size=20), st.text(max_size=30))
def test_nothing_is_lost_nothing_made_up_and_no_certainty_comes_from_nowhere(
    found: list[tuple[float, float, int]], question: str
) -> None:
    hits = [hit(n + 1, cosine, matched, talk=talk) for n, (cosine, matched, talk) in enumerate(found)]
    result = ranked(*hits, question=question)
    assert sorted(each.hit.id for each in result) == [each.id for each in hits]
    assert max((each.certain for each in result), default=0.0) == max((each.score for each in result), default=0.0)
