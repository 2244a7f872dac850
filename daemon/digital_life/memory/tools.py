"""What can be asked of the memory: to recall by date and by need, to think harder, to remember, to forget."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

from digital_life import words
from digital_life.memory import dates, harder
from digital_life.tool import Outcome, Tool

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digital_life.memory.life import Life
    from digital_life.memory.wishes import MemoryWishes
    from digital_life.values import Transcript


def tools(life: Life, wishes: MemoryWishes) -> tuple[Tool, ...]:
    """The five, over this life."""

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
        return await recalled("recall_by_need", what, heard)

    async def remember(heard: Transcript, *, what: Annotated[str, "what is to be kept"]) -> Outcome:
        """Keep something in mind for good, when the user asks for that."""
        return Outcome(said=words.load(heard.language).text("tools.remembered", what=what))

    async def forget(heard: Transcript, *, what: Annotated[str, "what it is about"]) -> Outcome:
        """Forget something that the user told earlier."""
        granted = await wishes.forget(what, heard)
        return Outcome(said=granted.text, remembered=granted.remembered)

    def day(heard: Transcript) -> dict[str, str] | None:
        named = dates.named(heard.text, life.today().date())
        return {"date": named} if named else None

    return (
        Tool.of(recall_by_date, read=day, acts=False),
        Tool.of(recall_by_need, read=_whole("recall_by_need"), acts=False),
        _thinking_harder(life),
        Tool.of(remember, read=_whole("remember")),
        Tool.of(forget, read=_whole("forget")),
    )


def _thinking_harder(life: Life) -> Tool:
    async def think_harder(heard: Transcript) -> Outcome:
        """Try harder to remember what the user asked for."""
        question, found = await life.try_harder(heard.text)
        text = words.load(heard.language)
        if not question:
            return Outcome(said=text.text("harder.nothing-asked"), remembered=False)
        return Outcome(found=text.text("harder.again", question=question), recalls=found)

    def meant(heard: Transcript) -> dict[str, str] | None:
        return None if harder.question_within(heard.text) is None else {}

    return Tool.of(think_harder, claims=meant, acts=False)


def _whole(name: str) -> Any:
    """Reads what follows the asking words; where they are others, everything that was said."""

    def read(heard: Transcript) -> Mapping[str, str]:
        found = words.load(heard.language).match(f"tools.{name}", heard.text)
        what = found["what"] if found else heard.text
        if name == "forget":
            what = re.split("[,，]", what)[0]  # "about my knee, please, I mean it"
        return {"what": what.strip(words.AROUND)}

    return read
