"""Whether the next answer will be late."""

from __future__ import annotations

from digital_life.talking.patience import ANSWERS, Patience
from digital_life.values import Timings


def test_nothing_is_foreseen_before_the_first_answer() -> None:
    assert not Patience().is_tried("en")


def test_what_was_slow_of_late_will_be_slow_in_its_language_alone() -> None:
    patience = Patience()
    for ms in (900.0, 1500.0, 1400.0):
        patience.learn("zh", Timings(first_audio=ms))
    assert patience.is_tried("zh")
    assert not patience.is_tried("en")


def test_a_machine_that_is_quick_again_is_believed_soon() -> None:
    patience = Patience()
    for _ in range(20):
        patience.learn("en", Timings(first_audio=3000.0))
    for _ in range(ANSWERS // 2 + 1):
        patience.learn("en", Timings(first_audio=600.0))
    assert not patience.is_tried("en")
