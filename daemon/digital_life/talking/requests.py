"""Requests about the talk itself that are answered from prepared sentences: to stay, to be mute, to explain itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digital_life import words
from digital_life.talking import commands
from digital_life.values import Granted, Waking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digital_life.ports import WakeNotes
    from digital_life.values import Transcript
    from digital_life.words import Words

ANSWERED = frozenset({"talk", "mute", "why"})
"""What the session does about it is its own affair."""


class TalkRequests:
    """Wishes; nothing of them is remembered."""

    def __init__(self, notes: WakeNotes, *, wake_words: Mapping[str, str]) -> None:
        self._notes = notes
        self._written = wake_words
        """How each wake phrase is written."""

    def concern(self, wish: Transcript) -> bool:
        return commands.understood(wish) in ANSWERED

    async def grant(self, wish: Transcript) -> Granted | None:
        command, text = commands.understood(wish), words.load(wish.language)
        if command not in ANSWERED:
            return None
        return Granted(self._why(text) if command == "why" else text.text(f"talk.{command}"), remembered=False)

    def _why(self, text: Words) -> str:
        woken = self._notes.latest
        if woken is None:
            return text.text("talk.why-never")
        key = "talk.why-vain" if woken.waking is Waking.VAIN else "talk.why"
        return text.text(
            key,
            hour=woken.at.hour,
            minute=f"{woken.at.minute:02}",
            phrase=self._written.get(woken.phrase, woken.phrase),
            score=round(100 * woken.score),
            needed=round(100 * woken.needed),
        )
