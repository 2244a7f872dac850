"""A recording as microphone, and WAV files as loudspeaker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from digital_life.backends.resample import at_rate
from digital_life.errors import RecordingError
from digital_life.ports import Clock
from digital_life.values import FRAME, RATE, WIDTH, AudioFrame, Speech

SILENCE_AFTER_S = 1.5
"""Heard after the recording, so that the end of its last words is found."""
BLOCK_S = 1.0
"""Read at a time: a recording of hours does not fit into the memory of a small machine."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A file that was found to be whole."""

    path: Path
    rate: int
    channels: int
    seconds: float


def open_recording(path: Path) -> Recording:
    """Look at `path`. Raises RecordingError: not there, no sound, empty, cut short."""
    if not path.is_file():
        raise RecordingError("recording-missing", path=path)
    if path.stat().st_size == 0:
        raise RecordingError("recording-empty", path=path)
    try:
        info = soundfile.info(str(path))
    except (soundfile.LibsndfileError, OSError) as error:
        raise RecordingError("recording-unreadable", path=path, cause=error) from error
    if info.frames == 0:
        raise RecordingError("recording-empty", path=path)
    with path.open("rb") as file:
        promised = promised_seconds(file)
    if promised is not None and info.duration < promised - 1 / info.samplerate:
        raise RecordingError("recording-cut", path=path, there=f"{info.duration:.1f}", promised=f"{promised:.1f}")
    if info.format == "FLAC" and not _ends(path, info.frames):
        raise RecordingError("recording-unreadable", path=path, cause="its end is missing")
    return Recording(path, info.samplerate, info.channels, info.duration)


def read(recording: Recording, rate: int) -> npt.NDArray[np.float32]:
    """All of a short recording, mono at `rate`, full scale at 1."""
    sound, _ = soundfile.read(str(recording.path), dtype="float32", always_2d=True)
    heard: npt.NDArray[np.float32] = soxr.resample(sound.mean(axis=1), recording.rate, rate)
    return heard


def _ends(path: Path, frames: int) -> bool:
    """Whether the last sample can be read: the header of a FLAC that was cut short still promises it."""
    try:
        with soundfile.SoundFile(str(path)) as file:
            file.seek(frames - 1)
            return len(file.read(1)) == 1
    except soundfile.LibsndfileError:
        return False


def promised_seconds(file: BinaryIO) -> float | None:
    """What a WAV header says of its length; libsndfile believes the file's size instead. None: it does not say."""
    if file.read(4) != b"RIFF":
        return None
    file.seek(12)
    bytes_a_second = 0
    while len(header := file.read(8)) == 8:
        name, length = header[:4], int.from_bytes(header[4:], "little")
        if name == b"fmt ":
            bytes_a_second = int.from_bytes(file.read(length)[8:12], "little")
        elif name == b"data":
            unknown = length in (0, 0xFFFFFFFF) or not bytes_a_second  # written to a pipe
            return None if unknown else length / bytes_a_second
        else:
            file.seek(length + length % 2, 1)
    return None


class WavMicrophone:
    """A Microphone that plays a recording, at the speed of sound or as fast as it is listened to.

    Not at the speed of sound, it waits for `ready` before each frame: nothing is missed while an answer is given.
    """

    def __init__(
        self, recording: Recording, *, clock: Clock, realtime: bool, ready: Callable[[], Awaitable[None]]
    ) -> None:
        self._recording = recording
        self._clock = clock
        self._realtime = realtime
        self._ready = ready

    async def frames(self) -> AsyncGenerator[AudioFrame]:
        began = self._clock.monotonic()
        position = 0
        for pcm in _frames(self._recording):
            if self._realtime:
                due = began + (position + FRAME) / RATE
                await self._clock.sleep(max(0.0, due - self._clock.monotonic()))
                captured = due
            else:
                await self._ready()
                captured = self._clock.monotonic()
            yield AudioFrame(pcm, position, captured)
            position += FRAME


def _frames(recording: Recording) -> Iterator[bytes]:
    """The recording as frames of 16 kHz mono, silence after it; the last frame is filled up."""
    waiting = np.zeros(0, dtype=np.float32)
    for block in _at_rate(recording):
        waiting = np.concatenate((waiting, block))
        while len(waiting) >= FRAME:
            yield _pcm(waiting[:FRAME])
            waiting = waiting[FRAME:]
    silence = np.zeros(FRAME * int(np.ceil(SILENCE_AFTER_S * RATE / FRAME)), dtype=np.float32)
    rest = np.concatenate((waiting, silence))
    for start in range(0, len(rest) - FRAME + 1, FRAME):
        yield _pcm(rest[start : start + FRAME])


def _at_rate(recording: Recording) -> Iterator[npt.NDArray[np.float32]]:
    resample = soxr.ResampleStream(recording.rate, RATE, 1, dtype="float32")
    try:
        for block in soundfile.blocks(
            str(recording.path), blocksize=int(BLOCK_S * recording.rate), dtype="float32", always_2d=True
        ):
            yield resample.resample_chunk(np.ascontiguousarray(block.mean(axis=1)), last=False)
    except soundfile.LibsndfileError as error:
        raise RecordingError("recording-unreadable", path=recording.path, cause=error) from error
    yield resample.resample_chunk(np.zeros(0, dtype=np.float32), last=True)


def _pcm(sound: npt.NDArray[np.float32]) -> bytes:
    return (np.clip(np.nan_to_num(sound), -1, 1) * 32767).astype(np.int16).tobytes()


class WavLoudspeaker:
    """A Loudspeaker whose sound goes into files: one from each `begin` to its `finish`, holding what was heard.

    At the speed of sound a play takes as long as it would aloud, and can be stopped; otherwise it takes no time.
    """

    def __init__(self, folder: Path | None, *, clock: Clock, realtime: bool) -> None:
        self._folder = folder
        self._clock = clock
        self._realtime = realtime
        self._name = ""
        self._heard: list[Speech] = []
        self._stopped = asyncio.Event()

    def begin(self, name: str) -> None:
        """What is played from now on belongs to the file `name`."""
        self._name = name
        self._heard = []

    def finish(self) -> Path | None:
        """Write the file, at the highest rate that was played; None without a folder or without a sound."""
        heard, self._heard = self._heard, []
        if self._folder is None or not heard:
            return None
        rate = max(speech.rate for speech in heard)
        path = self._folder / f"{self._name}.wav"
        self._folder.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, np.concatenate([at_rate(speech, rate) for speech in heard]), rate)
        return path

    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        if started:
            started()
        heard_s = await self._wait(speech.seconds) if self._realtime else speech.seconds
        samples = int(heard_s * speech.rate)
        self._heard.append(Speech(speech.pcm[: samples * WIDTH], speech.rate))
        return heard_s

    def stop(self) -> None:
        self._stopped.set()

    def turn(self, level: float) -> None:
        """Nobody hears a file being written, so nobody speaks over it."""

    async def _wait(self, seconds: float) -> float:
        """Until the sound is over or stopped; the seconds that passed."""
        self._stopped.clear()
        began = self._clock.monotonic()
        try:
            async with asyncio.timeout(seconds):
                await self._stopped.wait()
        except TimeoutError:
            return seconds
        return min(seconds, self._clock.monotonic() - began)
