"""The tool that switches its microphone off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digital_life import words
from digital_life.tool import Outcome, Tool

if TYPE_CHECKING:
    from digital_life.ports import Mute
    from digital_life.values import Transcript


def tools(muting: Mute) -> tuple[Tool, ...]:
    async def mute(heard: Transcript) -> Outcome:
        """Stop listening: switch its own microphone off."""
        muting.on = True
        return Outcome(said=words.load(heard.language).text("talk.mute"), remembered=False)

    return (Tool.of(mute, guests=True),)
