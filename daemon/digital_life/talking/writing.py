"""Show an answer as text while it is still being thought."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from digital_life.values import Language, Reply


class Writing:
    """`show` is given each piece; it must not block."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self._interrupted = False

    async def say(
        self,
        pieces: AsyncGenerator[str],
        language: Language,  # noqa: ARG002 - all languages are written alike
        *,
        after: Awaitable[object] | None = None,
        started: Callable[[], None] | None = None,
    ) -> Reply:
        self._interrupted = False
        written: list[str] = []
        if after:
            await after
        async with aclosing(pieces):
            async for piece in pieces:
                if not written and started:
                    started()
                written.append(piece)
                self._show(piece)
                if self._interrupted:
                    break
        return Reply(said="".join(written).strip(), interrupted=self._interrupted)

    @property
    def saying(self) -> str:
        return ""

    def interrupt(self) -> None:
        self._interrupted = True
