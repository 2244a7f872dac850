"""A part that listens, speaks or finds meanings never returns: it is left to its thread, and the talk goes on."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from digital_life.backends import kokoro, onnx, piper, punctual, smart_turn, whisper
from digital_life.backends.e5 import E5
from digital_life.backends.openwakeword import OpenWakeWord
from digital_life.backends.piper import Piper
from digital_life.backends.punctual import Punctual
from digital_life.backends.silero import Silero
from digital_life.backends.smart_turn import SmartTurn
from digital_life.backends.voices import Voices
from digital_life.backends.whisper import Reader, Whisper
from digital_life.catalogue import Voice
from digital_life.config import Hearing, Memory, SpeechToText, Wake, WakeWord
from digital_life.errors import MemoryFileError, ModelError, SoundError
from digital_life.hearing import listener
from digital_life.hearing.listener import Listener
from digital_life.memory.life import Life
from digital_life.memory.store import Store
from digital_life.ports import Embedder
from digital_life.values import (
    FRAME,
    RATE,
    EarsOpened,
    Language,
    Reply,
    Speech,
    Timings,
    Transcript,
    Turn,
    Utterance,
    WakeDoubted,
    WakeHeard,
)
from digital_life.worker import Worker
from fakes.clock import FakeClock
from fakes.ears import FakeSpeechToText
from fakes.embedder import FakeEmbedder
from fakes.hearing import FakeMicrophone, FakeVoiceActivity, FakeWakeWords, Heard
from fakes.model import FakeLanguageModel
from fakes.room import room

T = TypeVar("T")

OWN = os.environ.get("DIGITAL_LIFE_DEADLINES") == "own"
"""Whether each part is waited for as long as the daemon waits: then the time of a test is how soon it is back."""
MOST_S = 0.3
"""In place of each part's own deadline, which is ten times what it takes and more."""
SECOND = Utterance(b"\0\0" * RATE, 0, RATE, RATE, 0.0)


class Hang:
    """The first call of what it stands in for never returns until the test ends; the others are done."""

    def __init__(self) -> None:
        self._gate = threading.Event()
        self._first = True

    def then(self, call: Callable[..., T]) -> Callable[..., T]:
        def hanging(*arguments: object, **named: object) -> T:
            if self._first:
                self._first = False
                self._gate.wait()
            return call(*arguments, **named)

        return hanging

    def again(self) -> None:
        self._first = True

    def end(self) -> None:
        self._gate.set()


@pytest.fixture
def hang() -> Iterator[Hang]:
    it = Hang()
    yield it
    it.end()


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    if OWN:
        return
    for module in (whisper, kokoro, smart_turn):
        monkeypatch.setattr(module, "HANGS_S", MOST_S)
    monkeypatch.setattr(whisper, "HANGS_FACTOR", 0.0)
    monkeypatch.setattr(punctual, "QUERY_MOST_S", MOST_S)
    monkeypatch.setattr(punctual, "PASSAGE_MOST_S", MOST_S)
    monkeypatch.setattr(listener, "FRAME_MOST_S", MOST_S)


class Recogniser(Reader):
    """Hears the same in everything."""

    def __init__(self) -> None:
        """It has no model."""

    def transcribe(self, pcm: bytes, hint: str) -> Transcript | None:
        del pcm, hint
        return Transcript("What is the sea like?", "en", 0.9)


class Hears(FakeSpeechToText):
    """By a real adapter."""

    def __init__(self, adapter: Whisper) -> None:
        super().__init__()
        self._adapter = adapter

    async def transcribe(self, utterance: Utterance, *, hint: str = "") -> Transcript | None:
        return await self._adapter.transcribe(utterance, hint=hint)


async def test_a_recogniser_that_hangs_loses_no_word(hang: Hang, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Recogniser, "transcribe", hang.then(Recogniser.transcribe))
    loaded: list[Reader] = []

    def load() -> Reader:
        loaded.append(Recogniser())
        return loaded[-1]

    async with Worker("recogniser") as worker:
        stt = Hears(Whisper(await worker.run(load), load, worker))
        async with room(stt, FakeLanguageModel("It is blue.")) as it:
            it.ears.wake()
            it.ears.speak()
            async with asyncio.timeout(60):
                while not it.turns:
                    await asyncio.sleep(0.01)
        assert (it.turns[0].heard.text, it.turns[0].reply.said) == ("What is the sea like?", "It is blue.")
        assert (worker.restarts, len(loaded)) == (1, 2)


