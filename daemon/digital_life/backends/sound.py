"""Microphone and loudspeaker through PortAudio, at whatever rate the devices have."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import sounddevice
import soxr

from digital_life.backends.resample import at_rate
from digital_life.errors import SoundError
from digital_life.values import FRAME, RATE, WIDTH, AudioFrame, Speech
from digital_life.worker import Worker

log = logging.getLogger(__name__)

Device = str | int
"""A part of a device's name or its number; empty: the system's default."""

QUEUE_BLOCKS = 100
"""Blocks that wait for a late reader, some 8 s."""
BLOCK_S = 0.08
"""Of the microphone: one frame."""
SILENT_FOR_S = 3.0
"""A microphone that sends nothing for so long is lost; the first block may take 2 s."""
OUTPUT_BLOCK_S = 0.02
"""Of the loudspeaker: `stop` is heard after one of them, and the silence between costs little."""
OUTPUT_LATENCY_S = 0.06
FADE_S = 0.006
"""A sound that is stopped is faded, or it would click."""


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """What PortAudio says of a device."""

    index: int
    name: str
    inputs: int
    outputs: int
    rate: int
    default_input: bool
    default_output: bool


def list_devices() -> tuple[DeviceInfo, ...]:
    """All devices. Raises SoundError when PortAudio itself is missing or broken."""
    try:
        devices, defaults = sounddevice.query_devices(), sounddevice.default.device
    except sounddevice.PortAudioError as error:
        raise SoundError("sound-broken", cause=_cause(error)) from error
    return tuple(
        DeviceInfo(
            index=index,
            name=each["name"],
            inputs=each["max_input_channels"],
            outputs=each["max_output_channels"],
            rate=int(each["default_samplerate"]),
            default_input=index == defaults[0],
            default_output=index == defaults[1],
        )
        for index, each in enumerate(devices)
    )


class SoundSystem:
    """PortAudio itself, owned by one thread: streams are opened and closed there.

    PortAudio looks for devices when it begins, so one that was plugged in is found only after it began anew, and
    that closes every stream. `renew` therefore counts generations, by which a stream knows that it is dead.
    """

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self.generation = 0

    async def open(self, make: Callable[[], Any]) -> Any:
        """Make a stream and start it."""

        def work() -> Any:
            stream = make()
            stream.start()
            return stream

        return await self._worker.run(work)

    async def close(self, stream: Any) -> None:
        def work() -> None:
            with suppress(sounddevice.PortAudioError):  # its device may be gone
                stream.close(ignore_errors=True)

        await self._worker.run(work)

    async def devices(self) -> tuple[DeviceInfo, ...]:
        """All that were found when it last looked. Raises SoundError."""
        return await self._worker.run(list_devices)

    async def renew(self) -> None:
        """Look for devices again."""
        self.generation += 1

        def work() -> None:
            # PortAudio has no public way to look again; these are sounddevice's own names for it.
            sounddevice._terminate()  # noqa: SLF001
            sounddevice._initialize()  # noqa: SLF001

        await self._worker.run(work)


class SoundMicrophone:
    """A Microphone. Each call of `frames` opens the device and leaving it closes it."""

    def __init__(self, system: SoundSystem, device: Device, *, echo_free: bool = False) -> None:
        """`echo_free`: the system itself takes out what the loudspeaker plays."""
        self._system = system
        self._device = _device(device)
        self._echo_free = echo_free
        self._lost = False
        self._dropped = 0

    async def frames(self) -> AsyncGenerator[AudioFrame]:
        if self._lost:
            await self._system.renew()
        loop = asyncio.get_running_loop()
        blocks: asyncio.Queue[tuple[bytes, float] | None] = asyncio.Queue()
        try:
            stream, rate, channels = await self._open(loop, blocks)
        except (sounddevice.PortAudioError, ValueError) as error:
            self._lost = True
            raise SoundError("microphone-missing", device=self._name, cause=_cause(error)) from error
        try:
            async for frame in self._read(blocks, stream, rate, channels):
                yield frame
        finally:
            await self._system.close(stream)
            if self._dropped:
                log.warning("the machine was too slow: %d blocks of sound were never heard", self._dropped)
                self._dropped = 0

    @property
    def _name(self) -> str:
        return "default" if self._device is None else str(self._device)

    async def _open(
        self, loop: asyncio.AbstractEventLoop, blocks: asyncio.Queue[tuple[bytes, float] | None]
    ) -> tuple[Any, int, int]:
        info = sounddevice.query_devices(self._device, "input")
        rate, channels = int(info["default_samplerate"]), min(2, info["max_input_channels"])

        def take(block: bytes, captured: float) -> None:
            if blocks.qsize() >= QUEUE_BLOCKS:  # full: the oldest goes; late audio is worse than lost
                blocks.get_nowait()
                self._dropped += 1
            blocks.put_nowait((block, captured))

        def callback(indata: Any, _frames: int, _time: Any, _status: Any) -> None:
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(take, bytes(indata), time.monotonic())

        def finished() -> None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(blocks.put_nowait, None)

        stream = await self._system.open(
            lambda: sounddevice.RawInputStream(
                samplerate=rate,
                blocksize=int(rate * BLOCK_S),
                device=self._device,
                channels=channels,
                dtype="int16",
                latency="high",  # "low" brings the first block after 2 s instead of 0.15 s
                callback=callback,
                finished_callback=finished,
            )
        )
        return stream, rate, channels

    async def _read(
        self, blocks: asyncio.Queue[tuple[bytes, float] | None], stream: Any, rate: int, channels: int
    ) -> AsyncGenerator[AudioFrame]:
        framing = _Framing(rate, channels)
        position = 0
        generation = self._system.generation
        while True:
            try:
                async with asyncio.timeout(SILENT_FOR_S):
                    block = await blocks.get()
            except TimeoutError:
                block = None
            if block is None or generation != self._system.generation or not stream.active:
                self._lost = True
                raise SoundError("microphone-lost", device=self._name)
            self._lost = False
            for pcm in framing.feed(block[0]):
                yield AudioFrame(pcm, position, block[1], echo_free=self._echo_free)
                position += FRAME


class _Framing:
    """Blocks of any rate and number of channels to frames of 16 kHz mono."""

    def __init__(self, rate: int, channels: int) -> None:
        self._channels = channels
        self._resample = None if rate == RATE else soxr.ResampleStream(rate, RATE, 1, dtype="int16")
        self._waiting = b""

    def feed(self, block: bytes) -> list[bytes]:
        sound = np.frombuffer(block, dtype=np.int16)
        if self._channels > 1:
            sound = sound.reshape(-1, self._channels).mean(axis=1).astype(np.int16)
        if self._resample:
            sound = self._resample.resample_chunk(sound)
        self._waiting += sound.tobytes()
        size = FRAME * WIDTH
        whole = len(self._waiting) // size * size
        ready, self._waiting = self._waiting[:whole], self._waiting[whole:]
        return [ready[start : start + size] for start in range(0, whole, size)]


class _Track:
    """What the loudspeaker's callback plays; shared with PortAudio's thread, hence the lock."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._lock = threading.Lock()
        self._sound: npt.NDArray[np.int16] = np.zeros(0, dtype=np.int16)
        self._at = 0
        self._fading = False
        self._level = 1.0
        """How loud the last block was."""
        self.wanted = 1.0
        """How loud the next one is to be; at 0 the sound waits."""
        self._begun: Callable[[], None] | None = None
        self._ended: Callable[[], None] | None = None

    def play(self, sound: npt.NDArray[np.int16], begun: Callable[[], None] | None, ended: Callable[[], None]) -> None:
        with self._lock:
            self._sound, self._at, self._fading = sound, 0, False
            self._begun, self._ended = begun, ended

    def stop(self) -> None:
        """End within the next block."""
        with self._lock:
            self._fading = True

    @property
    def played(self) -> int:
        """Samples of the latest sound that were taken."""
        return self._at

    def fill(self, out: npt.NDArray[np.int16]) -> None:
        """On PortAudio's thread: the next block, silence where there is no sound."""
        with self._lock:
            level, self._level = self._level, self.wanted
            if not level and not self._level and not self._fading:
                out[:] = 0
                return
            block = self._sound[self._at : self._at + len(out)]
            out[: len(block)] = block
            out[len(block) :] = 0
            if level != 1.0 or self._level != 1.0:
                out[:] = (out * np.linspace(level, self._level, len(out))).astype(np.int16)
            begun, self._begun = (self._begun, None) if len(block) else (None, self._begun)
            self._at += len(block)
            over = self._at >= len(self._sound)
            if self._fading and not over:
                fade = min(len(block), int(FADE_S * self.rate))
                out[:fade] = (out[:fade] * np.linspace(1, 0, fade)).astype(np.int16)
                out[fade:] = 0
                self._at += fade - len(block)
                over = True
            ended, self._ended = (self._ended, None) if over else (None, self._ended)
            if over:
                self._sound = self._sound[: self._at]
        if begun:
            begun()
        if ended:
            ended()


