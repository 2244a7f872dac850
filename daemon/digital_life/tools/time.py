"""What time it is, and what day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from digital_life import words
from digital_life.tool import Arguments, Outcome, Tool
from digital_life.tools.asked import plain
from digital_life.values import Transcript

if TYPE_CHECKING:
    from datetime import datetime

    from digital_life.ports import Clock
    from digital_life.words import Words

NOON = 12


def tools(clock: Clock) -> tuple[Tool, ...]:
    async def time(
        heard: Transcript,
        *,
        what: Annotated[Literal["time", "day"], "the time of day, or the date and weekday"] = "time",
    ) -> Outcome:
        """The time, the date or the weekday of now."""
        text = words.load(heard.language)
        now = clock.now()
        if what == "day":
            return Outcome(said=text.text("clock.day", day=text.day(now)))
        return Outcome(said=text.text("clock.time", time=_time(now, text)))

    return (Tool.of(time, read=read, acts=False),)


def read(heard: Transcript) -> Arguments | None:
    text, said = words.load(heard.language), plain(heard)
    return next(({"what": what} for what in ("time", "day") if text.match(f"clock.asked-{what}", said)), None)


def _time(now: datetime, text: Words) -> str:
    """On a clock of twelve hours."""
    parts = dict(text.pairs("clock.parts"))
    part = next(name for hour, name in parts.items() if now.hour < int(hour))
    return text.text("clock.twelve", part=part, hour=now.hour % NOON or NOON, minute=f"{now.minute:02}")
