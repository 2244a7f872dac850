"""A page hears and speaks from what is done in it until the talk has come to rest."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digital_life.web.holding import Holding


def test_a_page_in_which_nothing_was_done_holds_nothing() -> None:
    assert not Holding().holds
    assert not Holding().rest().holds


def test_from_the_press_of_the_button_to_the_rest_after_the_answer() -> None:
    pressed = Holding().press()
    assert pressed.holds
    assert pressed.hears
    let_go = pressed.begin(resting=False).let_go()
    assert let_go.holds
    assert not let_go.hears
    assert not let_go.rest().holds


def test_a_rest_from_before_is_not_the_end_of_what_was_begun() -> None:
    asked = Holding().ask()
    assert asked.rest().holds
    assert not asked.begin(resting=False).rest().holds


def test_what_was_begun_in_vain_is_over() -> None:
    assert not Holding().ask().begin(resting=True).holds


def test_a_button_that_is_still_held_holds() -> None:
    assert Holding().press().begin(resting=False).rest().holds


def test_an_open_microphone_holds_until_it_is_closed() -> None:
    opened = Holding().open_ears().begin(resting=False).rest()
    assert opened.holds
    assert not opened.close_ears().holds


def test_where_nobody_can_be_heard_listening_is_in_vain() -> None:
    asked = Holding().ask()
    assert not asked.is_over_unheard
    assert asked.begin(resting=False).is_over_unheard
    assert not asked.begin(resting=False).press().is_over_unheard


STEPS = ("press", "let_go", "open_ears", "close_ears", "ask", "rest")


@given(st.lists(st.sampled_from(STEPS)))
def test_whatever_was_done_it_ends(steps: list[str]) -> None:
    holding = Holding()
    for step in steps:
        holding = getattr(holding, step)()
    assert not holding.begin(resting=False).let_go().close_ears().rest().holds
