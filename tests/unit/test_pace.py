"""Fast enough or not, and what to do about it."""

from __future__ import annotations

import dataclasses

import pytest

from digital_life import words
from digital_life.pace import Pace, Place, advice
from digital_life.profile import GIGABYTE, Demand, Machine, Profile

SMALL = Profile("small", "cores", Machine(16 * GIGABYTE, 2), Demand(6, 4))
BETTER = dataclasses.replace(SMALL, name="better")
POOR = dataclasses.replace(SMALL, machine=Machine(4 * GIGABYTE, 2))
WELL = Place(SMALL, named=False, threads=0, cores=2, gpu_idle=False)
PLAIN, SLOW, FAST = Pace(reading=120, writing=30), Pace(reading=120, writing=3), Pace(reading=2000, writing=90)


@pytest.mark.parametrize(
    ("pace", "place", "expected"),
    [
        (PLAIN, WELL, []),
        (SLOW, WELL, ["slow"]),
        (Pace(reading=20, writing=30), WELL, ["slow"]),
        (SLOW, dataclasses.replace(WELL, profile=BETTER), ["smaller"]),
        (SLOW, dataclasses.replace(WELL, profile=BETTER, named=True), ["slow"]),
        (FAST, WELL, ["better"]),
        (FAST, dataclasses.replace(WELL, named=True), []),
        (FAST, dataclasses.replace(WELL, profile=POOR), []),
        (FAST, dataclasses.replace(WELL, profile=BETTER), []),
        (PLAIN, dataclasses.replace(WELL, threads=8), ["threads"]),
        (SLOW, dataclasses.replace(WELL, gpu_idle=True), ["gpu", "slow"]),
    ],
)
def test_the_advice_is_what_the_speed_and_the_machine_call_for(pace: Pace, place: Place, expected: list[str]) -> None:
    assert list(advice(pace, place)) == expected
    for language in words.LANGUAGES:
        for key in expected:
            assert words.load(language).text(f"pace.{key}", threads=8, cores=2)
