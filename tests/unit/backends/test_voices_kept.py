"""Voices that are exchanged while it runs."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from digital_life.backends.voices import Voices
from digital_life.catalogue import Voice
from digital_life.errors import ModelError
from digital_life.ports import TextToSpeech
from digital_life.values import Language, Speech
from digital_life.worker import Worker

JOE, AMY, LI = (Voice("piper", Path(), name) for name in ("joe", "amy", "li"))


class Named:
    """Says nothing but its name, on its own thread."""

    def __init__(self, name: str, worker: Worker | None = None) -> None:
        self.name = name
        self.worker = worker

    async def synthesize(self, text: str, language: Language) -> Speech:  # noqa: ARG002 - the port
        sound = Speech(self.name.encode(), 1_000)
        return await self.worker.run(lambda: sound) if self.worker else sound


class Shelf:
    """Loads voices, but for those that are broken."""

    def __init__(self) -> None:
        self.loaded: list[str] = []
        self.broken: set[str] = set()
        self.may_load = asyncio.Event()
        self.may_load.set()

    async def load(self, voice: Voice, worker: Worker) -> TextToSpeech:
        await self.may_load.wait()
        if voice.name in self.broken:
            raise ModelError("model-broken", path=voice.name, cause="it was told to be")
        self.loaded.append(voice.name)
        return Named(voice.name, worker)


async def speakers(voices: Voices) -> list[str]:
    return [(await voices.synthesize("Hello", language)).pcm.decode() for language in ("en", "zh")]


def threads() -> set[str]:
    return {each.name for each in threading.enumerate() if each.name.startswith("voice-")}


async def test_another_voice_is_loaded_when_it_is_wanted_and_the_unused_one_is_let_go() -> None:
    shelf = Shelf()
    async with Voices.open({"en": JOE, "zh": LI}, shelf.load, spare=Named("spare")) as voices:
        assert await speakers(voices) == ["joe", "li"]
        await voices.become({"en": AMY, "zh": LI})
        assert await speakers(voices) == ["amy", "li"]
        assert sorted(shelf.loaded) == ["amy", "joe", "li"]
        assert threads() == {"voice-amy", "voice-li"}
        await voices.become({"en": AMY})
        assert await speakers(voices) == ["amy", "spare"]
    assert threads() == set()


async def test_when_a_voice_is_broken_it_speaks_as_before() -> None:
    shelf = Shelf()
    shelf.broken = {"amy"}
    async with Voices.open({"en": JOE}, shelf.load, spare=Named("spare")) as voices:
        with pytest.raises(ModelError, match="amy"):
            await voices.become({"en": AMY, "zh": LI})
        assert await speakers(voices) == ["joe", "spare"]
        assert threads() == {"voice-joe"}


async def test_a_change_that_is_given_up_changes_nothing() -> None:
    shelf = Shelf()
    async with Voices.open({"en": JOE}, shelf.load, spare=Named("spare")) as voices:
        shelf.may_load.clear()
        changing = asyncio.create_task(voices.become({"en": AMY}))
        await asyncio.sleep(0.01)
        changing.cancel()
        await asyncio.wait((changing,))
        assert await speakers(voices) == ["joe", "spare"]
        assert threads() == {"voice-joe"}


async def test_what_is_to_be_said_before_the_voice_is_there_is_said_when_it_is() -> None:
    shelf = Shelf()
    async with Voices.coming({"en": JOE, "zh": LI}, shelf.load, spare=Named("spare")) as voices:
        speaking = asyncio.ensure_future(speakers(voices))
        changing = asyncio.ensure_future(voices.become({"en": AMY, "zh": LI}))
        await asyncio.sleep(0)
        assert not speaking.done()
        assert voices.chosen == {"en": JOE, "zh": LI}
        await voices.arrive()
        assert await speaking == ["joe", "li"]
        await changing
        assert await speakers(voices) == ["amy", "li"]
        assert sorted(shelf.loaded) == ["amy", "joe", "li"]
    assert threads() == set()


async def test_voices_that_are_not_loaded_before_the_end_leave_no_thread() -> None:
    shelf = Shelf()
    shelf.may_load.clear()
    async with Voices.coming({"en": JOE}, shelf.load, spare=Named("spare")) as voices:
        loading = asyncio.ensure_future(voices.arrive())
        await asyncio.sleep(0)
        loading.cancel()
        await asyncio.wait((loading,))
    assert threads() == set()
