"""A voice on a server, and this machine's own for the time in which the server does not speak."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Protocol, Self

from digital_life.backends.reach import Reach
from digital_life.backends.wyoming_tts import NO_VOICE
from digital_life.errors import ModelError
from digital_life.ports import Clock, TextToSpeech
from digital_life.values import Language, Speech

log = logging.getLogger(__name__)


class RemoteVoice(TextToSpeech, Protocol):
    """One that may be out of reach."""

    async def greet(self) -> None:
        """Return when it answers. Raises ModelError."""
        ...


class StandbyVoice:
    """TextToSpeech.

    A sentence that the server does not speak is spoken here, in the same breath of the same turn.
    """

    def __init__(self, remote: RemoteVoice, local: TextToSpeech, reach: Reach) -> None:
        self._remote = remote
        self._local = local
        self._reach = reach

    @classmethod
    @asynccontextmanager
    async def open(cls, remote: RemoteVoice, local: TextToSpeech, *, clock: Clock) -> AsyncGenerator[Self]:
        """Within it a lost server is asked for again and again."""
        async with Reach(remote.greet, what="voice", clock=clock) as reach:
            yield cls(remote, local, reach)

    async def synthesize(self, text: str, language: Language) -> Speech:
        if not self._reach.lost:
            try:
                speech = await self._remote.synthesize(text, language)
            except ModelError as error:
                self._miss(error)
            else:
                self._reach.answered()
                return speech
        return await self._local.synthesize(text, language)

    def _miss(self, error: ModelError) -> None:
        """A server without a voice for one language is not lost: it speaks the other."""
        if error.key == NO_VOICE:
            log.debug("this machine's own voice speaks: %s", error)
        else:
            self._reach.lose(error)
