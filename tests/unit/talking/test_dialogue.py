"""The running dialogue, kept within its room."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from digital_life.talking.dialogue import Dialogue, Exchange
from digital_life.values import Message, Role, Said

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def dialogue(*lengths: int) -> Dialogue:
    return Dialogue(tuple(Exchange(n, str(n) * length, "ok") for n, length in enumerate(lengths, 1)))


def test_an_exchange_is_what_was_asked_and_what_was_really_answered() -> None:
    talk = Dialogue().followed_by(Exchange(1, "Hello", "Hi."))
    assert talk.messages == (Message(Role.USER, "Hello"), Message(Role.ASSISTANT, "Hi."))


def test_calls_and_what_came_of_them_stand_between_question_and_answer() -> None:
    steps = (Message(Role.ASSISTANT, "search(cat)"), Message(Role.USER, "(Nothing.)"))
    talk = Dialogue((Exchange(1, "Hello", "Hi.", steps),))
    assert talk.messages == (Message(Role.USER, "Hello"), *steps, Message(Role.ASSISTANT, "Hi."))
    assert talk.tokens(len) == len("HelloHi.search(cat)(Nothing.)")


def test_an_answer_that_was_never_heard_is_not_in_it() -> None:
    assert Dialogue((Exchange(1, "Hello", ""),)).messages == (Message(Role.USER, "Hello"),)


def test_only_what_is_still_remembered_stays_and_what_was_said_elsewhere_comes() -> None:
    talk = Dialogue((Exchange(1, "(noon) one", "."), Exchange(2, "(noon) two", "."), Exchange(0, "unkept", ".")))
    said = [Said(2, NOON, "en", "two", "."), Said(3, NOON, "en", "three", ".")]
    kept = talk.as_remembered(said, note=lambda each: f"({each.at.hour}) ")
    assert [each.asked for each in kept.exchanges] == ["(noon) two", "(12) three", "unkept"]


def test_what_was_before_is_told_at_its_beginning() -> None:
    assert Dialogue((Exchange(1, "one", "."),)).after("Earlier. ").messages[0].text == "Earlier. one"


@given(st.lists(st.integers(1, 50), max_size=30), st.integers(0, 300))
def test_what_is_kept_fits_and_is_the_latest(lengths: list[int], room: int) -> None:
    talk = dialogue(*lengths)
    kept = talk.within(room, len)
    assert sum(len(message.text) for message in kept.messages) <= room
    assert talk.exchanges[len(talk.exchanges) - len(kept.exchanges) :] == kept.exchanges


def test_nothing_is_cut_while_there_is_room() -> None:
    talk = dialogue(5, 5, 5)
    assert talk.within(1000, len) is not None
    assert talk.within(1000, len) == talk


def test_a_cut_takes_half_so_that_the_next_turns_need_none() -> None:
    assert len(dialogue(*[10] * 8).within(95, len).exchanges) == 4
