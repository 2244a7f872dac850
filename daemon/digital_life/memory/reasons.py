"""Why something that was found stands where it does: the parts of one sum. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reasons:
    """What each thing added to its worth for a question; see `ranking` for what each may be."""

    words: float
    """The words of the question that it has, and pairs of them."""
    meaning: float
    """How near it is in meaning, against what is usual for this question; less than nothing where it is farther."""
    named: float
    """Somebody said it whom the question names."""
    fresh: float
    """It is not forgotten."""
    before: float
    after: float
    """Lent by the turn before it, and by the one after it."""
    nearby: float
    """By those two away."""
    talk: float
    """By the best of its conversation."""
    day: float
    """It is of the days that the question names."""
    form: float
    """It has a moment, a number or a name, where one is asked for; less than nothing where it asks something itself."""

    @property
    def total(self) -> float:
        around = self.before + self.after + self.nearby
        return self.words + self.meaning + self.named + self.fresh + around + self.talk + self.day + self.form
