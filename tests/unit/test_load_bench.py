"""What the bench of a crowd calls late, and what it calls lost."""

from __future__ import annotations

from crowd import Answered

from benches.load import Load, figures


def load(*, beside_ms: float = 1_000.0, wanted: int = 2, unheard: int = 0, untold: int = 0) -> Load:
    answered = [Answered("one", "yes", 4.0, ("One moment please",)), Answered("two", "no", 9.0, (), cut=True)]
    return Load([1_000.0], [beside_ms], answered, wanted, unheard, untold, took_s=30.0, resident_mb=1_200.0)


def over(seen: Load) -> list[str]:
    return [each.name for each in figures(seen) if not each.within]


def test_where_all_are_answered_and_who_speaks_as_soon_as_alone_nothing_is_over() -> None:
    assert over(load()) == []
    values = {each.name: each.value for each in figures(load(beside_ms=1_200.0))}
    assert values["… so many times as late"] == 1.2
    assert values["answers to what was written"] == 4.0
    assert values["… the longest"] == 9.0
    assert values["answers that were spoken over"] == 1


def test_who_speaks_and_is_answered_late_is_over() -> None:
    assert over(load(beside_ms=1_600.0)) == ["… so many times as late"]


def test_who_has_no_answer_or_was_not_told_is_counted() -> None:
    assert over(load(wanted=3)) == ["lines without an answer"]
    assert over(load(unheard=1)) == ["questions that were spoken and not answered"]
    assert over(load(untold=1)) == ["lines that waited and were not told so"]
