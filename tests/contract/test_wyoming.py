"""The Wyoming server as the protocol's own library speaks to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import numpy as np
import pytest
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event
from wyoming.handle import Handled
from wyoming.info import Describe, Info
from wyoming.ping import Ping
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop, SynthesizeVoice
from wyoming.wake import Detect, Detection

from digital_life.values import FRAME, RATE
from digital_life.wyoming.requests import Voice
from fakes.offered import Client, Offered, Served, served

SECOND = bytes(2 * RATE)
WAKE_WORD = b"\x00\x40" * FRAME
"""What the fake wakes at."""


@pytest.fixture
async def it() -> AsyncGenerator[Served]:
    async with served() as serving:
        yield serving


async def send(client: Client, sound: bytes, *, rate: int = RATE, width: int = 2, channels: int = 1) -> None:
    await client.tell(AudioStart(rate=rate, width=width, channels=channels))
    for start in range(0, len(sound), 4096):
        await client.tell(AudioChunk(rate=rate, width=width, channels=channels, audio=sound[start : start + 4096]))
    await client.tell(AudioStop())


def text_of(events: list[Event]) -> str:
    """What the fake voice was given to speak."""
    chunks = [AudioChunk.from_event(each).audio for each in events if AudioChunk.is_type(each.type)]
    return "".join(map(chr, np.frombuffer(b"".join(chunks), dtype="<u2")))


async def test_it_tells_what_it_offers(it: Served) -> None:
    async with it.client() as client:
        await client.tell(Describe())
        info = Info.from_event((await client.until("info"))[-1])
    programs = (info.asr[0], info.tts[0], info.handle[0], info.wake[0])
    assert {each.name for each in programs} == {"digital-life"}
    assert [(voice.name, voice.languages) for voice in info.tts[0].voices] == [("amy", ["en"]), ("zf", ["zh"])]
    assert info.tts[0].supports_synthesize_streaming
    assert info.handle[0].supports_handled_streaming
    assert info.handle[0].supports_home_control
    assert info.handle[0].models[0].name == "Ada"
    assert [(word.name, word.phrase) for word in info.wake[0].models] == [("hey_ada", "Hey Ada")]


async def test_it_gives_a_ping_back(it: Served) -> None:
    async with it.client() as client:
        await client.tell(Ping(text="here?"))
        (pong,) = await client.until("pong")
    assert pong.data == {"text": "here?"}


@pytest.mark.parametrize(("rate", "width", "channels"), [(16_000, 2, 1), (48_000, 2, 2), (8_000, 1, 1), (44_100, 4, 2)])
async def test_it_writes_down_sound_of_any_format(it: Served, rate: int, width: int, channels: int) -> None:
    sound = (b"\x80" if width == 1 else b"\0") * (rate * width * channels * 2)
    async with it.client() as client:
        await client.tell(Transcribe(language="en"))
        await send(client, sound, rate=rate, width=width, channels=channels)
        event = (await client.until("transcript"))[-1]
    assert Transcript.from_event(event) == Transcript("2.00 seconds", language="en")
    assert not any(it.offered.heard[0])


async def test_silence_is_an_empty_transcript(it: Served) -> None:
    async with it.client() as client:
        await client.tell(Transcribe())
        await send(client, b"")
        event = (await client.until("transcript"))[-1]
    assert Transcript.from_event(event).text == ""


async def test_it_answers_with_the_context_whole_and_in_pieces(it: Served) -> None:
    context = {"conversation_id": "1", "satellite_id": "kitchen", "device_id": "x"}
    async with it.client() as client:
        await client.tell(Transcript("hello", context=context, language="en"))
        events = await client.until("handled-stop")
    assert [each.type for each in events] == [
        *("handled-start", "handled-chunk", "handled-chunk", "handled", "handled-stop"),
    ]
    assert Handled.from_event(events[-2]) == Handled("You said: hello", context=context)
    assert events[0].data == {"context": context}
    assert it.offered.said[0].talk == "1\nkitchen"


async def test_what_could_not_be_answered_is_said_to_be_so(it: Served) -> None:
    it.offered.failed = True
    async with it.client() as client:
        await client.tell(Transcript("hello"))
        (event,) = await client.until("not-handled")
    assert event.data == {"text": "You said: hello"}


async def test_what_it_is_is_told_while_it_thinks(it: Served) -> None:
    it.offered.held = asyncio.Event()
    async with it.client() as client, it.client() as other:
        await client.tell(Transcript("hello"))
        await it.offered.thinks.wait()
        for each in (client, other):
            await each.tell(Describe())
            await each.until("info")
        it.offered.held.set()
        await client.until("handled")


async def test_it_speaks_a_text_that_comes_whole(it: Served) -> None:
    async with it.client() as client:
        await client.tell(Synthesize(text="Good morning.", voice=SynthesizeVoice(name="amy")))
        events = await client.until("audio-stop")
    assert AudioStart.from_event(events[0]) == AudioStart(rate=22_050, width=2, channels=1)
    assert text_of(events) == "Good morning."
    assert it.offered.voices == [Voice(name="amy")]


async def test_it_speaks_a_text_while_it_comes_and_not_once_more_when_it_comes_whole(it: Served) -> None:
    async with it.client() as client:
        await client.tell(SynthesizeStart(voice=SynthesizeVoice(language="en")), SynthesizeChunk(text="Good "))
        events = await client.until("audio-chunk")
        await client.tell(SynthesizeChunk(text="morning."), Synthesize(text="Good morning."), SynthesizeStop())
        events += await client.until("synthesize-stopped")
        await client.tell(Ping())
        assert [each.type for each in await client.until("pong")] == ["pong"]
    assert text_of(events) == "Good morning."
    assert [each.type for each in events].count("audio-start") == 1
    assert it.offered.voices == [Voice(language="en")]


async def test_nothing_to_be_spoken_is_a_silence(it: Served) -> None:
    async with it.client() as client:
        await client.tell(Synthesize(text=""))
        events = await client.until("audio-stop")
    assert [each.type for each in events] == ["audio-start", "audio-stop"]


async def test_it_tells_of_a_wake_word_as_it_comes(it: Served) -> None:
    async with it.client() as client:
        await client.tell(Detect(), AudioStart(rate=RATE, width=2, channels=1))
        await client.tell(AudioChunk(rate=RATE, width=2, channels=1, audio=bytes(2 * FRAME) + WAKE_WORD))
        (event,) = await client.until("detection")
        assert Detection.from_event(event) == Detection("hey_ada", timestamp=160)
        assert it.offered.watched == 1
        await client.tell(AudioStop(), Ping())
        await client.until("pong")
        assert it.offered.watched == 0


async def test_other_wake_words_than_were_asked_for_do_not_count(it: Served) -> None:
    async with it.client() as client:
        await client.tell(Detect(names=["hey_bob"]))
        await send(client, WAKE_WORD)
        assert [each.type for each in await client.until("not-detected")] == ["not-detected"]


async def test_requests_of_one_client_are_answered_one_after_another() -> None:
    async with served(Offered()) as it, it.client() as client:
        await client.tell(Transcript("one"), Transcript("two"), Synthesize(text="three"))
        events = await client.until("audio-stop")
    assert [each.data["text"] for each in events if each.type == "handled"] == ["You said: one", "You said: two"]


async def test_a_model_that_fails_is_told_and_the_next_request_is_answered(it: Served) -> None:
    it.offered.broken = True
    async with it.client() as client:
        await client.tell(Transcribe())
        await send(client, SECOND)
        (event,) = await client.until("error")
        assert "it is broken" in event.data["text"]
        await client.tell(Transcript("hello"))
        await client.until("handled")
