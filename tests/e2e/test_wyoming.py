"""The installed daemon as others use it over Wyoming: it hears, speaks, wakes, answers and remembers."""

from __future__ import annotations

import asyncio
import difflib
import time
from contextlib import AsyncExitStack
from pathlib import Path

import numpy as np
import pytest
import soundfile
from daemon_process import IDLE, LISTENING, daemon, load, say
from soundcard import SoundCard
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.event import Event
from wyoming.handle import Handled
from wyoming.info import Describe, Info
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop, SynthesizeStopped
from wyoming.wake import Detect, Detection

from fakes.home_assistant import NoPython, home_assistant
from fakes.mosquitto import Mosquitto, free_port

RATE = 16_000
WAIT_S = 60.0


async def until(client: AsyncTcpClient, kind: str) -> tuple[Event, list[Event]]:
    """The first event of that kind, and what came before it."""
    before: list[Event] = []
    async with asyncio.timeout(WAIT_S):
        while event := await client.read_event():
            assert event.type != "error", event.data
            if event.type == kind:
                return event, before
            before.append(event)
    raise AssertionError(f"{kind} did not come, but {[each.type for each in before]}")


async def send(client: AsyncTcpClient, sound: bytes, *, rate: int, channels: int = 1) -> None:
    await client.write_event(AudioStart(rate=rate, width=2, channels=channels).event())
    for start in range(0, len(sound), 2048):
        chunk = sound[start : start + 2048]
        await client.write_event(AudioChunk(rate=rate, width=2, channels=channels, audio=chunk).event())
    await client.write_event(AudioStop().event())


async def transcribe(port: int, sound: bytes, *, rate: int, channels: int = 1) -> str:
    async with AsyncTcpClient("127.0.0.1", port) as client:
        await client.write_event(Transcribe(language="en").event())
        await send(client, sound, rate=rate, channels=channels)
        event, _ = await until(client, "transcript")
        return Transcript.from_event(event).text.lower()


def is_like(said: str, heard: str) -> bool:
    """But for a word that the smallest models take for another."""
    return difflib.SequenceMatcher(None, said.lower(), heard).ratio() > 0.8


async def describe(port: int) -> tuple[Info, float]:
    """And the seconds it took."""
    began = time.monotonic()
    async with AsyncTcpClient("127.0.0.1", port) as client:
        await client.write_event(Describe().event())
        event, _ = await until(client, "info")
    return Info.from_event(event), time.monotonic() - began


async def ask(port: int, text: str, *, conversation: str) -> str:
    async with AsyncTcpClient("127.0.0.1", port) as client:
        context = {"conversation_id": conversation, "satellite_id": "kitchen"}
        await client.write_event(Transcript(text, context=context, language="en").event())
        event, before = await until(client, "handled")
        handled = Handled.from_event(event)
        assert handled.context == context
        assert handled.text == "".join(each.data["text"] for each in before if each.type == "handled-chunk").strip()
        await until(client, "handled-stop")
        return handled.text or ""


async def spoken(port: int, *requests: Event, last: str) -> tuple[bytes, int]:
    """The sound, and its rate."""
    async with AsyncTcpClient("127.0.0.1", port) as client:
        for each in requests:
            await client.write_event(each)
        _, events = await until(client, last)
        chunks = [AudioChunk.from_event(each) for each in events if each.type == "audio-chunk"]
        return b"".join(each.audio for each in chunks), chunks[0].rate


