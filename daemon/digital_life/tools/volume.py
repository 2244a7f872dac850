"""How loud it speaks: louder, softer, so much, and how much it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from digital_life import numerals, words
from digital_life.errors import ToolError
from digital_life.tool import Arguments, Outcome, Tool
from digital_life.tools.asked import plain
from digital_life.values import Transcript

if TYPE_CHECKING:
    from digital_life.ports import Volume
    from digital_life.words import Words

STEP = 20
"""Percent: less is hardly noticed."""
WAYS = {"up": STEP, "down": -STEP}


def tools(knob: Volume) -> tuple[Tool, ...]:
    async def volume(
        heard: Transcript, *, level: Annotated[str, "up, down, or percent; empty to ask how loud it is"] = ""
    ) -> Outcome:
        """Speak louder or softer, or so loud."""
        text = words.load(heard.language)
        before = round(100 * knob.level)
        if not level:
            return Outcome(said=text.text("volume.is", percent=before))
        knob.level = _wanted(level, before, text) / 100
        now = round(100 * knob.level)
        key = "volume.now" if now != before else "volume.end" if level in WAYS else "volume.is"
        return Outcome(said=text.text(key, percent=now))

    return (Tool.of(volume, read=read, guess=guess, guests=True),)


def read(heard: Transcript) -> Arguments | None:
    text, said = words.load(heard.language), plain(heard)
    for way in WAYS:
        if text.match(f"volume.{way}", said):
            return {"level": way}
    found = text.match("volume.set", said)
    if found and percent(found["level"], text) is not None:
        return {"level": str(percent(found["level"], text))}
    return {} if text.match("volume.asked", said) else None


def guess(heard: Transcript) -> Arguments:
    """Louder or softer, by the signs of it; else how loud it is."""
    text, said = words.load(heard.language), plain(heard)
    found = (way for way in WAYS if text.search(f"volume.{way}-sign", said))
    way = next(found, "")
    return {"level": way} if way else {}


def percent(said: str, text: Words) -> int | None:
    """As "30", "thirty-five percent", "half", "百分之三十五", "三成"; None when it names no volume."""
    for pattern, level in text.pairs("volume.named"):
        if re.fullmatch(pattern, said.strip(words.AROUND)):
            return int(level)
    spelt = said.casefold().replace(text.text("volume.percent"), "").replace("%", "").strip(words.AROUND)
    return numerals.number(spelt) if re.fullmatch(numerals.pattern(text.language), spelt) else None


def _wanted(level: str, before: int, text: Words) -> int:
    """Raises ToolError."""
    plainly = level.casefold()
    if plainly in WAYS:
        return before + WAYS[plainly]
    wanted = percent(plainly, text)
    if wanted is None:
        raise ToolError("volume-unknown", level=level)
    return wanted
