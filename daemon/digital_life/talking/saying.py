"""How an answer reaches a person: aloud (`speaking`) or written (`writing`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from digital_life.values import Language, Reply


class Saying(Protocol):
    async def say(
        self,
        pieces: AsyncGenerator[str],
        language: Language,
        *,
        after: Awaitable[object] | None = None,
        started: Callable[[], None] | None = None,
    ) -> Reply:
        """Deliver `pieces` as they come, the first not before `after`; `started` is called at the first.

        Returns what reached the person.
        """
        ...

    @property
    def saying(self) -> str:
        """The sentence that can be heard just now, and the one before it; empty when nothing is said aloud."""
        ...

    def interrupt(self) -> None:
        """Stop now; the answer under way returns. Nothing happens when there is none."""
        ...


class Aloud(Saying, Protocol):
    def tell(self, told: Callable[[str, Language], None]) -> None:
        """From now on `told` is called with the words that begin to be heard, chunk by chunk; it must not block."""
        ...
