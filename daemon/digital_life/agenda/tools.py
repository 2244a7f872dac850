"""The tools of the agenda: reminder, timer, list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

from digital_life import words
from digital_life.agenda import guesses, meant, requests, saying
from digital_life.agenda.agenda import Agenda
from digital_life.agenda.entries import made
from digital_life.agenda.lists import Lists
from digital_life.agenda.telling import length
from digital_life.agenda.when import When, duration, find
from digital_life.errors import MemoryFileError, ToolError
from digital_life.ports import Clock, ListsFile
from digital_life.tool import Arguments, Outcome, Pending, Read, Tool
from digital_life.values import Entry, EntryKind, Transcript

LENGTH_LETTERS = 40
"""In longer answers there is more than "for one hour and thirty minutes please"."""
ASKED_FOR = timedelta(minutes=1)
"""So long the answer to a question of ours is waited for."""

Doing = Literal["set", "show", "cancel", "snooze"]


def tools(agenda: Agenda, lists: ListsFile, clock: Clock) -> tuple[Tool, ...]:
    """What the mind can do with the agenda."""
    wall = AgendaTools(agenda, clock)
    board = Lists(lists)
    return (
        Tool.of(
            wall.reminder,
            read=wall.read_reminder,
            guess=lambda heard: guesses.reminder(heard, clock.now()),
            awaits=wall.awaited("reminder"),
        ),
        Tool.of(wall.timer, read=wall.read_timer, guess=guesses.timer, awaits=wall.awaited("timer"), guests=True),
        Tool.of(board.change, name="list", read=requests.lists, guess=guesses.lists),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question of ours, whose answer completes what was wished."""

    at: datetime
    tool: Literal["reminder", "timer"]
    wish: Arguments
    missing: Literal["when", "lasts", "what"]


