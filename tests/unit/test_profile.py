from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digital_life import words
from digital_life.profile import GIGABYTE, Demand, Machine, ProfileName, choose

DEMANDS: dict[ProfileName, Demand] = {"small": Demand(0, 1), "better": Demand(6, 4)}


def test_a_large_machine_gets_the_better_models() -> None:
    assert choose("auto", Machine(16 * GIGABYTE, 8), DEMANDS).name == "better"


def test_the_reason_names_what_the_machine_lacks() -> None:
    assert choose("auto", Machine(4 * GIGABYTE, 8), DEMANDS).reason == "memory"
    assert choose("auto", Machine(16 * GIGABYTE, 2), DEMANDS).reason == "cores"


@given(memory=st.integers(0, 10**12), cores=st.integers(1, 256))
def test_what_was_asked_for_is_given_on_every_machine(memory: int, cores: int) -> None:
    assert choose("better", Machine(memory, cores), DEMANDS).name == "better"
    assert choose("small", Machine(memory, cores), DEMANDS).name == "small"


@given(memory=st.integers(0, 10**12), cores=st.integers(1, 256))
def test_the_reason_can_be_said_in_each_language(memory: int, cores: int) -> None:
    chosen = choose("auto", Machine(memory, cores), DEMANDS)
    for language in words.LANGUAGES:
        assert chosen.name in chosen.why(words.load(language))
