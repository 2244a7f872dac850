"""A recogniser on a server, and this machine's own for the time in which the server does not answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Protocol, Self

from digital_life.backends.reach import Reach
from digital_life.errors import ModelError
from digital_life.ports import Clock, SpeechToText
from digital_life.values import Transcript, Utterance


class RemoteRecogniser(SpeechToText, Protocol):
    """One that may be out of reach."""

    async def greet(self) -> None:
        """Return when it answers. Raises ModelError."""
        ...


class StandbyRecogniser:
    """SpeechToText.

    What the server does not write down is written down here: nobody has to say it again.
    """

    def __init__(self, remote: RemoteRecogniser, local: SpeechToText, reach: Reach) -> None:
        self._remote = remote
        self._local = local
        self._reach = reach

    @classmethod
    @asynccontextmanager
    async def open(cls, remote: RemoteRecogniser, local: SpeechToText, *, clock: Clock) -> AsyncGenerator[Self]:
        """Within it a lost server is asked for again and again."""
        async with Reach(remote.greet, what="recogniser", clock=clock) as reach:
            yield cls(remote, local, reach)

    async def transcribe(self, utterance: Utterance, *, hint: str = "") -> Transcript | None:
        if not self._reach.lost:
            try:
                transcript = await self._remote.transcribe(utterance, hint=hint)
            except ModelError as error:
                self._reach.lose(error)
            else:
                self._reach.answered()
                return transcript
        return await self._local.transcribe(utterance, hint=hint)
