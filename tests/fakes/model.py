"""A language model that answers what the test tells it to, a few characters at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence

from digital_life.errors import ModelError
from digital_life.values import Message


class FakeLanguageModel:
    def __init__(self, *answers: str, fails_after: int | None = None, piece: int = 3) -> None:
        self._answers = list(answers)
        self._fails_after = fails_after
        self._piece = piece
        self.prompts: list[tuple[Message, ...]] = []
        self.prepared: list[tuple[Message, ...]] = []
        self.kept: dict[str, tuple[Message, ...]] = {}
        self.may_begin: Callable[[str], bool] | None = None
        self.running = False
        self.held: asyncio.Event | None = None
        """Set by the test when it may speak; None: at once."""

    async def reply(
        self, messages: Sequence[Message], *, may_begin: Callable[[str], bool] | None = None
    ) -> AsyncGenerator[str]:
        self.may_begin = may_begin
        self.prompts.append(tuple(messages))
        answer = self._answers.pop(0) if self._answers else ""
        self.running = True
        try:
            if self.held:
                await self.held.wait()
            for start in range(0, len(answer), self._piece):
                if self._fails_after is not None and start >= self._fails_after:
                    raise ModelError("language-model-failed", cause="it was told to")
                await asyncio.sleep(0)
                yield answer[start : start + self._piece]
        finally:
            self.running = False

    async def prepare(self, messages: Sequence[Message]) -> None:
        self.prepared.append(tuple(messages))

    async def keep(self, name: str, messages: Sequence[Message]) -> None:
        self.kept[name] = tuple(messages)

    def tokens(self, text: str) -> int:
        return len(text)
