"""What can be asked of the memory: to recall by date and by need, to think harder, to remember, to forget."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated

from digital_life import words
from digital_life.memory import anchors, coming, dates, harder, many
from digital_life.memory.terms import telling
from digital_life.tool import Outcome, Pending, Read, Tool

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digital_life.memory.anchors import Anchored
    from digital_life.memory.life import Life
    from digital_life.memory.wishes import MemoryWishes
    from digital_life.values import Transcript


ANSWERED_WITHIN = timedelta(minutes=2)
"""A day that is named later is no answer any more."""
_ASKS = re.compile(r"[?？]\s*$")


def tools(life: Life, wishes: MemoryWishes) -> tuple[Tool, ...]:
    """The five, over this life."""
    asking = Asking(life)

    async def recall_by_date(heard: Transcript, *, date: Annotated[str, "the days"]) -> Outcome:
        """Look up what was said or done on certain earlier days."""
        return await asking.outcome(heard) or await _recalled(life.of(heard.person), "recall_by_date", date, heard)

    async def recall_by_need(heard: Transcript, *, what: Annotated[str, "what is sought"]) -> Outcome:
        """Look up something of the user's own life that the user told earlier."""
        seen = life.of(heard.person)
        return await _listed(seen, heard) or await _recalled(seen, "recall_by_need", what, heard)

    async def remember(heard: Transcript, *, what: Annotated[str, "what is to be kept"]) -> Outcome:
        """Keep something in mind for good, when the user asks for that."""
        return Outcome(said=words.load(heard.language).text("tools.remembered", what=what))

    async def forget(heard: Transcript, *, what: Annotated[str, "what it is about"]) -> Outcome:
        """Forget something that the user told earlier."""
        granted = await wishes.forget(what, heard)
        return Outcome(said=granted.text, remembered=granted.remembered)

    return (
        Tool.of(recall_by_date, read=_day(life), awaits=asking.answered, claims=_anchored, acts=False),
        Tool.of(recall_by_need, read=_whole("recall_by_need"), claims=_every(life), acts=False),
        _thinking_harder(life),
        Tool.of(remember, read=_whole("remember")),
        Tool.of(forget, read=_whole("forget")),
    )


async def _recalled(life: Life, name: str, argument: str, heard: Transcript) -> Outcome:
    found = await life.look_up(name, argument, heard.text)
    if found:
        return Outcome(recalls=found)
    if await life.is_at_hand(heard.text):
        return Outcome()  # It was said just now, and stands before the model's eyes.
    return Outcome(said=_admission(heard), recalls=())


async def _listed(life: Life, heard: Transcript) -> Outcome | None:
    """All that was told; None where one thing is asked for, or nothing of it was told."""
    found = await life.list_all(heard.text) if many.is_asked(heard.text) else ()
    if len(found) < many.SAID_FROM:
        return Outcome(recalls=found) if found else None
    text = words.load(heard.language)
    key = "questions.listed-said" if many.is_of_its_own(heard.text) else "questions.listed-heard"
    items = [text.text(key, day=text.day(each.when), text=each.text) for each in found]
    return Outcome(said=text.text("questions.listed", count=len(items), items=" ".join(items)), recalls=found)


def _thinking_harder(life: Life) -> Tool:
    async def think_harder(heard: Transcript) -> Outcome:
        """Try harder to remember what the user asked for."""
        question, found = await life.of(heard.person).try_harder(heard.text, room=heard.room)
        text = words.load(heard.language)
        if not question:
            return Outcome(said=text.text("harder.nothing-asked"), remembered=False)
        return Outcome(recalls=found, question=question)

    def meant(heard: Transcript) -> dict[str, str] | None:
        return None if harder.question_within(heard.text) is None else {}

    return Tool.of(think_harder, claims=meant, acts=False)


def _admission(heard: Transcript) -> str:
    """Said where the user asks of something of their own: a small model invents an answer. Else the model answers."""
    text = words.load(heard.language)
    of_us = text.search("questions.of-us", heard.text) is not None and telling(heard.text)
    return text.text("questions.never-told") if of_us else ""


class Asking:
    """Asks for the day on which other days hang, and answers once it was told."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._asked: Pending[tuple[datetime, Anchored, str]] = Pending(personal=True)
        """When the user was asked for which day, and the question that it is needed for."""

    def answered(self, heard: Transcript) -> dict[str, str] | None:
        """The day that was asked for, as it was told at once; None when none was, or this tells none."""
        asked = self._asked.of(heard)
        fresh = asked is not None and self._life.today() - asked[0] < ANSWERED_WITHIN
        told = fresh and not _ASKS.search(heard.text) and coming.find(heard.text, self._life.today().date())
        return {"date": heard.text} if told else None

    async def outcome(self, heard: Transcript) -> Outcome | None:
        """The question for the day, or what was then; None where nothing of the kind is asked."""
        is_answer = self.answered(heard) is not None
        asked = self._asked.take(heard)
        if asked and is_answer:
            _, anchored, question = asked
            return await self._answer(anchored, question, heard)
        named = anchors.find(heard.text)
        if named is None or await self._life.of(heard.person).days_of(named):
            return None
        self._asked.ask((self._life.today(), named, heard.text), heard)
        return Outcome(said=anchors.asks_for(named))

    async def _answer(self, anchored: Anchored, question: str, heard: Transcript) -> Outcome:
        today = self._life.today().date()
        anchor = anchors.told(anchored.anchor, [(f"{anchored.anchor} {heard.text}", today)], today)
        if anchor is None:
            return Outcome()
        span = anchors.days(anchored, anchor)
        found = await self._life.of(heard.person).of_days(span, question)
        text = words.load(heard.language)
        items = [
            text.text("wishes.on-day", day=text.day(each.when), text=" ".join(each.text.split())) for each in found
        ]
        said = text.text(
            "questions.anchor-told",
            anchor=anchors.yours(anchored.anchor),
            day=text.day(datetime.combine(anchor.first, time())),
            then=text.day(datetime.combine(span.first, time())),
            items=" ".join(items) or text.text("questions.nothing-then"),
        )
        return Outcome(said=said, recalls=found)


def _anchored(heard: Transcript) -> dict[str, str] | None:
    found = anchors.find(heard.text) if anchors.is_asked(heard.text) else None
    return {"date": found.anchor} if found else None


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


def _whole(name: str) -> Read:
    """Reads what follows the asking words; where they are others, everything that was said."""

    def read(heard: Transcript) -> Mapping[str, str]:
        found = words.load(heard.language).match(f"tools.{name}", heard.text)
        what = found["what"] if found else heard.text
        if name == "forget":
            what = re.split("[,，]", what)[0]  # "about my knee, please, I mean it"
        return {"what": what.strip(words.AROUND)}

    return read
