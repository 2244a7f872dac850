"""What the program costs is measured over a while, and asking often changes nothing of it."""

from __future__ import annotations

from digital_life.backends.process import LOOK_S, OwnProcess
from fakes.clock import FakeClock


def test_a_share_is_of_the_whole_machine_and_stands_for_a_while() -> None:
    clock = FakeClock()
    process = OwnProcess(clock)
    assert process.share == 0.0
    sum(each * each for each in range(300_000))
    clock.passed = LOOK_S
    share = process.share
    assert 0 <= share <= 1
    clock.passed += LOOK_S / 2
    assert process.share == share


def test_it_takes_some_memory() -> None:
    assert process_memory() > 10_000_000


def process_memory() -> int:
    return OwnProcess(FakeClock()).memory_bytes
