"""A mind that answers by what it is asked, and is out of reach when the test says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence

from digital_life.errors import ModelError
from digital_life.values import Message


class FakeBrain:
    """`answers` says what to answer to a message that holds the key; it writes `written`."""

    def __init__(self, answers: Mapping[str, str], *, written: str = "yes", piece: int = 3, room: int = 4096) -> None:
        self.answers = dict(answers)
        self.written = written
        self._piece = piece
        self._room = room
        """Tokens that fit into its context."""
        self.gone = False
        self.fails = False
        """It is there, but does not answer."""
        self.gone_after: int | None = None
        """Pieces of an answer after which it is lost; once."""
        self.grammars = True
        self.asked: list[str] = []
        self.prepared: list[tuple[Message, ...]] = []
        self.kept: list[str] = []
        self.greetings = 0

    async def greet(self) -> None:
        self.greetings += 1
        self._require(at_all=True)

    async def takes_grammars(self) -> bool:
        self._require()
        return self.grammars

    async def reply(
        self,
        messages: Sequence[Message],
        *,
        may_begin: Callable[[str], bool] | None = None,  # noqa: ARG002 - the port
    ) -> AsyncGenerator[str]:
        self._require()
        asked = messages[-1].text
        if self.tokens(asked) > self._room:
            raise ModelError("prompt-too-long", tokens=self.tokens(asked), room=self._room)
        self.asked.append(asked)
        answer = next((said for key, said in self.answers.items() if key in asked), "")
        for start in range(0, len(answer), self._piece):
            if self.gone_after is not None and start >= self.gone_after * self._piece:
                self.gone_after, self.gone = None, True
                self._require()
            await asyncio.sleep(0)
            yield answer[start : start + self._piece]

    async def prepare(self, messages: Sequence[Message]) -> None:
        self._require()
        self.prepared.append(tuple(messages))

    async def keep(self, name: str, messages: Sequence[Message]) -> None:  # noqa: ARG002 - the port
        self.kept.append(name)

    def tokens(self, text: str) -> int:
        return len(text)

    async def compose(
        self,
        messages: Sequence[Message],
        *,
        grammar: str,
        tokens: int,
        temperature: float = 0.0,  # noqa: ARG002 - the port
    ) -> str:
        self._require()
        assert "root ::=" in grammar
        assert tokens > 0
        self.asked.append(messages[-1].text)
        return self.written

    def _require(self, *, at_all: bool = False) -> None:
        if self.gone or (self.fails and not at_all):
            raise ModelError("language-model-failed", cause="it is gone")
