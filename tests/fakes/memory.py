"""A memory that keeps turns in a list, and recalls what the test tells it to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from digital_life.ports import Clock
from digital_life.tool import Outcome
from digital_life.values import USER, Call, Event, Granted, Person, Recall, Said, Standing, Transcript, Turn

REST = timedelta(hours=6)


class FakeMemory:
    """A Memory, Diaries and Wishes."""

    def __init__(
        self,
        clock: Clock,
        *,
        recalls: dict[str, tuple[Recall, ...]] | None = None,
        diaries: dict[str, tuple[Recall, ...]] | None = None,
        wishes: dict[str, Granted] | None = None,
        checks: dict[str, Outcome] | None = None,
        events: dict[str, Event] | None = None,
    ) -> None:
        """`events`: what comes of a call with this argument; where there are any, its calls are those of MemGPT."""
        self._clock = clock
        self._recalls = recalls or {}
        self._diaries = diaries or {}
        self._wishes = wishes or {}
        self._checks = checks or {}
        self._events = events or {}
        self.calls: tuple[str, ...] = ("core_memory_append",) if events else ("recall_by_date", "recall_by_need")
        self.chained = 5 if events else 2
        self.taught = "paged" if events else "recall"
        self.turns: list[Turn] = []
        self.heard: list[Transcript] = []
        """What is being answered."""
        self.looked_up: list[tuple[str, str]] = []
        self.known = Standing()
        self.forgotten: set[int] = set()
        self.unseen: frozenset[int] = frozenset()
        """What was told to stand in no prompt, the last time something was recalled."""
        self.asked_by: Person = USER
        """Who is to hear it, the last time anything was asked of it."""

    def of(self, person: Person) -> FakeMemory:
        self.asked_by = person
        return self

    async def standing(self) -> Standing:
        now = self._clock.now()
        recent = bool(self.turns) and now - self.turns[-1].began < REST
        said = tuple(
            Said(number, turn.began, turn.heard.language, turn.heard.text, turn.reply.said, turn.heard.person)
            for number, turn in enumerate(self.turns, 1)
            if recent and number not in self.forgotten
        )
        began = said[0].at if said else None
        known = self.known
        return Standing(known.soul, known.love, known.met, began, known.summary, said)

    async def recall(self, question: str, *, unseen: Collection[int] = ()) -> tuple[Recall, ...]:
        self.unseen = frozenset(unseen)
        return self._recalls.get(question, ())

    async def check(self, heard: Transcript) -> Outcome | None:
        return self._checks.get(heard.text)

    async def hear(self, heard: Transcript, began: datetime) -> None:
        del began
        self.heard.append(heard)

    async def let_go(self, heard: Transcript) -> None:
        self.heard = [each for each in self.heard if each != heard]

    async def remember(self, turn: Turn) -> int:
        self.turns.append(turn)
        self.heard = [each for each in self.heard if each != turn.heard]
        return len(self.turns)

    async def look_up(self, name: str, argument: str, question: str) -> tuple[Recall, ...]:  # noqa: ARG002 - the port
        self.looked_up.append((name, argument))
        return self._diaries.get(argument, ())

    async def event(self, name: str, argument: str, before: Sequence[Call]) -> Event | None:  # noqa: ARG002 - the port
        return self._events.get(argument)

    def concern(self, wish: Transcript) -> bool:
        return wish.text in self._wishes

    async def grant(self, wish: Transcript) -> Granted | None:
        return self._wishes.get(wish.text)
