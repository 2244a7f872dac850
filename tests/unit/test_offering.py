"""What is put together for others over Wyoming: whose turn it is, in which voice, and which dialogue it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from digital_life import config, words
from digital_life.catalogue import Voice as Model
from digital_life.context import Context
from digital_life.errors import CrowdedError, WyomingError
from digital_life.hearing.wake import REFRACTORY_S
from digital_life.offering import STREAMS, offers_of, open_offering
from digital_life.values import FRAME, RATE, Language, Reply, Speech, Timings, Transcript, Turn, Utterance
from digital_life.window import Daemon
from digital_life.worker import Worker
from digital_life.wyoming.offers import Offers
from digital_life.wyoming.requests import Said, Voice
from digital_life.wyoming.visit import Found, visit
from fakes.clock import FakeClock
from fakes.hearing import FakeWakeWords, Heard
from fakes.mosquitto import free_port

RATES: dict[Language, int] = {"en": 8_000, "zh": 16_000}


class House:
    """A daemon, as far as others use it."""

    def __init__(self, home: Path, *changes: str) -> None:
        settings = config.load(None, ["wake.words=[{ model = 'hey_ada' }]", *changes])
        self.context = Context(settings, home, home, FakeClock(), words.load("en"), debug=False)
        self.free = asyncio.Event()
        self.free.set()
        self.spoken: list[tuple[str, Language]] = []
        self.asked: list[tuple[str, Language, str]] = []
        self.heard: list[Utterance] = []
        self.chosen = {each: Model("piper", home, f"voice-{each}") for each in ("en", "zh")}
        self.ears = Worker("ears")
        self.failed = False
        self.crowded = False

    @property
    def daemon(self) -> Daemon:
        parts = SimpleNamespace(
            stt=self,
            voice=self,
            speech=self,
            personas=SimpleNamespace(present=SimpleNamespace(name="Ada")),
            wake_words=FakeWakeWords([Heard(), *[Heard(wake=0.9)] * 20]),
            ears_worker=self.ears,
        )
        return cast("Daemon", SimpleNamespace(context=self.context, parts=parts, session=self, control=None))

    @property
    def offers(self) -> Offers:
        return offers_of(self.daemon)

    async def rested(self) -> None:
        await self.free.wait()

    async def transcribe(self, utterance: Utterance, *, hint: str = "") -> Transcript | None:
        del hint
        self.heard.append(utterance)
        return Transcript("hello", "en", 1.0)

    async def synthesize(self, text: str, language: Language) -> Speech:
        self.spoken.append((text, language))
        return Speech(b"\1\0" * RATES[language], RATES[language])

    async def ask(self, text: str, language: Language, *, talk: str = "", who: str) -> Turn:
        assert who == f"wyoming {talk}"
        if self.crowded:
            raise CrowdedError("crowded")
        self.asked.append((text, language, talk))
        timings = Timings(None, None, None, None, None)
        heard = Transcript(text, language, 1.0)
        return Turn(1, self.context.clock.now(), None, heard, Reply("One. Two."), timings, failed=self.failed)


class Loudspeaker:
    def __init__(self) -> None:
        self.played: list[Speech] = []

    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        if started:
            started()
        self.played.append(speech)
        return speech.seconds

    def stop(self) -> None: ...

    def turn(self, level: float) -> None: ...


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


async def pieces(*texts: str) -> AsyncGenerator[str]:
    for each in texts:
        yield each


async def spoken(house: House, *texts: str, voice: Voice | None = None) -> list[Speech]:
    loudspeaker = Loudspeaker()
    await house.offers.speak(pieces(*texts), voice or Voice(), loudspeaker)
    return loudspeaker.played


def test_what_there_is_is_described(house: House) -> None:
    described = house.offers.describe()
    assert described.persona == "Ada"
    assert described.voices == {"en": "voice-en", "zh": "voice-zh"}
    assert described.wake_words == {"hey_ada": "Hey Ada"}
    assert not described.controls


async def test_sound_is_written_down_as_one_utterance_when_the_room_is_quiet(house: House) -> None:
    house.free.clear()
    offers = house.offers
    hearing = asyncio.create_task(offers.transcribe(bytes(2 * RATE)))
    await asyncio.sleep(0.01)
    assert house.heard == []
    house.free.set()
    assert (await hearing) == Transcript("hello", "en", 1.0)
    assert (house.heard[0].seconds, house.heard[0].speech_ended) == (1.0, RATE)


async def test_no_sound_is_no_words(house: House) -> None:
    assert await house.offers.transcribe(b"") is None
    assert house.heard == []


async def test_each_sentence_is_spoken_as_it_is_complete(house: House) -> None:
    assert len(await spoken(house, "Good mor", "ning. How ", "are you?")) == 2
    assert house.spoken == [("Good morning.", "en"), ("How are you?", "en")]


@pytest.mark.parametrize(
    ("voice", "language"),
    [
        (Voice(), "en"),
        (Voice(name="voice-zh"), "zh"),
        (Voice(language="zh-CN"), "zh"),
        (Voice(name="nobody"), "en"),
        (Voice(name="nobody", language="zh"), "zh"),
    ],
)
async def test_who_names_a_voice_or_a_language_is_given_it(house: House, voice: Voice, language: Language) -> None:
    await spoken(house, "12", voice=voice)
    assert house.spoken[0][1] == language


async def test_else_the_text_tells_its_language(house: House) -> None:
    await spoken(house, " ", "早上好。")
    assert house.spoken == [("早上好。", "zh")]


async def test_all_of_one_request_has_one_rate(house: House) -> None:
    speech = await spoken(house, "Good morning. 早上好。")
    assert {each.rate for each in speech} == {RATES["en"]}
    assert [each.seconds for each in speech] == [1.0, 1.0]
    assert {each[1] for each in house.spoken} == {"en", "zh"}


async def test_nothing_is_spoken_of_nothing(house: House) -> None:
    assert await spoken(house, " ", "\n") == []
    assert await spoken(house) == []


async def test_what_is_said_is_asked_in_its_language_and_dialogue(house: House) -> None:
    offers = house.offers
    context = {"conversation_id": "1", "satellite_id": "kitchen"}
    answer = await offers.answer(Said("你好", language="en", context=context))
    await offers.answer(Said("12", language="zh-CN"))
    assert house.asked == [("你好", "zh", "1\nkitchen"), ("12", "zh", "")]
    assert answer.pieces == ("One. ", "Two.")
    assert not answer.failed


async def test_an_answer_that_is_none_is_told(house: House) -> None:
    house.failed = True
    assert (await house.offers.answer(Said("hello"))).failed


async def test_where_too_many_wait_the_sentence_that_says_so_is_no_answer(house: House) -> None:
    house.crowded = True
    answer = await house.offers.answer(Said("hello"))
    assert answer.failed
    assert "try again in a minute" in answer.pieces[0]


async def test_a_wake_word_is_told_once(house: House) -> None:
    async with house.ears:
        with house.offers.watch() as watch:
            found = [await watch.hear(number.to_bytes(2, "little") + bytes(2 * FRAME - 2)) for number in range(10)]
    assert found == [None, "hey_ada", *[None] * 8]
    assert REFRACTORY_S * RATE > 8 * FRAME


async def test_so_many_streams_are_searched_at_once(house: House) -> None:
    offers = house.offers
    watches = [offers.watch() for _ in range(STREAMS)]
    for each in watches:
        each.__enter__()
    with pytest.raises(WyomingError, match=f"{STREAMS} are being searched"):
        offers.watch().__enter__()
    watches[0].__exit__(None, None, None)
    with offers.watch():
        pass


async def test_it_is_offered_where_that_is_wanted(tmp_path: Path) -> None:
    port = free_port()
    for enabled, found in ((True, Found.OURS), (False, Found.FREE)):
        house = House(tmp_path, f"wyoming.enabled={str(enabled).lower()}", f"wyoming.port={port}")
        async with open_offering(house.daemon):
            assert await visit("127.0.0.1", port) is found


async def test_where_the_port_is_taken_the_talk_goes_on_and_the_log_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    house = House(tmp_path, "wyoming.enabled=true", f"wyoming.port={free_port()}")
    async with open_offering(house.daemon), open_offering(house.daemon):
        assert "choose another wyoming.port" in caplog.text
