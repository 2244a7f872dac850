"""Recogniser, ears and language model raise what they like, also for want of memory: the talk goes on."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import cast

import pytest

from digital_life import words
from digital_life.backends.engine import Engine
from digital_life.backends.llama_cpp import LlamaCpp
from digital_life.backends.openwakeword import OpenWakeWord
from digital_life.backends.whisper import Reader, Whisper
from digital_life.config import Hearing, Llm, SpeechToText, Wake, WakeWord
from digital_life.errors import ModelError, SoundError
from digital_life.hearing.listener import Listener
from digital_life.values import FRAME, Announced, Message, Role, State, Transcript, Utterance
from digital_life.worker import Worker
from fakes.ears import FakeSpeechToText
from fakes.hearing import FakeMicrophone, FakeVoiceActivity, FakeWakeWords, Heard
from fakes.model import FakeLanguageModel
from fakes.room import room

SOUND = Utterance(b"\0\0" * 16_000, 0, 16_000, 16_000, 0.0)


class Failing(FakeSpeechToText):
    """Raises so many times before it hears anything."""

    def __init__(self, *texts: str, times: int) -> None:
        super().__init__(*texts)
        self._times = times

    async def transcribe(self, utterance: Utterance, *, hint: str = "") -> Transcript | None:
        if self._times:
            self._times -= 1
            raise ModelError("recogniser-failed", cause="MemoryError")
        return await super().transcribe(utterance, hint=hint)


async def test_a_recogniser_that_raises_once_loses_no_word() -> None:
    async with room(Failing("What is the sea like?", times=1), FakeLanguageModel("It is blue.")) as it:
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: bool(it.turns))
    assert (it.turns[0].heard.text, it.turns[0].reply.said) == ("What is the sea like?", "It is blue.")


async def test_one_that_goes_on_raising_is_said_and_who_says_it_again_is_answered() -> None:
    async with room(Failing("What is the sea like?", times=2), FakeLanguageModel("It is blue.")) as it:
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: it.session.state is State.LISTENING and bool(it.loudspeaker.played))
        assert Announced(words.load("en").text("talk.unheard"), "en") in it.events
        it.ears.speak()
        await it.until(lambda: bool(it.turns))
    assert it.turns[0].reply.said == "It is blue."


async def test_whatever_the_recogniser_raises_is_told_as_our_own_error() -> None:
    class Exhausted:
        def feature_extractor(self, _sound: object) -> object:
            raise MemoryError

    async with Worker("recogniser") as worker:
        reader = Reader(Exhausted(), SpeechToText(), ("en",))
        whisper = Whisper(reader, lambda: reader, worker)
        with pytest.raises(ModelError, match="MemoryError"):
            await whisper.transcribe(SOUND)


async def test_ears_that_raise_are_a_microphone_that_is_lost_and_hear_again_afterwards() -> None:
    story = [*[Heard()] * 5, *[Heard(voice=True)] * 5]
    failing = [True]

    class Once(FakeWakeWords):
        def feed(self, pcm: bytes) -> dict[str, float]:
            if failing and failing.pop():
                raise RuntimeError("bad allocation")
            return super().feed(pcm)

    async with Worker("ears") as worker:
        listener = Listener(
            microphone=FakeMicrophone(story),
            wake_words=Once(story),
            voice_activity=FakeVoiceActivity(story),
            worker=worker,
            wake=Wake(words=(WakeWord(model="hey_ada"),)),
            hearing=Hearing(),
            answer_wait_s=2.0,
        )
        with pytest.raises(SoundError, match="RuntimeError"):
            assert [event async for event in listener.events()]
        assert [event async for event in listener.events()]


class Starved:
    """An engine for which there is no memory left, the first time."""

    template = "{% for each in messages %}{{ each.content }}{% endfor %}"
    marks = ("", "")
    controls = ()
    changed = False

    def __init__(self) -> None:
        self.asked = 0

    def tokenize(self, text: str, *, special: bool = False) -> list[int]:
        return [int(special)] * len(text)

    def use_adapters(self, scales: Mapping[str, float]) -> None:
        """It has none."""

    def answer(self, prompt: list[int], may_begin: Callable[[str], bool] | None) -> Iterator[str]:
        del prompt, may_begin
        yield from self._write()

    def compose(self, prompt: list[int], *, grammar: str, most: int, temperature: float) -> Iterator[str]:
        del prompt, grammar, most, temperature
        yield from self._write()

    def _write(self) -> Iterator[str]:
        self.asked += 1
        if self.asked == 1:
            raise MemoryError
        yield "It is blue."


@pytest.mark.parametrize("wish", ["talk", "diary"])
async def test_a_model_without_memory_fails_once_in_our_own_words(wish: str) -> None:
    messages = (Message(Role.USER, "What is the sea like?"),)
    async with Worker("model") as worker:
        engine = cast("Engine", Starved())
        model = LlamaCpp(lambda: engine, engine, worker, Llm())

        async def answer() -> str:
            if wish == "diary":
                return await model.compose(messages, grammar='root ::= "a"', tokens=9)
            return "".join([piece async for piece in model.reply(messages)])

        with pytest.raises(ModelError, match="MemoryError"):
            await answer()
        assert await answer() == "It is blue."


async def test_networks_whose_files_are_deleted_while_they_run_go_on(models_dir: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(next(models_dir.glob("*/melspectrogram.onnx")).parent, tmp_path / "features"))
    ears = OpenWakeWord(folder, {})
    shutil.rmtree(folder)
    assert ears.feed(b"\0\0" * FRAME) == {}