class SoundLoudspeaker:
    """A Loudspeaker over one stream that stays open: opening one takes up to 3 s."""

    def __init__(
        self,
        system: SoundSystem,
        device: Device,
        *,
        heard: Callable[[npt.NDArray[np.int16], int, float], None] | None = None,
    ) -> None:
        """`heard` is told each block, its rate and when it is heard (monotonic seconds), on PortAudio's thread.

        The block is PortAudio's own: it is gone when `heard` returns.
        """
        self._system = system
        self._device = _device(device)
        self._heard = heard
        self._level = 1.0
        self._stream: Any = None
        self._track = _Track(RATE)
        self._generation = -1
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Open the device if it is there; if not, the first play tries again."""
        try:
            await self._open()
        except SoundError as error:
            log.warning("%s", error)
        return self

    async def __aexit__(self, *_exc: object) -> None:
        if self._stream:
            await self._system.close(self._stream)
            self._stream = None

    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        async with self._turn:  # an earcon and an answer, one after the other
            await self._open()
            loop = asyncio.get_running_loop()
            over = asyncio.Event()
            track = self._track
            sound = at_rate(speech, track.rate)
            track.play(
                sound,
                _on(loop, started) if started else None,
                _on(loop, over.set),
            )
            try:
                await self._played(track, over, len(sound))
            except TimeoutError as error:
                await self.__aexit__()
                raise SoundError("loudspeaker-lost", device=self._name) from error
            except asyncio.CancelledError:
                track.stop()
                raise
            return track.played / track.rate

    async def _played(self, track: _Track, over: asyncio.Event, samples: int) -> None:
        """Wait for the end. Raises TimeoutError when the device takes nothing though it should."""
        while not over.is_set():
            taken = track.played
            try:
                async with asyncio.timeout((samples - taken) / track.rate + SILENT_FOR_S):
                    await over.wait()
            except TimeoutError:
                if track.wanted and track.played == taken:
                    raise

    def stop(self) -> None:
        self._track.stop()

    def turn(self, level: float) -> None:
        self._level = self._track.wanted = level

    @property
    def _name(self) -> str:
        return "default" if self._device is None else str(self._device)

    async def _open(self) -> None:
        if self._stream and self._generation == self._system.generation and self._stream.active:
            return
        if self._stream and self._generation == self._system.generation:
            await self._system.close(self._stream)
        self._stream = None
        try:
            rate = int(sounddevice.query_devices(self._device, "output")["default_samplerate"])
            track = _Track(rate)
            track.wanted = self._level
            self._stream = await self._system.open(lambda: self._make(track))
        except (sounddevice.PortAudioError, ValueError) as error:
            raise SoundError("loudspeaker-missing", device=self._name, cause=_cause(error)) from error
        self._track, self._generation = track, self._system.generation

    def _make(self, track: _Track) -> Any:
        def callback(outdata: Any, _frames: int, _time: Any, _status: Any) -> None:
            block = np.frombuffer(outdata, dtype=np.int16)
            track.fill(block)
            if self._heard:
                self._heard(block, track.rate, time.monotonic() + OUTPUT_LATENCY_S)

        return sounddevice.RawOutputStream(
            samplerate=track.rate,
            blocksize=int(track.rate * OUTPUT_BLOCK_S),
            device=self._device,
            channels=1,
            dtype="int16",
            latency=OUTPUT_LATENCY_S,
            callback=callback,
        )


def _on(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> Callable[[], None]:
    """`call`, to be called from PortAudio's thread."""

    def from_thread() -> None:
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(call)

    return from_thread


def _device(device: Device) -> Device | None:
    """As sounddevice wants it."""
    return None if device == "" else device


def _cause(error: Exception) -> str:
    return str(error).split("\n", 1)[0]