def pcm(wav: Path, *, rate: int = RATE, channels: int = 1) -> bytes:
    sound = load(wav)
    assert rate % RATE == 0
    samples = np.repeat((sound * 32767).astype("<i2"), rate // RATE * channels)
    return samples.tobytes()


async def test_it_hears_speaks_wakes_and_answers_for_others(
    soundcard: SoundCard, data_dir: Path, tmp_path: Path
) -> None:
    port = free_port()
    settings = ("wyoming.enabled=true", f"wyoming.port={port}", "web.enabled=false")
    question = await asyncio.to_thread(say, "What is the capital of France?", tmp_path / "question.wav")
    async with daemon(soundcard.environment, tmp_path / "home", *settings) as it:
        await it.until(IDLE)
        info, _ = await describe(port)
        assert [len(each) for each in (info.asr, info.tts, info.handle, info.wake)] == [1, 1, 1, 1]
        assert {voice.languages[0] for voice in info.tts[0].voices} == {"en", "zh"}

        assert is_like("What is the capital of France?", await transcribe(port, pcm(question), rate=RATE))
        stereo = await transcribe(port, pcm(question, rate=48_000, channels=2), rate=48_000, channels=2)
        assert is_like("What is the capital of France?", stereo)

        whole = Synthesize(text="Dinner is ready in the kitchen.").event()
        sound, rate = await spoken(port, whole, last="audio-stop")
        assert is_like("Dinner is ready in the kitchen.", await transcribe(port, sound, rate=rate))
        pieces = [
            SynthesizeChunk(text=each).event() for each in ("The win", "dow is open. ", "The door is ", "closed.")
        ]
        stream = (SynthesizeStart().event(), *pieces, whole, SynthesizeStop().event())
        sound, rate = await spoken(port, *stream, last=SynthesizeStopped().event().type)
        heard = await transcribe(port, sound, rate=rate)
        assert is_like("The window is open. The door is closed.", heard)

        async with AsyncTcpClient("127.0.0.1", port) as client:
            await client.write_event(Detect(names=["hey_jarvis"]).event())
            await send(client, pcm(data_dir / "speech" / "hey_jarvis.wav") + bytes(RATE), rate=RATE)
            event, _ = await until(client, "detection")
            assert Detection.from_event(event).name == "hey_jarvis"

        await ask(port, "My cat is called Pumpernickel.", conversation="one")
        thinking = asyncio.ensure_future(ask(port, "What is my cat called?", conversation="one"))
        await asyncio.sleep(0.2)
        assert not thinking.done()
        _, took_s = await describe(port)
        assert took_s < 1
        assert "Pumpernickel" in await thinking
        assert it.has(LISTENING) is None, "nobody spoke in the room"
        assert await it.stop() < 5


async def test_home_assistant_hears_speaks_and_talks_with_it(soundcard: SoundCard, tmp_path: Path) -> None:
    port = free_port()
    settings = ("wyoming.enabled=true", f"wyoming.port={port}", "web.enabled=false")
    question = await asyncio.to_thread(say, "What is the capital of France?", tmp_path / "question.wav")
    asked = tmp_path / "asked.wav"
    soundfile.write(asked, load(question), RATE, subtype="PCM_16")
    async with AsyncExitStack() as stack:
        broker = stack.enter_context(Mosquitto())  # it is set up with one, and nothing here needs it
        try:
            it = await stack.enter_async_context(home_assistant(tmp_path / "peer", mqtt_port=broker.port))
        except NoPython as reason:
            pytest.skip(str(reason))
        companion = await stack.enter_async_context(daemon(soundcard.environment, tmp_path / "home", *settings))
        await companion.until(IDLE)
        await it.add_wyoming(port)
        for each in ("stt", "tts", "conversation", "wake_word"):
            await it.until(f"{each}.digital_life")

        heard = await it.transcribe(asked.read_bytes(), engine="stt.digital_life")
        assert is_like("What is the capital of France?", heard.lower())
        said = tmp_path / "said.wav"
        said.write_bytes(await it.speak("Dinner is ready in the kitchen.", engine="tts.digital_life"))
        assert is_like("Dinner is ready in the kitchen.", await transcribe(port, pcm(said), rate=RATE))

        agent = "conversation.digital_life"
        _, conversation = await it.converse("My cat is called Pumpernickel.", agent=agent)
        answer, same = await it.converse("What is my cat called?", agent=agent, conversation=conversation)
        assert "Pumpernickel" in answer
        assert same == conversation
        assert await companion.stop() < 5