async def test_whoever_asks_a_recogniser_that_hung_with_what_nobody_wanted_any_more_is_answered(
    hang: Hang, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody went on speaking: the guess was dropped, and its thread hangs."""
    monkeypatch.setattr(Recogniser, "transcribe", hang.then(Recogniser.transcribe))
    async with Worker("recogniser") as worker:
        stt = Whisper(Recogniser(), Recogniser, worker)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await stt.transcribe(SECOND)
        with pytest.raises(ModelError, match="no sign of life"):
            await stt.transcribe(SECOND)
        assert await stt.transcribe(SECOND)


async def test_a_real_recogniser_is_loaded_anew_and_hears(
    models_dir: Path, hang: Hang, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Worker("recogniser") as worker:
        stt = await Whisper.open(
            models_dir / "whisper-tiny.en", worker=worker, settings=SpeechToText(threads=1), languages=("en",)
        )
        monkeypatch.setattr(Reader, "transcribe", hang.then(Reader.transcribe))
        with pytest.raises(ModelError, match="no sign of life"):
            await stt.transcribe(SECOND)
        monkeypatch.setattr(whisper, "HANGS_S", 30.0)
        assert await stt.transcribe(SECOND) is None


async def test_a_voice_that_hangs_is_stood_in_for_and_speaks_the_next_sentence(
    models_dir: Path, hang: Hang, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken: list[str] = []

    class Spare:
        async def synthesize(self, text: str, language: Language) -> Speech:
            del language
            spoken.append(text)
            return Speech(b"\0\0" * RATE, RATE)

    async def load(voice: Voice, worker: Worker) -> Piper:
        return await Piper.open(voice.folder, worker=worker, speed=1.0, threads=1)

    joe = Voice("piper", models_dir / "en_US-joe-medium", "en_US-joe-medium")
    async with Voices.open({"en": joe}, load, spare=Spare()) as voices:
        if not OWN:
            monkeypatch.setattr(piper, "HANGS_S", MOST_S)
            monkeypatch.setattr(piper, "HANGS_S_A_CHARACTER", 0.0)
        monkeypatch.setattr(onnx._Frugal, "run", hang.then(onnx._Frugal.run))
        assert (await voices.synthesize("Good morning.", "en")).rate == RATE
        monkeypatch.setattr(piper, "HANGS_S", 30.0)
        assert (await voices.synthesize("How are you?", "en")).rate == 22_050
    assert spoken == ["Good morning."]


async def test_a_judge_of_melody_that_hangs_is_done_without_and_loaded_anew(
    models_dir: Path, hang: Hang, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Worker("melody") as worker:
        melody = await SmartTurn.open(models_dir / "smart-turn-v3.2" / "smart-turn.onnx", worker=worker)
        monkeypatch.setattr(onnx._Frugal, "run", hang.then(onnx._Frugal.run))
        with pytest.raises(ModelError, match="no sign of life"):
            await melody.is_over(SECOND)
        monkeypatch.setattr(smart_turn, "HANGS_S", 30.0)
        assert 0.0 <= await melody.is_over(SECOND) <= 1.0


def ears(story: list[Heard], worker: Worker, wakes: FakeWakeWords | OpenWakeWord) -> Listener:
    return Listener(
        microphone=FakeMicrophone(story),
        wake_words=wakes,
        voice_activity=FakeVoiceActivity(story),
        worker=worker,
        wake=Wake(words=(WakeWord(model="hey_ada"),)),
        hearing=Hearing(),
        answer_wait_s=2.0,
    )


async def test_ears_that_hang_are_a_microphone_that_is_lost_and_hear_their_name_afterwards(
    hang: Hang, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = [*[Heard()] * 5, *[Heard(wake=0.99)] * 8, *[Heard()] * 60]
    async with Worker("ears") as worker:
        monkeypatch.setattr(FakeWakeWords, "feed", hang.then(FakeWakeWords.feed))
        listening = ears(story, worker, FakeWakeWords(story))
        with pytest.raises(SoundError, match="no sign of life"):
            assert [event async for event in listening.events()] == [EarsOpened(0)]
        events = [event async for event in listening.events()]
        assert any(isinstance(each, WakeHeard | WakeDoubted) for each in events)


async def test_real_networks_that_hang_are_loaded_anew_for_every_room(
    models_dir: Path, hang: Hang, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = [*[Heard()] * 5, *[Heard(voice=True)] * 8]
    async with Worker("ears") as worker:
        wakes = OpenWakeWord(
            models_dir / "openwakeword-features", {"hey_ada": models_dir / "hey_jarvis" / "hey_jarvis.onnx"}
        )
        here, beside = ears(story, worker, wakes), ears(story, worker, wakes.beside())
        hung = wakes._features
        monkeypatch.setattr(onnx._Frugal, "run", hang.then(onnx._Frugal.run))
        with pytest.raises(SoundError, match="no sign of life"):
            assert [event async for event in here.events()] == [EarsOpened(0)]
        monkeypatch.setattr(listener, "FRAME_MOST_S", 30.0)
        assert [event async for event in here.events()]
        assert [event async for event in beside.events()]
        assert wakes._features is not hung


def test_a_frame_that_hung_and_ends_after_all_changes_nothing(
    models_dir: Path, hang: Hang, monkeypatch: pytest.MonkeyPatch
) -> None:
    wakes = OpenWakeWord(models_dir / "openwakeword-features", {})
    monkeypatch.setattr(onnx._Frugal, "run", hang.then(onnx._Frugal.run))
    ended: list[BaseException] = []

    def hears() -> None:
        try:
            wakes.feed(b"\0\0" * FRAME)
        except ModelError as error:
            ended.append(error)

    thread = threading.Thread(target=hears)
    thread.start()
    while not wakes._busy:
        threading.Event().wait(0.001)
    wakes.reset()
    hang.end()
    thread.join()
    assert ended
    assert wakes._frames == 0


def test_a_voice_activity_that_hung_is_loaded_anew(hang: Hang, monkeypatch: pytest.MonkeyPatch) -> None:
    silero = Silero()
    with monkeypatch.context() as patch:
        patch.setattr(onnx._Frugal, "run", hang.then(onnx._Frugal.run))
        threading.Thread(target=lambda: silero.feed(b"\0\0" * FRAME), daemon=True).start()
        while not silero._busy:
            threading.Event().wait(0.001)
    before = silero._session
    silero.reset()
    assert silero._session is not before
    assert all(0.0 <= each <= 1.0 for each in silero.feed(b"\0\0" * FRAME))


def vectors(store: Store) -> int:
    tables = [name for (name,) in store.connection.execute("SELECT 'meaning_' || id FROM embedder")]
    ((count,),) = store.connection.execute(f"SELECT count(*) FROM {tables[0]}")  # noqa: S608
    return int(str(count))


async def test_an_embedder_that_hangs_is_recalled_without_and_what_it_missed_is_made_up_for(
    tmp_path: Path, hang: Hang, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FakeClock()

    async def tell(heard: str) -> int:
        clock.passed += 60
        return await life.remember(Turn(1, clock.now(), None, Transcript(heard, "en", 1.0), Reply("."), Timings()))

    def embedder() -> Embedder:
        return Punctual(FakeEmbedder)

    async with (
        Worker("memory") as worker,
        Life.open(tmp_path, worker=worker, embedder=embedder, clock=clock, settings=Memory()) as life,
    ):
        for heard in ("My cat is black.", "My dog is brown.", "I live in Leeds."):
            await tell(heard)
        monkeypatch.setattr(FakeEmbedder, "passage", hang.then(FakeEmbedder.passage))
        found = await life.search("What colour is my dog?")
        assert "dog" in found[0].text
        hang.again()
        assert await tell("My horse is white.") == 4
        assert await life.run(vectors) == 3
        await life.tidy()
        assert await life.run(vectors) == 4


def test_a_real_embedder_that_hangs_answers_in_time_and_is_loaded_anew(
    hang: Hang, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanings = Punctual(E5)
    before = meanings.query("Where is the dog?")
    monkeypatch.setattr(E5, "query", hang.then(E5.query))
    with pytest.raises(MemoryFileError, match="no sign of life"):
        meanings.query("Where is the cat?")
    monkeypatch.setattr(punctual, "QUERY_MOST_S", 30.0)  # the machine may be busy
    assert meanings.query("Where is the dog?") == before
