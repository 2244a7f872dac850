"""How far the mouth is from what a sound card plays, of the whole daemon with words of its own."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import aiohttp
import numpy as np
import numpy.typing as npt
from daemon_process import IDLE, SPEAKING, daemon
from mosquitto import free_port
from soundcard import RATE, SoundCard

from digital_life.display.messages import Mouth, from_json

QUESTIONS: Final = (
    "What is the capital of France?",
    "Why is the sky blue?",
    "Tell me something about the sea.",
    "What do bees do all day?",
    "How do I make tea?",
)
STEP_S: Final = 0.005
FARTHEST_S: Final = 0.4
"""The mouth is sought so far before and behind the sound."""
BLOCK: Final = 960
"""Bytes read at a time, 10 ms."""
Curve = npt.NDArray[np.float64]


@dataclass(slots=True)
class Heard:
    """What the sound card played: 48 kHz, signed 16-bit little-endian."""

    pcm: bytearray = field(default_factory=bytearray)
    began: float = float("inf")
    """Wall-clock seconds of the first sample: by the block that came soonest after it was played."""

    def add(self, block: bytes, now: float) -> None:
        self.pcm += block
        self.began = min(self.began, now - len(self.pcm) / (2 * RATE))

    def loudness(self, times: Curve) -> Curve:
        """Of the STEP_S behind each moment."""
        sound = np.frombuffer(bytes(self.pcm), dtype=np.int16).astype(np.float64)
        width = int(STEP_S * RATE)
        levels = np.sqrt(np.mean(sound[: len(sound) // width * width].reshape(-1, width) ** 2, axis=1))
        moments = self.began + STEP_S * np.arange(len(levels))
        return np.interp(times, moments, levels, left=0.0, right=0.0)


async def offsets() -> list[float]:
    """Milliseconds that the mouth is behind the sound, of each answer."""
    async with AsyncExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory())
        card = stack.enter_context(SoundCard())
        port = free_port()
        it = await stack.enter_async_context(
            daemon(card.environment, Path(home), f"web.port={port}", "audio.earcon=false", "conversation.follow_up_s=0")
        )
        mouths: list[Mouth] = []
        await it.until(IDLE)
        heard = await stack.enter_async_context(_recorded(card))
        await stack.enter_async_context(_displayed(port, mouths))
        found = []
        for question in QUESTIONS:
            line, began = len(it.lines), time.time()
            it.type(question)
            line = await it.until(SPEAKING, after=line)
            await it.until(IDLE, after=line)
            await asyncio.sleep(1.0)
            found.append(behind_ms(heard, [each for each in mouths if each.at / 1000 > began], began, time.time()))
        return found


def behind_ms(heard: Heard, mouths: list[Mouth], began: float, ended: float) -> float:
    """By how much the mouth must be moved to be most like the sound."""
    times = np.arange(began, ended, STEP_S)
    moments = np.array([each.at / 1000 for each in mouths])
    last = np.searchsorted(moments, times, side="right") - 1
    shapes = np.where(last >= 0, np.array([each.open for each in mouths])[np.maximum(last, 0)], 0.0)
    loud = np.sqrt(heard.loudness(times))
    steps = int(FARTHEST_S / STEP_S)
    alike = {
        n: float(np.dot(np.roll(shapes, -n) - shapes.mean(), loud - loud.mean())) for n in range(-steps, steps + 1)
    }
    return 1000 * STEP_S * max(alike, key=lambda n: alike[n])


@asynccontextmanager
async def _recorded(card: SoundCard) -> AsyncGenerator[Heard]:
    heard = Heard()
    recorder = await asyncio.create_subprocess_exec(
        *("parec", "--device=speaker.monitor", "--raw", f"--rate={RATE}", "--channels=1", "--latency-msec=10"),
        env=card.environment,
        stdout=asyncio.subprocess.PIPE,
    )

    async def read() -> None:
        while recorder.stdout and (block := await recorder.stdout.read(BLOCK)):
            heard.add(block, time.time())

    async with asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(read(), name="heard.read")
        try:
            yield heard
        finally:
            reading.cancel()
            recorder.kill()
            await recorder.wait()


@asynccontextmanager
async def _displayed(port: int, mouths: list[Mouth]) -> AsyncGenerator[None]:
    address = f"http://127.0.0.1:{port}"

    async def look(line: aiohttp.ClientWebSocketResponse) -> None:
        async for message in line:
            told = from_json(message.data)
            if isinstance(told, Mouth):
                mouths.append(told)

    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{address}/display/socket", headers={"Origin": address}) as line,
        asyncio.TaskGroup() as tasks,
    ):
        looking = tasks.create_task(look(line), name="heard.look")
        try:
            yield
        finally:
            looking.cancel()


if __name__ == "__main__":
    print(json.dumps({"behind_ms": asyncio.run(offsets()), "load": os.getloadavg()}))
