"""When something that was spoken of is to ring: "in ten minutes", "every weekday at seven", 明早七点."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from digital_life.agenda import grammar, lengths, meaning, repeats, rules
from digital_life.agenda.grammar import Expression
from digital_life.agenda.meaning import Clock, Meaning, Part
from digital_life.agenda.repeats import later, localized
from digital_life.values import Language

DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
NOON = 12
LONGEST_CHARACTERS = 500
"""Of what is said in one breath; a longer text is no request, and looking through it would take too long."""
AWAKE_FROM = 6
"""Hours before it are of the afternoon when nothing else is said: "at three"."""
NEAR = timedelta(hours=3)
"""Within it an hour of the night is meant as such: "at one", said at half past eleven."""
WAKING_FROM = 3
"""Nobody is woken before it, but from a nap."""


@dataclass(frozen=True, slots=True)
class When:
    """A moment, or the first of many."""

    at: datetime
    """In the zone in which it was said."""
    repeat: str = ""
    """An RFC 5545 rule in wall time, such as "FREQ=WEEKLY;BYDAY=MO"; empty when it comes once."""
    lasts: timedelta | None = None
    """What was said, when it was said as so long from now; None otherwise."""
    dated: bool = False
    """Whether a day was named, or a rule for days."""
    timed: bool = False
    """Whether a time of day was named, if only as a part of it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A time that a sentence speaks of."""

    when: When
    rest: str
    """The sentence without the time, and without the little words that bound it."""


def find(text: str, language: Language, now: datetime) -> Found | None:
    """The time to come that `text` speaks of, as seen from `now`, which is aware; None when it speaks of none."""
    found = grammar.load(language).expression(text) if len(text) <= LONGEST_CHARACTERS else None
    if not found:
        return None
    try:
        when = _when(found, language, now, wakes=_wakes(text, language))
    except (ValueError, OverflowError):
        return None  # No calendar has it: the 30th of February, a date beyond the last year.
    return Found(when, found.rest) if when else None


def duration(text: str, language: Language) -> timedelta | None:
    """How long, as in "a timer for ten minutes"; None when `text` names no length, or one in months."""
    patterns = grammar.load(language)
    said = patterns.length(text[:LONGEST_CHARACTERS])
    try:
        return lengths.length(said, patterns).fixed if said else None
    except ValueError:
        return None


def following(when: When, after: datetime) -> datetime | None:
    """The next time strictly after `after`, in the zone of `after`; None when it is over.

    What repeats does so at the same wall time wherever one is; what comes once stays the moment it was.
    """
    if when.repeat:
        return repeats.following(when.repeat, when.at, after)
    return when.at.astimezone(after.tzinfo) if later(when.at, after) else None


def _wakes(text: str, language: Language) -> bool:
    return grammar.load(language).mentions("when.waking", text)


def _when(found: Expression, language: Language, now: datetime, *, wakes: bool) -> When | None:
    meant = meaning.meant(found, grammar.load(language), now.date())
    timed = bool(meant.clock or meant.part)
    rule, lasts = meant.rule, None
    if rule:
        rule = _rule(meant, wakes=wakes)
        at = _first(meant, rule, now, wakes=wakes)
    elif meant.length and not (timed or meant.days):
        at, lasts = _from_now(meant.length, now), meant.length.fixed
    else:
        at = _once(meant, now, wakes=wakes)
    if at is None or not later(at, now):
        return None
    return When(at, rule, lasts, dated=meant.dated, timed=timed)


def _from_now(length: lengths.Length, now: datetime) -> datetime:
    zone = now.tzinfo or UTC
    day = length.after(now.date())
    moment = now if day == now.date() else localized(datetime.combine(day, now.time()), zone)
    return (moment.astimezone(UTC) + timedelta(seconds=length.seconds)).astimezone(zone)


def _once(meant: Meaning, now: datetime, *, wakes: bool) -> datetime | None:
    """The first moment that is still to come."""
    days = meant.days
    if meant.length and not days:
        days = (meant.length.after(now.date()),)
    elif not meant.dated:
        days = (now.date(), now.date() + DAY)
    moments = (
        localized(datetime.combine(day, time()) + from_midnight, now.tzinfo or UTC)
        for day in days
        for from_midnight in _times(meant, day, now, wakes=wakes)
    )
    return next((each for each in moments if later(each, now)), None)


def _times(meant: Meaning, day: date, now: datetime, *, wakes: bool) -> Iterator[timedelta]:
    """The times from midnight that may be meant on that day, the likeliest first."""
    if not meant.clock:
        yield from _of_part(meant, today=day == now.date())
        return
    minutes = timedelta(minutes=meant.clock.minute)
    if day == now.date() and not (meant.clock.sure or meant.part or wakes):
        yield from (each for each in _of_today(meant.clock, now))
    else:
        yield timedelta(hours=_sensible(meant.clock, meant.part, wakes=wakes)) + minutes


def _of_part(meant: Meaning, *, today: bool) -> Iterator[timedelta]:
    """Its usual hour. Today it may have begun: then the next full hour of it."""
    part = meant.part or Part.DAY
    yield timedelta(hours=part.usual)
    # "In the morning", said in the morning, is tomorrow's.
    if today and (meant.dated or part.usual >= NOON):
        yield from (timedelta(hours=hour) for hour in range(part.usual + 1, min(part.ends, 24)))


def _of_today(clock: Clock, now: datetime) -> Iterator[timedelta]:
    """The readings of "at seven", in order; those of the night only when it is near."""
    passed = timedelta(hours=now.hour, minutes=now.minute)
    for hour in clock.hours:
        reading = timedelta(hours=hour, minutes=clock.minute)
        if hour < 24 + AWAKE_FROM and (hour % 24 >= AWAKE_FROM or reading - passed <= NEAR):
            yield reading


def _sensible(clock: Clock, part: Part | None, *, wakes: bool) -> int:
    """The hour from midnight that is meant of a day that is not today."""
    within = [hour for hour in clock.hours if part and part.begins <= hour < part.ends]
    if within:
        return within[0]
    if clock.sure or part:
        return clock.hour
    hour = clock.hour % NOON
    return hour if hour >= (WAKING_FROM if wakes else AWAKE_FROM) else hour + NOON


def _rule(meant: Meaning, *, wakes: bool) -> str:
    """With its hours, when there are several. Raises ValueError when their minutes differ: no single rule says it."""
    if not meant.clock:
        return meant.rule
    clocks = ((meant.clock, meant.part), *meant.also)
    if len({clock.minute for clock, _ in clocks}) > 1:
        raise ValueError(clocks)
    return rules.at_hours(meant.rule, {_sensible(clock, part, wakes=wakes) % 24 for clock, part in clocks})


def _first(meant: Meaning, rule: str, now: datetime, *, wakes: bool) -> datetime | None:
    """The first time of what repeats: a rule of every second week begins with the coming one."""
    values = repeats.parts(rule)
    if values["FREQ"] in {"HOURLY", "MINUTELY"} and not (meant.clock or meant.part):
        return repeats.following(rule, now, now)
    begins = meant.days[0] if meant.days and not values.keys() & {"BYDAY", "BYMONTHDAY"} else now.date()
    hour = _hour(meant, wakes=wakes)
    minute = meant.clock.minute if meant.clock else 0
    first = datetime.combine(begins, time(hour, minute), now.tzinfo)
    before = now if begins == now.date() else localized(datetime.combine(begins, time()), now.tzinfo or UTC) - INSTANT
    spaced = not meant.days and values["FREQ"] != "DAILY"  # "Every two weeks" begins in two weeks, or today.
    return repeats.following(rule if spaced else repeats.written({**values, "INTERVAL": ""}), first, before)


def _hour(meant: Meaning, *, wakes: bool) -> int:
    if meant.clock:
        return _sensible(meant.clock, meant.part, wakes=wakes) % 24
    return (meant.part or Part.DAY).usual
