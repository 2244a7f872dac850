"""The tool that has a device of the home do something."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from digital_life import words
from digital_life.tool import Outcome, Tool

if TYPE_CHECKING:
    from digital_life.values import Transcript


def tools() -> tuple[Tool, ...]:
    async def device(
        heard: Transcript,
        *,
        name: Annotated[str, "which device, and where it is"],  # noqa: ARG001 - the model writes it
        action: Annotated[str, "on, off, open, close, up, down, state, or a value"],  # noqa: ARG001 - the same
    ) -> Outcome:
        """Switch, set or ask a device of the home: lights, heating, blinds, plugs, doors."""
        return Outcome(said=words.load(heard.language).text("tools.no-devices"))

    return (Tool.of(device, read=read, guess=guess),)


def read(heard: Transcript) -> dict[str, str] | None:
    """The device and what it shall do, as "turn the lamp on" and "把台灯打开" say it."""
    text = words.load(heard.language)
    for action in text.table["device"]:
        found = text.match(f"device.{action}", heard.text)
        if found:
            parts = found.groupdict()
            name = (parts.get("name") or parts.get("other") or "").strip(words.AROUND)
            return {"name": name or heard.text, "action": _value(parts.get("value")) or action}
    return None


def guess(heard: Transcript) -> dict[str, str]:
    """What shall be done, by the signs of it; which device, as it was said."""
    text = words.load(heard.language)
    found = (each for each in text.table["device-signs"] if text.search(f"device-signs.{each}", heard.text))
    return {"name": heard.text, "action": next(found, "state")}


def _value(said: str | None) -> str:
    return re.sub(r"\s*(?:percent|degrees|%|度)$", "", (said or "").strip())
