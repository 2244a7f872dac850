"""A language model that fails, falls silent or repeats itself ends its answer; the next one is not touched by it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager

from digital_life.config import Llm
from digital_life.errors import DigitalLifeError, ModelError
from digital_life.ports import LanguageModel
from digital_life.talking.nonsense import Repetition
from digital_life.values import Message

log = logging.getLogger(__name__)


class Guarded:
    """A LanguageModel that raises nothing but ModelError, and within `llm.first_token_s` and `llm.stall_s`."""

    def __init__(self, model: LanguageModel, settings: Llm) -> None:
        self._model = model
        self._settings = settings

    async def reply(
        self, messages: Sequence[Message], *, may_begin: Callable[[str], bool] | None = None
    ) -> AsyncGenerator[str]:
        """An answer that repeats itself ends where that shows; one that does nothing else raises ModelError."""
        repetition = Repetition()
        limit_s = self._settings.first_token_s
        with _told():
            async with aclosing(self._model.reply(messages, may_begin=may_begin)) as pieces:
                while (piece := await _next(pieces, limit_s)) is not None:
                    yield piece
                    limit_s = self._settings.stall_s
                    if repetition.feed(piece):
                        log.warning("the language model repeats itself; its answer is cut")
                        if repetition.before:
                            return
                        raise ModelError("language-model-repeats")

    async def prepare(self, messages: Sequence[Message]) -> None:
        with _told():
            await self._model.prepare(messages)

    async def keep(self, name: str, messages: Sequence[Message]) -> None:
        with _told():
            await self._model.keep(name, messages)

    def tokens(self, text: str) -> int:
        return self._model.tokens(text)


async def _next(pieces: AsyncGenerator[str], limit_s: float) -> str | None:
    """The next piece; None at the end."""
    try:
        async with asyncio.timeout(limit_s):
            return await anext(pieces, None)
    except TimeoutError as error:
        raise ModelError("language-model-silent", seconds=f"{limit_s:g}") from error


@contextmanager
def _told() -> Iterator[None]:
    """Whatever a library raises is told as our own error."""
    try:
        yield
    except DigitalLifeError:
        raise
    except Exception as error:
        # Not in its own words: a tokenizer names the text that it stumbled over.
        raise ModelError("language-model-failed", cause=type(error).__name__) from error
