"""Wake words at any Wyoming service that listens for them: wyoming-openwakeword, another Digital Life."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import Final

import msgspec
from wyoming.audio import AudioChunk, AudioStart
from wyoming.event import Event
from wyoming.info import Describe, Info
from wyoming.wake import Detect

from digital_life import config
from digital_life.backends.wyoming_client import WyomingClient, asked, connect
from digital_life.errors import ModelError, WyomingError, ungrouped
from digital_life.values import FRAME, RATE, WIDTH
from digital_life.wire.events import wanted

ASKED_EVERY_S: Final = 1.5
"""One that hears no wake word says nothing; so it is asked what it is, which each must answer."""
SILENT_FRAMES: Final = 30
"""Of silence, 2.4 s, told first: wyoming-openwakeword detects nothing before it has heard so much."""
KNOWN_MOST: Final = 20
"""Of its words, named in an error."""


class _Detected(msgspec.Struct):
    name: str | None = None


class WyomingWake:
    """Searches a stream of frames, on the event loop."""

    def __init__(self, settings: config.WyomingWake, words: Mapping[str, str]) -> None:
        """`words`: each phrase, and how it is written."""
        self._settings = settings
        self._words = words

    async def greet(self) -> dict[str, str]:
        """Our phrase for each name of its own that is one. Raises ModelError: also where it knows none of them."""
        async with asked(self._settings) as client:
            info = await client.describe(within_s=self._settings.timeout_s)
        if not info.wake:
            raise self._error("wyoming-no-wake")
        names = phrases_by_name(info, self._words)
        if not names:
            known = sorted({model.name for program in info.wake for model in program.models})
            raise self._error("wyoming-no-words", words=", ".join(self._words), known=", ".join(known[:KNOWN_MOST]))
        return names

    async def search(self, frames: asyncio.Queue[bytes], names: Mapping[str, str], *, began: Callable[[], None]) -> str:
        """The phrase that is detected in `frames`; `began` is called while it listens. Raises ModelError when lost."""
        settings = self._settings
        try:
            async with connect(settings.host, settings.port, timeout_s=settings.timeout_s) as client:
                start = AudioStart(rate=RATE, width=WIDTH, channels=1)
                before = AudioChunk(rate=RATE, width=WIDTH, channels=1, audio=bytes(FRAME * WIDTH))
                await client.send(Detect(names=list(names)), start, *[before] * SILENT_FRAMES, Describe())
                with ungrouped():
                    async with asyncio.TaskGroup() as tasks:
                        feeding = tasks.create_task(_feed(client, frames), name="wake.feed")
                        try:
                            return await self._detection(client, names, began)
                        finally:
                            feeding.cancel()
        except WyomingError as error:
            raise ModelError(error.key, **error.values) from error

    async def _detection(self, client: WyomingClient, names: Mapping[str, str], began: Callable[[], None]) -> str:
        """Raises WyomingError: also where it does not answer what it is asked in between."""
        while True:
            event = await client.event(within_s=ASKED_EVERY_S + self._settings.timeout_s)
            if event.type == "info":
                began()
            if phrase := _phrase_of(event, names):
                return phrase

    def _error(self, key: str, **values: object) -> ModelError:
        return ModelError(key, host=self._settings.host, port=self._settings.port, **values)


def phrases_by_name(info: Info, words: Mapping[str, str]) -> dict[str, str]:
    """For each name by which the service knows a word that is one of `words`: the phrase."""
    ours = {_plain(each): phrase for phrase, written in words.items() for each in (phrase, written)}
    models = [model for program in info.wake for model in program.models]
    found = {
        model.name: ours[said]
        for model in models
        for said in {_plain(model.name), _plain(model.phrase or "")} & ours.keys()
    }
    return dict(sorted(found.items()))


def _plain(name: str) -> str:
    """Without what names of the same word differ in: "hey_jarvis_v0.1" and "Hey Jarvis"."""
    return re.sub(r"[^\w]+|_", " ", re.sub(r"[_ -]v\d[\w.]*$", "", name.casefold())).strip()


def _phrase_of(event: Event, names: Mapping[str, str]) -> str | None:
    """Raises WyomingError. One that does not say which word it was means the first that it was asked for."""
    if event.type != "detection":
        return None
    name = wanted(event, _Detected).name
    by_plain = {_plain(each): phrase for each, phrase in names.items()}
    return next(iter(names.values())) if name is None else names.get(name, by_plain.get(_plain(name)))


async def _feed(client: WyomingClient, frames: asyncio.Queue[bytes]) -> None:
    """Raises WyomingError."""
    fed = 0
    while True:
        pcm = await _next(frames)
        if pcm:
            await client.send(AudioChunk(rate=RATE, width=WIDTH, channels=1, audio=pcm))
        fed += 1
        if not pcm or fed * FRAME >= ASKED_EVERY_S * RATE:
            await client.send(Describe())
            fed = 0


async def _next(frames: asyncio.Queue[bytes]) -> bytes:
    """Empty: none came for a while."""
    try:
        async with asyncio.timeout(ASKED_EVERY_S):
            return await frames.get()
    except TimeoutError:
        return b""
