"""How loud it speaks: louder, softer, so much, and how much it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from digital_life import words
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
MULTIPLIERS = frozenset({10, 100})
"""Multiply what was said before them: two hundred, 三十."""


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

    return (Tool.of(volume, read=read),)


def read(heard: Transcript) -> Arguments | None:
    text, said = words.load(heard.language), plain(heard)
    for way in WAYS:
        if text.match(f"volume.{way}", said):
            return {"level": way}
    found = text.match("volume.set", said)
    if found and percent(found["level"], text) is not None:
        return {"level": str(percent(found["level"], text))}
    return {} if text.match("volume.asked", said) else None


def percent(said: str, text: Words) -> int | None:
    """As "30", "thirty-five percent", "half", "百分之三十五", "三成"; None when it names no volume."""
    digits = re.search(r"\d+", said)
    if digits:
        return int(digits[0])
    for pattern, level in text.pairs("volume.named"):
        if re.fullmatch(pattern, said.strip(words.AROUND)):
            return int(level)
    numbers = dict(text.pairs("volume.numbers"))
    names = "|".join(sorted(numbers, key=len, reverse=True))
    spelt = said.replace(text.text("volume.percent"), "").strip(words.AROUND)
    if not re.fullmatch(rf"(?:(?:{names})[\s-]*)+", spelt):
        return None
    return _number([int(numbers[each]) for each in re.findall(names, spelt)])


def _number(parts: list[int]) -> int:
    total = 0
    for part in parts:
        total = (total or 1) * part if part in MULTIPLIERS else total + part
    return total


def _wanted(level: str, before: int, text: Words) -> int:
    """Raises ToolError."""
    plainly = level.casefold()
    if plainly in WAYS:
        return before + WAYS[plainly]
    wanted = percent(plainly, text)
    if wanted is None:
        raise ToolError("volume-unknown", level=level)
    return wanted
