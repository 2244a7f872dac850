"""A voice and a recogniser of this machine stand in within the turn, and give way when the server is found."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from digital_life.backends.reach import SHORTEST_S
from digital_life.backends.standby_recogniser import StandbyRecogniser
from digital_life.backends.standby_voice import StandbyVoice
from digital_life.backends.wyoming_tts import NO_VOICE
from digital_life.errors import ModelError
from digital_life.values import Language, Speech, Transcript, Utterance
from fakes.clock import HandClock

SOUND = Utterance(bytes(32_000), 0, 16_000, 16_000, 0.0)


@dataclass
class Part:
    """A voice and a recogniser of one machine."""

    name: str
    gone: bool = False
    lacks: Language | None = None
    asked: list[str] = field(default_factory=list)
    greetings: int = 0

    async def greet(self) -> None:
        self.greetings += 1
        self._fail()

    async def synthesize(self, text: str, language: Language) -> Speech:
        self.asked.append(text)
        self._fail()
        if language == self.lacks:
            raise ModelError(NO_VOICE, host="h", port=1, language=language)
        return Speech(self.name.encode(), 16_000)

    async def transcribe(self, utterance: Utterance, *, hint: str = "") -> Transcript | None:
        self.asked.append(hint)
        self._fail()
        return Transcript(self.name, "en", 1.0) if utterance.pcm else None

    def _fail(self) -> None:
        if self.gone:
            raise ModelError("wyoming-lost", host="h", port=1)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0)


async def test_a_sentence_that_the_server_does_not_speak_is_spoken_here() -> None:
    there, here, clock = Part("there"), Part("here"), HandClock()
    async with StandbyVoice.open(there, here, clock=clock) as voice:
        assert (await voice.synthesize("One.", "en")).pcm == b"there"
        there.gone = True
        assert (await voice.synthesize("Two.", "en")).pcm == b"here"
        assert (await voice.synthesize("Three.", "en")).pcm == b"here"
    assert there.asked == ["One.", "Two."]
    assert here.asked == ["Two.", "Three."]


async def test_the_server_speaks_again_once_it_is_found() -> None:
    there, here, clock = Part("there", gone=True), Part("here"), HandClock()
    async with StandbyVoice.open(there, here, clock=clock) as voice:
        await voice.synthesize("One.", "en")
        await asyncio.sleep(0)
        await clock.let_pass(SHORTEST_S)
        there.gone = False
        await clock.let_pass(2 * SHORTEST_S)
        await until(lambda: there.greetings == 2)
        assert (await voice.synthesize("Two.", "en")).pcm == b"there"


async def test_a_language_that_the_server_lacks_is_spoken_here_and_the_other_there() -> None:
    there, here = Part("there", lacks="zh"), Part("here")
    async with StandbyVoice.open(there, here, clock=HandClock()) as voice:
        assert (await voice.synthesize("你好。", "zh")).pcm == b"here"
        assert (await voice.synthesize("Hello.", "en")).pcm == b"there"


async def test_what_the_server_does_not_write_down_is_written_here() -> None:
    there, here = Part("there"), Part("here")
    async with StandbyRecogniser.open(there, here, clock=HandClock()) as stt:
        heard = [await stt.transcribe(SOUND, hint="Hey")]
        there.gone = True
        heard += [await stt.transcribe(SOUND, hint="Jarvis"), await stt.transcribe(SOUND)]
    assert [each.text for each in heard if each] == ["there", "here", "here"]
    assert here.asked == ["Jarvis", ""]


async def test_no_words_are_an_answer_too() -> None:
    there, here = Part("there"), Part("here")
    async with StandbyRecogniser.open(there, here, clock=HandClock()) as stt:
        assert await stt.transcribe(Utterance(b"", 0, 0, 0, 0.0)) is None
    assert not here.asked


async def test_cancelling_a_request_is_no_loss() -> None:
    started = asyncio.Event()

    class Slow(Part):
        async def transcribe(self, utterance: Utterance, *, hint: str = "") -> Transcript | None:
            if hint == "slow":
                started.set()
                await asyncio.sleep(60)
            return await super().transcribe(utterance, hint=hint)

    here = Part("here")
    async with StandbyRecogniser.open(Slow("there"), here, clock=HandClock()) as stt:
        task = asyncio.create_task(stt.transcribe(SOUND, hint="slow"))
        await started.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        heard = await stt.transcribe(SOUND)
    assert heard
    assert heard.text == "there"
