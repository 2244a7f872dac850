"""What the words for a time mean on a given day, before one of its moments is chosen."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from digital_life.agenda.days import NAMING, days, monday
from digital_life.agenda.grammar import Expression, Grammar, Groups
from digital_life.agenda.lengths import Length, length
from digital_life.agenda.rules import rule
from digital_life.numerals import number


class Part(enum.Enum):
    """A part of the day: the hours from midnight in which its times lie, and the one meant when none is named."""

    DAWN = (0, 7, 5)
    MORNING = (0, 12, 8)
    NOON = (11, 15, 12)
    AFTERNOON = (12, 20, 15)
    EVENING = (16, 30, 19)
    NIGHT = (18, 30, 21)
    DAY = (9, 22, 9)
    """When only the day is named."""

    @property
    def begins(self) -> int:
        return self.value[0]

    @property
    def ends(self) -> int:
        """Beyond 24 it is the morning after: "tonight at one"."""
        return self.value[1]

    @property
    def usual(self) -> int:
        return self.value[2]


@dataclass(frozen=True, slots=True)
class Clock:
    """What a clock shows."""

    hour: int
    """0 to 24: 24 is the midnight that ends the day."""
    minute: int
    sure: bool
    """Whether it is known which half of the day is meant."""

    @property
    def hours(self) -> tuple[int, ...]:
        """The hours from midnight that it may be, of this day and the next."""
        if self.sure:
            return (self.hour, self.hour + 24)
        return tuple(self.hour % 12 + half for half in (0, 12, 24, 36))


@dataclass(frozen=True, slots=True)
class Meaning:
    """What was said of a time."""

    length: Length | None
    clock: Clock | None
    part: Part | None
    also: tuple[tuple[Clock, Part | None], ...]
    """Further times of those days."""
    dated: bool
    """Whether a day was named, or a rule for days."""
    days: tuple[date, ...]
    """Those it may be, the nearest first."""
    rule: str
    """RFC 5545; empty when it does not repeat."""


def meant(said: Expression, grammar: Grammar, today: date) -> Meaning:
    """What the expression means. Raises ValueError when there is no such time."""
    groups = said.groups
    long = length(groups["length"], grammar) if "length" in groups else None
    # "In two weeks on Tuesday" is the Tuesday of that week.
    since = monday(long.after(today)) if long else today
    return Meaning(
        length=long,
        clock=_clock(groups, grammar) if "h" in groups else None,
        part=_part(groups, grammar),
        also=tuple((_clock(each, grammar), _part(each, grammar)) for each in said.also),
        dated="every" in groups or bool(groups.keys() & NAMING) or bool(long and (long.months or long.days)),
        days=tuple(days(groups, grammar, since)),
        rule=rule(groups, grammar, today),
    )


def _part(groups: Groups, grammar: Grammar) -> Part | None:
    return Part[grammar.named("parts", groups["part"]).upper()] if "part" in groups else None


def _clock(groups: Groups, grammar: Grammar) -> Clock:
    said = groups["h"]
    word = grammar.figure("when.hours", said)
    hour = number(said) if word is None else word
    minute = _minute(groups["m"], grammar) if "m" in groups else 0
    sure = word is not None or not 1 <= hour <= 12 or said.startswith("0")
    if "meridiem" in groups and not sure:
        hour, sure = hour % 12 + 12 * grammar.index("when.meridiems", groups["meridiem"]), True
    if "way" in groups:
        hour, minute = divmod((hour * 60 - minute) % (24 * 60), 60)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise ValueError(said)
    return Clock(hour, minute, sure)


def _minute(said: str, grammar: Grammar) -> int:
    word = grammar.figure("when.minutes", said)
    return number(said) if word is None else word