class AgendaTools:
    def __init__(self, agenda: Agenda, clock: Clock) -> None:
        self._agenda = agenda
        self._clock = clock
        self._asked: Pending[_Asked] = Pending()
        self._shown: Pending[Sequence[int]] = Pending()
        """Numbers of the entries in the order in which they were told last: "the second one"."""

    def read_reminder(self, heard: Transcript) -> Arguments | None:
        return requests.reminder(heard, self._clock.now(), rang=self._agenda.can_snooze)

    def read_timer(self, heard: Transcript) -> Arguments | None:
        return requests.timer(heard, self._clock.now(), runs=self._agenda.has_timer)

    def awaited(self, tool: Literal["reminder", "timer"]) -> Read:
        """Finds the answer to what this tool asked."""
        return lambda heard: self._answered(tool, heard, self._clock.now())

    async def reminder(
        self,
        heard: Transcript,
        *,
        action: Annotated[Doing, "what to do with it"] = "set",
        what: Annotated[str, "what of, or which one; empty for an alarm"] = "",
        when: Annotated[str, "the time, in the user's words"] = "",
    ) -> Outcome:
        """Set, show, cancel or snooze a reminder or an alarm."""
        try:
            match action:
                case "set":
                    return await self._set(heard, what, when)
                case "show":
                    return await self._show(heard, what)
                case "cancel":
                    return await self._cancel(heard, what)
                case "snooze":
                    return await self._snooze(heard, when)
        except MemoryFileError as error:
            raise ToolError("agenda-not-kept", cause=error) from error

    async def timer(
        self,
        heard: Transcript,
        *,
        action: Annotated[Literal["set", "show", "cancel"], "what to do with it"] = "set",
        lasts: Annotated[str, "how long, in the user's words"] = "",
        name: Annotated[str, "what it is for, or which one"] = "",
    ) -> Outcome:
        """Set, show or cancel a timer."""
        try:
            match action:
                case "set":
                    return await self._time(heard, lasts, name)
                case "show":
                    return await self._show(heard, name, only=EntryKind.TIMER)
                case "cancel":
                    return await self._cancel(heard, name, only=EntryKind.TIMER)
        except MemoryFileError as error:
            raise ToolError("agenda-not-kept", cause=error) from error

    async def _set(self, heard: Transcript, what: str, when: str) -> Outcome:
        now, text = self._clock.now(), words.load(heard.language)
        wish = {"action": "set", "what": what, "when": when}
        if not when:
            return self._ask(heard, "reminder", wish, "when", text.text("agenda.when-ask"))
        found = find(when, heard.language, now)
        if found is None:
            raise ToolError("agenda-no-time", text=when)
        if found.when.dated and not found.when.timed:
            return self._ask(heard, "reminder", wish, "when", text.text("agenda.time-ask"))
        if not what or text.match("agenda.getting-up", what):
            return await self._add(EntryKind.ALARM, found.when, "", heard)
        return await self._add(EntryKind.REMINDER, found.when, what, heard)

    async def _time(self, heard: Transcript, lasts: str, name: str) -> Outcome:
        if not lasts:
            wish = {"action": "set", "name": name}
            return self._ask(heard, "timer", wish, "lasts", words.load(heard.language).text("agenda.lasts-ask"))
        span = duration(lasts, heard.language)
        if not span:
            raise ToolError("agenda-no-length", text=lasts)
        when = When(self._clock.now() + span, lasts=span)
        return await self._add(EntryKind.TIMER, when, name, heard)

    async def _add(self, kind: EntryKind, when: When, what: str, heard: Transcript) -> Outcome:
        self._asked.take(heard)
        self._shown.take(heard)
        kept = await self._agenda.add(made(kind, when, heard.language, what=what, room=heard.room))
        return Outcome(said=saying.confirmed(kept, self._clock.now(), heard.language))

    async def _show(self, heard: Transcript, which: str, *, only: EntryKind | None = None) -> Outcome:
        now, language = self._clock.now(), heard.language
        entries = [each for each in await self._agenda.entries() if only in (None, each.kind)]
        shown = meant.meant(which, entries, language, now).entries
        self._shown.ask([each.number for each in shown], heard)
        if not shown:
            kind = only or next(iter(meant.kinds(which, language)), "anything")
            return Outcome(said=words.load(language).text(f"agenda.no-{kind}"))
        return Outcome(said=saying.listed(shown, now, language))

    async def _cancel(self, heard: Transcript, which: str, *, only: EntryKind | None = None) -> Outcome:
        now, text = self._clock.now(), words.load(heard.language)
        every = [each for each in await self._agenda.entries() if only in (None, each.kind)]
        entries = self._as_shown(every, heard)
        chosen = meant.meant(which, entries, heard.language, now)
        if not chosen.entries:
            return Outcome(said=text.text("agenda.none-such"))
        told = saying.listed(chosen.entries, now, heard.language)
        if not chosen.sure:
            self._shown.ask([each.number for each in chosen.entries], heard)
            wish = {"action": "cancel"}
            return self._ask(heard, "reminder", wish, "what", text.text("agenda.which-ask", entries=told))
        self._asked.take(heard)
        if len(chosen.entries) == 1 and chosen.entries[0].repeat and self._agenda.just_rang(chosen.entries[0]):
            await self._agenda.silence()
            return Outcome(said=text.text("agenda.silenced"))
        await self._agenda.cancel(chosen.entries)
        return Outcome(said=text.text("agenda.cancelled", entries=told))

    def _as_shown(self, entries: Sequence[Entry], heard: Transcript) -> Sequence[Entry]:
        """Those that were told last, in that order, and then the others."""
        order = {number: place for place, number in enumerate(self._shown.of(heard) or ())}
        return sorted(entries, key=lambda each: order.get(each.number, len(order)))

    async def _snooze(self, heard: Transcript, when: str) -> Outcome:
        span = duration(when, heard.language) if when else None
        wait = await self._agenda.snooze(span)
        text = words.load(heard.language)
        if wait is None:
            return Outcome(said=text.text("agenda.nothing-rings"))
        return Outcome(said=text.text("agenda.snoozed", span=length(wait, heard.language)))

    # What was left out is asked for, and the next thing said may be it.

    def _ask(
        self,
        heard: Transcript,
        tool: Literal["reminder", "timer"],
        wish: Arguments,
        missing: Literal["when", "lasts", "what"],
        question: str,
    ) -> Outcome:
        self._asked.ask(_Asked(self._clock.now(), tool, wish, missing), heard)
        return Outcome(said=question)

    def _answered(self, tool: str, heard: Transcript, now: datetime) -> Arguments | None:
        """The wish that was asked about, completed by what was said; None when that is no answer."""
        asked = self._asked.of(heard)
        if not asked or asked.tool != tool or now - asked.at > ASKED_FOR:
            return None
        if not _answers(asked.missing, heard, now):
            return None
        said = " ".join(filter(None, (str(asked.wish.get(asked.missing, "")), heard.text.strip(words.AROUND))))
        return {**asked.wish, asked.missing: said}


def _answers(missing: str, heard: Transcript, now: datetime) -> bool:
    """Whether all of it is what was asked for."""
    match missing:
        case "when":
            found = find(heard.text, heard.language, now)
            nothing_else = words.load(heard.language).match("agenda.nothing-else", found.rest) if found else None
            return nothing_else is not None
        case "lasts":
            return len(heard.text) <= LENGTH_LETTERS and duration(heard.text, heard.language) is not None
        case _:
            return meant.is_choice(heard.text, heard.language)
