"""What the soak calls growth, and what it calls lost."""

from __future__ import annotations

from benches.soak import Look, Soaked, figures


def look(hour: float, *, resident_mb: float = 100.0, threads: int = 2) -> Look:
    return Look(hour, resident_mb, threads, tasks=8, files=14, database_mb=1.0, warnings=0)


def over(soaked: Soaked) -> list[str]:
    return [each.name for each in figures(soaked) if not each.within]


def test_a_life_that_stays_as_it_is_is_within_every_budget() -> None:
    assert over(Soaked(looks=[look(hour) for hour in range(25)], asked=1)) == []


def test_what_it_takes_to_load_is_no_growth_and_what_grows_afterwards_is() -> None:
    loading = [look(0, resident_mb=20.0), *(look(hour) for hour in range(3, 25))]
    assert over(Soaked(looks=loading)) == []
    growing = [look(hour, resident_mb=100.0 + hour, threads=2 + hour) for hour in range(25)]
    assert over(Soaked(looks=growing)) == ["it grows by", "threads more"]


def test_who_has_no_answer_or_is_not_remembered_is_counted() -> None:
    soaked = Soaked(looks=[look(0), look(24)], unanswered=["one"], forgotten=["two"])
    assert over(soaked) == ["questions without an answer", "questions that are not remembered"]
