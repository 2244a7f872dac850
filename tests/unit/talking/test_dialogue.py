"""Today's dialogue, kept within its room."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from digital_life.talking.dialogue import Dialogue, Exchange
from digital_life.values import Message, Role

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def dialogue(*lengths: int) -> Dialogue:
    return Dialogue(tuple(Exchange(NOON, str(n) * length, "ok") for n, length in enumerate(lengths)))


def test_an_exchange_is_what_was_asked_and_what_was_really_answered() -> None:
    talk = Dialogue().followed_by(Exchange(NOON, "Hello", "Hi."))
    assert talk.messages == (Message(Role.USER, "Hello"), Message(Role.ASSISTANT, "Hi."))


def test_an_answer_that_was_never_heard_is_not_in_it() -> None:
    assert Dialogue((Exchange(NOON, "Hello", ""),)).messages == (Message(Role.USER, "Hello"),)


def test_yesterday_is_forgotten_but_not_a_talk_over_midnight() -> None:
    late = NOON.replace(hour=23, minute=55)
    talk = Dialogue((Exchange(NOON, "noon", "."), Exchange(late, "late", ".")))
    assert [each.asked for each in talk.on(late + timedelta(minutes=10)).exchanges] == ["late"]
    assert talk.on(NOON + timedelta(days=1)).exchanges == ()


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
