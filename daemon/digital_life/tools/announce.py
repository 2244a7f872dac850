"""The tool that tells everybody in the house: "tell everyone dinner is ready"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from digital_life import words
from digital_life.tool import Arguments, Outcome, Tool
from digital_life.tools.asked import plain

if TYPE_CHECKING:
    from digital_life.ports import Everyone
    from digital_life.values import Transcript


def tools(everyone: Everyone) -> tuple[Tool, ...]:
    async def announce(
        heard: Transcript, *, text: Annotated[str, "what to tell them, in the user's words; empty if not said"] = ""
    ) -> Outcome:
        """Say something aloud in all other rooms of the house."""
        told = words.load(heard.language)
        if not text:
            return Outcome(said=told.text("announce.what"), remembered=False)
        rooms = everyone.tell(_sentence(text), heard.language, but=heard.room)
        return Outcome(said=told.text("announce.told" if rooms else "announce.nobody", text=text))

    return (Tool.of(announce, read=read, guess=guess, guests=True),)


def read(heard: Transcript) -> Arguments | None:
    """What is to be told, with the capitals it was heard with; None where that does not show."""
    found = words.load(heard.language).match("announce.asked", heard.text)
    what = found["what"].strip(words.AROUND) if found else ""
    return {"text": what} if what else None


def guess(heard: Transcript) -> Arguments | None:
    """Nothing, where only that something shall be told was said."""
    return {} if words.load(heard.language).match("announce.bare", plain(heard)) else None


def _sentence(text: str) -> str:
    """With a capital, as it is read aloud and shown."""
    return text[:1].upper() + text[1:]
