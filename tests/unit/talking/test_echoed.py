"""Its own words are known when they come back."""

from __future__ import annotations

import pytest

from digital_life.talking.echoed import is_echo

SEA = "The sea is a place where you can’t escape. It's like a giant playground."
FOX = "狐狸和乌鸦在一个寒冷的早晨在树林里相遇。"


@pytest.mark.parametrize(
    ("heard", "saying"),
    [("you can't escape.", SEA), ("A place where you can escape", SEA), ("在一个寒冷的早晨", FOX), ("playground", SEA)],
)
def test_its_own_words_are_an_echo(heard: str, saying: str) -> None:
    assert is_echo(heard, saying)


@pytest.mark.parametrize(
    ("heard", "saying"),
    [
        ("What is the capital of France?", SEA),
        ("Stop it!", SEA),
        ("法国的首都是哪里？", FOX),
        ("别说了", FOX),
        ("you can't escape", ""),
        ("?", SEA),
    ],
)
def test_what_another_says_is_none(heard: str, saying: str) -> None:
    assert not is_echo(heard, saying)
