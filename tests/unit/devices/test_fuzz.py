"""What the bench does a hundred thousand times, a few times."""

from __future__ import annotations

from random import Random

import pytest

from benches import fuzz
from benches.fuzz import Subject


@pytest.mark.parametrize("name", fuzz.SUBJECTS)
def test_no_message_makes_a_parser_raise(name: str) -> None:
    tally = fuzz.run(fuzz.SUBJECTS[name], 200, seed=7)
    assert tally.messages == 200
    assert tally.faults == []


def test_most_of_what_it_tries_is_nearly_true() -> None:
    tally = fuzz.run(fuzz.SUBJECTS["announcements"], 200, seed=3)
    assert tally.came["usable"] > 50
    assert tally.came["refused"] > 50
    assert tally.came["commands made"] > tally.came["usable"]


def test_a_fault_is_counted_with_the_message_that_made_it() -> None:
    def take(message: int, _random: Random) -> list[str]:
        return [str(1 // message)]

    tally = fuzz.run(Subject("division", lambda random: random.randint(0, 1), take), 50, seed=1)
    assert 0 < len(tally.faults) < 50
    assert tally.faults[0].startswith("ZeroDivisionError")
    assert tally.faults[0].endswith(": 0")
    assert tally.came["1"] + len(tally.faults) == tally.messages
