"""Say an answer while it is still being thought, so that it can be stopped and what was heard is known."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass

from digital_life.errors import ModelError, SoundError
from digital_life.ports import Loudspeaker, TextToSpeech
from digital_life.talking.cut import heard
from digital_life.talking.sentences import Sentences
from digital_life.talking.spoken import chunks
from digital_life.values import Chunk, Language, Reply, Speech

log = logging.getLogger(__name__)

SYNTHESISED_AHEAD = 1
"""Chunks that wait for the loudspeaker: the next one is made while this one plays."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """A chunk and its sound; no sound where there is nothing to say or no voice to say it."""

    chunk: Chunk
    speech: Speech | None


class Speaking:
    """One answer at a time."""

    def __init__(self, *, voice: TextToSpeech, loudspeaker: Loudspeaker) -> None:
        self._voice = voice
        self._loudspeaker = loudspeaker
        self._told: Callable[[str, Language], None] | None = None
        self._answer: _Answer | None = None

    def tell(self, told: Callable[[str, Language], None]) -> None:
        self._told = told

    async def say(
        self,
        pieces: AsyncGenerator[str],
        language: Language,
        *,
        after: Awaitable[object] | None = None,
        started: Callable[[], None] | None = None,
    ) -> Reply:
        """Speak `pieces` as they come, the first not before `after`; `started` is called at the first sample.

        Returns when the last sample was heard, or soon after `interrupt()`: then with what was really said.
        """
        answer = self._answer = _Answer(self._voice, self._loudspeaker, language, after, started, self._told)
        try:
            return await answer.say(pieces)
        finally:
            self._answer = None

    @property
    def saying(self) -> str:
        return self._answer.latest if self._answer else ""

    def interrupt(self) -> None:
        """Silence now; the answer under way returns. Nothing happens when there is none."""
        if self._answer:
            self._answer.interrupt()


class _Answer:
    def __init__(
        self,
        voice: TextToSpeech,
        loudspeaker: Loudspeaker,
        language: Language,
        after: Awaitable[object] | None,
        started: Callable[[], None] | None,
        told: Callable[[str, Language], None] | None,
    ) -> None:
        self._voice = voice
        self._loudspeaker = loudspeaker
        self._language = language
        self._after = after
        self._started = started
        self._told = told
        self._ready: asyncio.Queue[_Ready | None] = asyncio.Queue()
        self._room = asyncio.Semaphore(SYNTHESISED_AHEAD)
        self._written: list[str] = []
        self._played: list[tuple[str, float]] = []
        self._heard_s = 0.0
        self._played_any = False
        self._interrupted = False
        self._making: asyncio.Task[None] | None = None

    async def say(self, pieces: AsyncGenerator[str]) -> Reply:
        async with asyncio.TaskGroup() as tasks:
            self._making = tasks.create_task(self._make(pieces), name="speaking.make")
            await self._play()
        return self._reply()

    @property
    def latest(self) -> str:
        return "".join(text for text, _ in self._played[-2:])

    def interrupt(self) -> None:
        self._interrupted = True
        self._loudspeaker.stop()
        if self._making:
            self._making.cancel()
        self._ready.put_nowait(None)  # cancelled before its first step, `_make` would not say that it is over

    async def _make(self, pieces: AsyncGenerator[str]) -> None:
        sentences = Sentences()
        try:
            async with aclosing(pieces):
                async for piece in pieces:
                    self._written.append(piece)
                    for sentence in sentences.feed(piece):
                        await self._synthesise(sentence)
                for sentence in sentences.close():
                    await self._synthesise(sentence)
        finally:
            self._ready.put_nowait(None)

    async def _synthesise(self, sentence: str) -> None:
        for chunk in chunks(sentence, main=self._language):
            await self._room.acquire()
            self._ready.put_nowait(_Ready(chunk, await self._speech(chunk)))

    async def _speech(self, chunk: Chunk) -> Speech | None:
        if not chunk.spoken:
            return None
        try:
            return await self._voice.synthesize(chunk.spoken, chunk.language)
        except ModelError as error:
            log.warning("no voice for this sentence, it is shown only: %s", error)
            return None

    async def _play(self) -> None:
        while not self._interrupted and (ready := await self._ready.get()) is not None:
            if self._after:
                await self._after
                self._after = None
            self._room.release()
            if ready.speech is None:
                self._played.append((ready.chunk.text, 0.0))
                self._tell(ready.chunk)
                continue
            self._played.append((ready.chunk.text, ready.speech.seconds))
            await self._play_aloud(ready.chunk, ready.speech)

    async def _play_aloud(self, chunk: Chunk, speech: Speech) -> None:
        heard = False

        def began() -> None:
            nonlocal heard
            heard = True
            if self._started:
                self._started()
                self._started = None
            self._tell(chunk)

        try:
            self._heard_s += await self._loudspeaker.play(speech, started=began)
            self._played_any = True
        except SoundError as error:
            log.warning("the loudspeaker is lost, the answer is shown only: %s", error)
            self._heard_s += speech.seconds
            if not heard:
                self._tell(chunk)

    def _tell(self, chunk: Chunk) -> None:
        """These words are heard, or shown."""
        if self._told:
            self._told(chunk.text, chunk.language)

    def _reply(self) -> Reply:
        written = "".join(self._written)
        if not self._interrupted:
            return Reply(said=written.strip(), unheard=bool(self._played) and not self._played_any)
        said, _ = heard(self._played, self._heard_s)
        return Reply(said=said.strip(), unsaid=written[len(said) :].strip(), interrupted=True)
