"""A language model on a server, and this machine's own for the time in which the server does not answer."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Protocol, Self

from digital_life.backends.reach import Reach
from digital_life.errors import ModelError
from digital_life.ports import Brain, Clock
from digital_life.values import Message

log = logging.getLogger(__name__)


class Remote(Brain, Protocol):
    """A Brain that may be out of reach."""

    async def greet(self) -> object:
        """Return when it answers. Raises ModelError."""
        ...

    async def takes_grammars(self) -> bool:
        """Whether it can `compose`. Raises ModelError."""
        ...


class Standby:
    """A LanguageModel and a Writer.

    A server that fails before the first piece of an answer is stood in for at once. When it fails later, what was
    said stays and the error ends the answer: two models do not think one thought.
    """

    def __init__(self, remote: Remote, local: Brain, reach: Reach) -> None:
        self._remote = remote
        self._local = local
        self._reach = reach

    @classmethod
    @asynccontextmanager
    async def open(cls, remote: Remote, local: Brain, *, clock: Clock) -> AsyncGenerator[Self]:
        """Within it a lost server is asked for again and again."""
        async with Reach(remote.greet, what="language model", clock=clock) as reach:
            yield cls(remote, local, reach)

    async def reply(
        self, messages: Sequence[Message], *, may_begin: Callable[[str], bool] | None = None
    ) -> AsyncGenerator[str]:
        if not self._reach.lost:
            begun = False
            try:
                async with aclosing(self._remote.reply(messages, may_begin=may_begin)) as pieces:
                    async for piece in pieces:
                        begun = True
                        yield piece
            except ModelError as error:
                self._reach.lose(error)
                if begun:
                    raise
            else:
                self._reach.answered()
                return
        async with aclosing(self._local.reply(messages, may_begin=may_begin)) as pieces:
            async for piece in pieces:
                yield piece

    async def prepare(self, messages: Sequence[Message]) -> None:
        """By the one that would answer now: to read every prompt twice would warm this machine for nothing."""
        if not self._reach.lost:
            try:
                await self._remote.prepare(messages)
            except ModelError as error:
                self._reach.lose(error)
            else:
                return
        await self._local.prepare(messages)

    async def keep(self, name: str, messages: Sequence[Message]) -> None:
        """By this machine's own: done while nobody talks, and then it can stand in without reading for long."""
        await self._local.keep(name, messages)

    def tokens(self, text: str) -> int:
        return self._local.tokens(text)

    async def compose(self, messages: Sequence[Message], *, grammar: str, tokens: int, temperature: float = 0.0) -> str:
        """By the server when it can: what it cannot write, it may still talk about, so it is not lost by that."""
        if not self._reach.lost:
            try:
                if await self._remote.takes_grammars():
                    return await self._remote.compose(messages, grammar=grammar, tokens=tokens, temperature=temperature)
            except ModelError as error:
                log.debug("this machine's own language model writes: %s", error)
        return await self._local.compose(messages, grammar=grammar, tokens=tokens, temperature=temperature)
