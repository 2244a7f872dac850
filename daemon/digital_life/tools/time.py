"""What time it is, and what day, here and elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from digital_life import words
from digital_life.errors import ToolError
from digital_life.tool import Arguments, Outcome, Tool
from digital_life.tools.asked import plain, without
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
        what: Annotated[Literal["time", "day", "other"], "the time of day, this day, or another"] = "time",
        place: Annotated[str, "a city elsewhere in the world; empty for here"] = "",
    ) -> Outcome:
        """The time, the date or the weekday of now."""
        text = words.load(heard.language)
        now = clock.now().astimezone(_zone(place, text)) if place else clock.now()
        if what == "other":
            return Outcome(found=text.text("clock.day", day=text.day(now)))
        told = (
            text.text("clock.day", day=text.day(now))
            if what == "day"
            else text.text("clock.time", time=_time(now, text))
        )
        return Outcome(said=text.text("clock.elsewhere", place=place.title(), told=told) if place else told)

    return (Tool.of(time, read=read, guess=guess, acts=False, guests=True),)


def read(heard: Transcript) -> Arguments | None:
    text = words.load(heard.language)
    place, said = without(text.texts("clock.place"), plain(heard))
    asked = next((what for what in ("time", "day") if text.match(f"clock.asked-{what}", said)), None)
    if asked is None:
        return None
    return {"what": asked, "place": place["place"]} if place else {"what": asked}


def guess(heard: Transcript) -> Arguments:
    """The time, unless a day is spoken of: this one, or one that the language model reckons from it."""
    text, said = words.load(heard.language), plain(heard)
    of = (what for what in ("other", "day") if text.search(f"clock.{what}-sign", said))
    return {"what": next(of, "time")}


def _zone(place: str, text: Words) -> ZoneInfo:
    """Raises ToolError."""
    zones = dict(text.pairs("clock.cities"))
    try:
        return ZoneInfo(zones[place.casefold().strip(words.AROUND)])
    except (KeyError, ZoneInfoNotFoundError) as error:
        raise ToolError("clock-place-unknown", place=place) from error


def _time(now: datetime, text: Words) -> str:
    """On a clock of twelve hours."""
    parts = dict(text.pairs("clock.parts"))
    part = next(name for hour, name in parts.items() if now.hour < int(hour))
    return text.text("clock.twelve", part=part, hour=now.hour % NOON or NOON, minute=f"{now.minute:02}")
