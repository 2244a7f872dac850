"""Who has logged in, and for how long."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digital_life.web.sessions import LASTS_S, MOST, RENEWED_S, Sessions


def test_a_session_lasts_as_long_as_it_is_used() -> None:
    sessions = Sessions()
    name = sessions.begin(mark="m", now=0)
    assert sessions.is_open(name, mark="m", now=LASTS_S - 1)
    assert not sessions.is_open(name, mark="m", now=LASTS_S)
    assert not sessions.use(name, now=RENEWED_S - 1)
    assert sessions.use(name, now=RENEWED_S + 1)
    assert sessions.is_open(name, mark="m", now=LASTS_S + RENEWED_S)


def test_with_another_password_it_is_over() -> None:
    sessions = Sessions()
    name = sessions.begin(mark="m", now=0)
    assert not sessions.is_open(name, mark="other", now=1)


def test_it_ends_when_one_logs_out() -> None:
    sessions = Sessions()
    one, other = (sessions.begin(mark="m", now=0) for _ in range(2))
    sessions.end(one)
    sessions.end("never was")
    assert not sessions.is_open(one, mark="m", now=1)
    assert sessions.is_open(other, mark="m", now=1)


def test_what_is_kept_does_not_tell_the_name_and_opens_again() -> None:
    sessions = Sessions()
    name = sessions.begin(mark="m", now=0)
    assert name not in repr(sessions.all)
    assert len(name) >= 43  # 256 bits
    assert Sessions(sessions.all).is_open(name, mark="m", now=1)


def test_the_one_that_was_away_longest_makes_room() -> None:
    sessions = Sessions()
    names = [sessions.begin(mark="m", now=number) for number in range(MOST + 1)]
    assert not sessions.is_open(names[0], mark="m", now=MOST + 1)
    assert all(sessions.is_open(name, mark="m", now=MOST + 1) for name in names[1:])


@given(st.text())
def test_no_other_name_is_open(name: str) -> None:
    sessions = Sessions()
    sessions.begin(mark="m", now=0)
    assert not sessions.is_open(name, mark="m", now=1)
