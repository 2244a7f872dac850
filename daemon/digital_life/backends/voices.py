"""One voice a language, and another engine where one fails."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Self

from digital_life.backends.memory import give_back
from digital_life.catalogue import Voice
from digital_life.errors import ModelError, ungrouped
from digital_life.ports import TextToSpeech
from digital_life.values import Language, Speech
from digital_life.worker import Worker

log = logging.getLogger(__name__)

Load = Callable[[Voice, Worker], Awaitable[TextToSpeech]]
"""Loads a voice on the thread that will own it. Raises ModelError."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    speaks: TextToSpeech
    thread: AsyncExitStack


class Voices:
    """TextToSpeech by the voice of the language; `spare` speaks for one that fails."""

    def __init__(self, load: Load, *, spare: TextToSpeech) -> None:
        self._load = load
        self._spare = spare
        self._loaded: dict[Voice, _Loaded] = {}
        self._there = asyncio.Event()
        """Set when the first ones are loaded: who speaks sooner waits for them."""
        self.chosen: dict[Language, Voice] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, chosen: Mapping[Language, Voice], load: Load, *, spare: TextToSpeech) -> AsyncGenerator[Self]:
        """Load them all at once. Raises ModelError."""
        async with cls.coming(chosen, load, spare=spare) as voices:
            await voices.arrive()
            yield voices

    @classmethod
    @asynccontextmanager
    async def coming(cls, chosen: Mapping[Language, Voice], load: Load, *, spare: TextToSpeech) -> AsyncGenerator[Self]:
        """The same before they are loaded, which `arrive` does."""
        voices = cls(load, spare=spare)
        voices.chosen = dict(chosen)
        try:
            yield voices
        finally:
            await voices._change({})

    async def arrive(self) -> None:
        """Load those that it begins with. Raises ModelError."""
        await self._change(self.chosen)
        self._there.set()

    async def there(self) -> None:
        """Return when the first ones are loaded."""
        await self._there.wait()

    async def become(self, chosen: Mapping[Language, Voice]) -> None:
        """Speak with these from now on; those that nobody speaks with any more are let go.

        Raises ModelError, and then it speaks as before; so it does when this is cancelled.
        """
        await self._there.wait()
        await self._change(chosen)

    async def _change(self, chosen: Mapping[Language, Voice]) -> None:
        try:
            with ungrouped():
                async with asyncio.TaskGroup() as tasks:
                    for each in set(chosen.values()) - self._loaded.keys():
                        tasks.create_task(self._take(each), name=f"voices.{each.name}")
            self.chosen = dict(chosen)
        finally:
            await self._let_go()

    async def _take(self, voice: Voice) -> None:
        async with AsyncExitStack() as thread:
            worker = await thread.enter_async_context(Worker(f"voice-{voice.name}"))
            speaks = await self._load(voice, worker)
            self._loaded[voice] = _Loaded(speaks, thread.pop_all())

    async def _let_go(self) -> None:
        """Those that are not chosen."""
        for each in self._loaded.keys() - set(self.chosen.values()):
            await self._loaded.pop(each).thread.aclose()
        give_back()

    async def synthesize(self, text: str, language: Language) -> Speech:
        await self._there.wait()
        voice = self._voice(language)
        try:
            return await voice.synthesize(text, language)
        except ModelError as error:
            if voice is self._spare:
                raise
            log.warning("the voice for %s failed, another one speaks: %s", language, error)
            return await self._spare.synthesize(text, language)

    def _voice(self, language: Language) -> TextToSpeech:
        chosen = self.chosen.get(language)
        return self._loaded[chosen].speaks if chosen else self._spare
