"""A recogniser on a server, and this machine's own for the time in which the server does not answer."""

from __future__ import annotations

from types import TracebackType
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
    """SpeechToText. An async context manager: within it a lost server is asked for again and again.

    What the server does not write down is written down here: nobody has to say it again.
    """

    def __init__(self, remote: RemoteRecogniser, local: SpeechToText, *, clock: Clock) -> None:
        self._remote = remote
        self._local = local
        self._reach = Reach(remote.greet, what="recogniser", clock=clock)

    async def __aenter__(self) -> Self:
        await self._reach.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._reach.__aexit__(kind, error, trace)

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
