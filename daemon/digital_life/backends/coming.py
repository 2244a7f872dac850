"""A language model that is still being loaded: who asks it waits until it is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

from digital_life.ports import Brain
from digital_life.values import Message


class Coming:
    """A LanguageModel and a Writer."""

    def __init__(self) -> None:
        self._arrived: asyncio.Future[Brain] = asyncio.get_running_loop().create_future()

    def arrive(self, brain: Brain) -> None:
        """From now on this one answers."""
        self._arrived.set_result(brain)

    async def reply(
        self, messages: Sequence[Message], *, may_begin: Callable[[str], bool] | None = None
    ) -> AsyncGenerator[str]:
        brain = await self.there()
        async with aclosing(brain.reply(messages, may_begin=may_begin)) as pieces:
            async for piece in pieces:
                yield piece

    async def prepare(self, messages: Sequence[Message]) -> None:
        await (await self.there()).prepare(messages)

    async def keep(self, name: str, messages: Sequence[Message]) -> None:
        await (await self.there()).keep(name, messages)

    async def compose(self, messages: Sequence[Message], *, grammar: str, tokens: int, temperature: float = 0.0) -> str:
        brain = await self.there()
        return await brain.compose(messages, grammar=grammar, tokens=tokens, temperature=temperature)

    def tokens(self, text: str) -> int:
        """Only once it is there: nobody puts a prompt together sooner."""
        return self._arrived.result().tokens(text)

    async def there(self) -> Brain:
        """Return it when it is there."""
        # Shielded: one who waits no longer must not end the waiting of the others.
        return await asyncio.shield(self._arrived)
