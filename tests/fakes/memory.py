"""A memory that keeps turns in a list, and recalls what the test tells it to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from digital_life.ports import Clock
from digital_life.values import Granted, Recall, Said, Standing, Transcript, Turn

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
    ) -> None:
        self._clock = clock
        self._recalls = recalls or {}
        self._diaries = diaries or {}
        self._wishes = wishes or {}
        self.turns: list[Turn] = []
        self.looked_up: list[tuple[str, str]] = []
        self.known = Standing()
        self.forgotten: set[int] = set()
        self.unseen: frozenset[int] = frozenset()
        """What was told to stand in no prompt, the last time something was recalled."""

    async def standing(self) -> Standing:
        now = self._clock.now()
        recent = bool(self.turns) and now - self.turns[-1].began < REST
        said = tuple(
            Said(number, turn.began, turn.heard.language, turn.heard.text, turn.reply.said)
            for number, turn in enumerate(self.turns, 1)
            if recent and number not in self.forgotten
        )
        began = said[0].at if said else None
        known = self.known
        return Standing(known.soul, known.love, known.met, began, known.summary, said)

    async def recall(self, question: str, *, unseen: Collection[int] = ()) -> tuple[Recall, ...]:
        self.unseen = frozenset(unseen)
        return self._recalls.get(question, ())

    async def remember(self, turn: Turn) -> int:
        self.turns.append(turn)
        return len(self.turns)

    async def look_up(self, name: str, argument: str, question: str) -> tuple[Recall, ...]:  # noqa: ARG002 - the port
        self.looked_up.append((name, argument))
        return self._diaries.get(argument, ())

    def concern(self, wish: Transcript) -> bool:
        return wish.text in self._wishes

    async def grant(self, wish: Transcript) -> Granted | None:
        return self._wishes.get(wish.text)
