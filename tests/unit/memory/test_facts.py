"""What is known to have changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory import facts
from digital_life.memory.facts import Fact
from digital_life.memory.foreign import language_of
from digital_life.memory.recall import Judged, Superseded
from digital_life.memory.records import Hit, PastTurn

BEGAN = datetime(2026, 1, 1, 12, tzinfo=UTC)
TALK = [
    "The weather is lovely.", "I had noodles for lunch.", "I read a book about whales.", "The concert was loud.",
    "我今天很累。", "晚饭吃了饺子。", "电影很好看。", "昨天下了一场大雨。",
]  # fmt: skip
"""Of other things, so that a word is worth what it is in a life."""


def life(*told: str) -> list[PastTurn]:
    """Each in a conversation and on a day of its own."""
    return [
        PastTurn(n, n, BEGAN + n * timedelta(days=1), language_of(heard), heard, "I see.")
        for n, heard in enumerate([*TALK, *told], 1)
    ]


def day(number: int) -> datetime:
    """Of what was told as that one."""
    return BEGAN + (len(TALK) + number) * timedelta(days=1)


def changed(*told: str) -> list[tuple[str, int | None]]:
    """What was told, and as which one that was told which took its place."""
    first = len(TALK)
    return [
        (each.text, each.superseded_by - first if each.superseded_by else None) for each in facts.of_life(life(*told))
    ]


def test_a_fact_holds_until_another_takes_its_place() -> None:
    old, new = facts.of_life(life("I drive a red Honda Civic.", "I sold the Civic and have a Tesla now."))
    number = len(TALK)
    assert old == Fact("I drive a red Honda Civic.", (number + 1,), day(1), day(2), number + 2)
    assert new == Fact("I sold the Civic and have a Tesla now.", (number + 2,), day(2), None, None)


def test_from_one_to_another_and_back_the_first_thing_is_a_fact_of_its_own_again() -> None:
    told = ("I live in Rome.", "I moved from Rome to Oslo.", "I left Oslo and moved back to Rome.")
    assert changed(*told) == [(told[0], 2), (told[1], 3), (told[2], None)]
    chinese = ("我住在上海。", "我从上海搬到成都了。", "我离开成都搬回上海了。")
    assert changed(*chinese) == [(chinese[0], 2), (chinese[1], 3), (chinese[2], None)]


@pytest.mark.parametrize(
    "other",
    [
        "If I sold the Civic, I would walk.",
        "I sold the Civic, just kidding!",
        "I have not sold the Civic.",
        "My neighbour sold his Civic.",
        "Did I tell you that I sold the Civic?",
        "The Civic is fast.",
    ],
)
def test_a_joke_a_guess_a_denial_a_question_and_somebody_elses_fact_supersede_nothing(other: str) -> None:
    assert changed("I drive a red Honda Civic.", other) == []


def test_what_was_told_twice_is_one_fact_with_two_sources() -> None:
    old, _new = facts.of_life(life("I live in Rome.", "I live in Rome!", "I moved from Rome to Oslo."))
    assert old.sources == (len(TALK) + 1, len(TALK) + 2)
    assert old.superseded_by == len(TALK) + 3


def test_what_is_said_in_one_talk_does_not_supersede_itself() -> None:
    told = life("I drive a Civic.", "I sold the Civic.")
    one = [PastTurn(turn.id, 1, turn.began, turn.language, turn.heard, turn.said) for turn in told]
    assert facts.of_life(one) == []


def test_of_what_was_found_the_old_stands_with_the_new() -> None:
    def judged(number: int, text: str, superseded: Superseded | None = None) -> Judged:
        hit = Hit(number + 10, "turn", number, day(number), text + "\nI see.", 1, day(number), 0.8, 0.5)
        return Judged(hit, 0.6, superseded=superseded)

    found = [judged(2, "I live in Oslo."), judged(1, "I live in Rome.", Superseded(2, day(2))), judged(3, "I sing.")]
    assert facts.of_found(found) == [
        Fact("I live in Rome.", (1,), day(1), day(2), 2),
        Fact("I live in Oslo.", (2,), day(2)),
    ]


@given(st.lists(st.sampled_from(["I live in Rome.", "I moved from Rome to Oslo.", "I moved back to Rome.", *TALK])))
def test_whatever_is_told_a_fact_ends_after_it_began_by_a_later_turn_that_is_a_fact_too(told: list[str]) -> None:
    found = {each.sources[0]: each for each in facts.of_life(life(*told))}
    for fact in found.values():
        assert (fact.valid_to is None) == (fact.superseded_by is None)
        if fact.valid_to and fact.superseded_by:
            assert fact.valid_to > fact.valid_from
            assert fact.superseded_by > fact.sources[-1]
            assert found[fact.superseded_by].valid_from == fact.valid_to
    assert all(fact.superseded_by or any(each.superseded_by == number for each in found.values())
               for number, fact in found.items())  # fmt: skip
