"""What can be asked of the memory: to recall by date and by need, to remember, to forget."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from digital_life import words
from digital_life.memory import dates, many
from digital_life.tool import Outcome, Read, Tool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digital_life.memory.life import Life
    from digital_life.memory.wishes import MemoryWishes
    from digital_life.values import Recall, Transcript


def tools(life: Life, wishes: MemoryWishes) -> tuple[Tool, ...]:
    """The four, over this life."""

    async def recalled(name: str, argument: str, heard: Transcript) -> Outcome:
        found = await life.look_up(name, argument, heard.text)
        if found or not await life.is_at_hand(heard.text):
            return Outcome(recalls=found)
        return Outcome()  # It was said just now, and stands before the model's eyes.

    async def recall_by_date(heard: Transcript, *, date: Annotated[str, "the days"]) -> Outcome:
        """Look up what was said or done on certain earlier days."""
        return await recalled("recall_by_date", date, heard)

    async def recall_by_need(heard: Transcript, *, what: Annotated[str, "what is sought"]) -> Outcome:
        """Look up something of the user's own life that the user told earlier."""
        listed = await life.list_all(heard.text) if many.is_asked(heard.text) else ()
        if len(listed) >= many.SAID_FROM:
            return Outcome(said=_listed(listed, heard))
        if listed:
            return Outcome(recalls=listed)
        return await recalled("recall_by_need", what, heard)

    async def remember(heard: Transcript, *, what: Annotated[str, "what is to be kept"]) -> Outcome:
        """Keep something in mind for good, when the user asks for that."""
        return Outcome(said=words.load(heard.language).text("tools.remembered", what=what))

    async def forget(heard: Transcript, *, what: Annotated[str, "what it is about"]) -> Outcome:
        """Forget something that the user told earlier."""
        granted = await wishes.forget(what, heard)
        return Outcome(said=granted.text, remembered=granted.remembered)

    return (
        Tool.of(recall_by_date, read=_day(life), acts=False),
        Tool.of(recall_by_need, read=_whole("recall_by_need"), claims=_every(life), acts=False),
        Tool.of(remember, read=_whole("remember")),
        Tool.of(forget, read=_whole("forget")),
    )


def _day(life: Life) -> Read:
    def read(heard: Transcript) -> dict[str, str] | None:
        named = dates.named(heard.text, life.today().date())
        return {"date": named} if named else None

    return read


def _every(life: Life) -> Read:
    """Claims what asks for several things, of whatever days."""

    def read(heard: Transcript) -> dict[str, str] | None:
        dated = dates.find(heard.text, life.today().date())
        return {"what": heard.text} if not dated and many.is_of_memory(heard.text) else None

    return read


def _listed(found: Sequence[Recall], heard: Transcript) -> str:
    text = words.load(heard.language)
    key = "questions.listed-said" if many.is_of_its_own(heard.text) else "questions.listed-heard"
    items = [text.text(key, day=text.day(each.when), text=each.text) for each in found]
    return text.text("questions.listed", count=len(items), items=" ".join(items))


def _whole(name: str) -> Read:
    """Reads what follows the asking words; where they are others, everything that was said."""

    def read(heard: Transcript) -> Mapping[str, str]:
        found = words.load(heard.language).match(f"tools.{name}", heard.text)
        what = found["what"] if found else heard.text
        if name == "forget":
            what = re.split("[,，]", what)[0]  # "about my knee, please, I mean it"
        return {"what": what.strip(words.AROUND)}

    return read
