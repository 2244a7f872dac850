"""Writes while nobody waits: what a language server has no time for is asked of it again."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Sequence

from digital_life.errors import AwayError, PostponedError
from digital_life.memory.spreading import pause_s
from digital_life.ports import Clock, Writer
from digital_life.values import Message

log = logging.getLogger(__name__)

PATIENCE_S = 900.0
"""One sentence is waited for no longer than this: with it wait the diary, and those of other lives."""


class Patient:
    """A Writer around one that may be away. Raises PostponedError when it was away for too long."""

    def __init__(self, writer: Writer, *, clock: Clock, chance: Callable[[], float] = random.random) -> None:
        self._writer = writer
        self._clock = clock
        self._chance = chance

    async def compose(self, messages: Sequence[Message], *, grammar: str, tokens: int, temperature: float = 0.0) -> str:
        ends = self._clock.monotonic() + PATIENCE_S
        failures = 0
        while True:
            try:
                return await self._writer.compose(messages, grammar=grammar, tokens=tokens, temperature=temperature)
            except AwayError as error:
                pause = pause_s(failures, asked_s=error.after_s, chance=self._chance())
                if self._clock.monotonic() + pause > ends:
                    raise PostponedError("server-postponed") from error
                log.debug("asked again in %.0f s: %s", pause, error)
            await self._clock.sleep(pause)
            failures += 1
