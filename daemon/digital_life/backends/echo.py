"""Our own voice taken out of what the microphone hears: WebRTC's echo canceller (AEC3), from livekit."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
import soxr
from livekit import rtc

from digital_life.values import FRAME, RATE, AudioFrame

if TYPE_CHECKING:
    import numpy.typing as npt

    from digital_life.ports import Microphone

STEP = RATE // 100
"""Samples that the canceller reads at a time, 10 ms."""
ECHO_LASTS_S = 0.6
"""A room is silent so long after the loudspeaker."""
KEPT_S = 2.0
"""Of what was played: a microphone that is later than that has lost it."""
JITTER_S = 0.04
"""Blocks come so much earlier or later than they should; the canceller wants even time."""
TIMED_FRAMES = 9
"""Whose middle time counts: on a busy machine each comes up to 80 ms earlier or later, and it would learn for ever."""
ADAPTING_S = 2.0
"""Of sound that the canceller needs to learn the room."""
AUDIBLE = 100
"""Mean level, of 32767, from which sound teaches it anything."""
QUIETER = 0.2
"""Share of the echo's loudness below which what is left of a frame is its rest: late reverberation, mostly."""
FORGETTING, FADING = 0.95, 0.7
"""Of that loudness, from frame to frame: while the loudspeaker is on, in its pauses too, and when it is silent."""
SMOOTHING = 0.02
"""Share of each block in the estimate of when the loudspeaker began."""


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    """Of its first sample, on the loudspeaker's time line of RATE samples a second."""
    sound: npt.NDArray[np.int16]


class Played:
    """What the loudspeaker played, on a time line of its own; shared with the thread of the sound card."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pieces: deque[_Piece] = deque()
        self._resample: soxr.ResampleStream | None = None
        self._counted = 0.0
        """Samples since the beginning, in silence too."""
        self._filled = 0
        """Position behind the last piece."""
        self._began: float | None = None
        """Monotonic seconds of the time line's first sample, as it is heard."""

    def add(self, block: npt.NDArray[np.int16], rate: int, heard_at: float) -> None:
        """A block that is heard from `heard_at` (monotonic seconds) on."""
        with self._lock:
            began = heard_at - self._counted / RATE
            self._began = began if self._began is None else self._began + SMOOTHING * (began - self._began)
            if block.any():
                if self._resample is None:
                    self._resample = soxr.ResampleStream(rate, RATE, 1, dtype="int16")
                    self._filled = int(self._counted)
                self._append(self._resample.resample_chunk(block))
            elif self._resample is not None:
                self._append(self._resample.resample_chunk(np.zeros(0, np.int16), last=True))
                self._resample = None
            self._counted += len(block) * RATE / rate

    def _append(self, sound: npt.NDArray[np.int16]) -> None:
        if len(sound):
            self._pieces.append(_Piece(self._filled, sound))
            self._filled += len(sound)
        while self._pieces and self._pieces[0].start < self._filled - KEPT_S * RATE:
            self._pieces.popleft()

    def position(self, at: float) -> int | None:
        """What was heard at a time; None before anything was."""
        with self._lock:
            return None if self._began is None else round((at - self._began) * RATE)

    def sound(self, start: int, length: int) -> npt.NDArray[np.int16]:
        """From a position on; silence where there was none."""
        out = np.zeros(length, np.int16)
        with self._lock:
            for piece in self._pieces:
                first, last = max(start, piece.start), min(start + length, piece.start + len(piece.sound))
                if first < last:
                    out[first - start : last - start] = piece.sound[first - piece.start : last - piece.start]
        return out

    def sounded(self, start: int) -> bool:
        """Whether the room may still hold sound that was played before a position."""
        with self._lock:
            return self._filled > 0 and self._filled + ECHO_LASTS_S * RATE > start


class EchoCanceller:
    """One for a microphone; its filter stays adapted from answer to answer."""

    def __init__(self, played: Played, *, delay_s: float = 0.0) -> None:
        """`delay_s`: how much later than the sound card says the microphone hears what is played."""
        self._played = played
        self._delay_s = delay_s
        # With its noise suppression the rest of our own voice is more like a voice, 86 windows of 1,400 against none.
        self._canceller = rtc.AudioProcessingModule(echo_cancellation=True, high_pass_filter=True)
        self._offset: int | None = None
        """Position of what was played less that of the frame that heard it."""
        self._offsets: deque[int] = deque(maxlen=TIMED_FRAMES)
        self._learnt_s = 0.0
        self._loudness = 0.0
        """Of the echo that the microphone heard lately."""

    def clean(self, frame: AudioFrame) -> AudioFrame:
        """The same frame without what the loudspeaker played; untouched while that is silent or still learnt.

        A canceller that does not know the room yet takes out other voices with our own.
        """
        heard = self._played.position(frame.captured - FRAME / RATE - self._delay_s)
        if heard is None or not self._played.sounded(heard):
            return replace(frame, echo_free=True)
        self._offsets.append(heard - frame.position)
        offset = round(median(self._offsets))
        if self._offset is None or abs(self._offset - offset) > JITTER_S * RATE:
            self._offset, self._learnt_s = offset, 0.0
        far = self._played.sound(frame.position + self._offset, FRAME)
        near = np.frombuffer(frame.pcm, dtype=np.int16)
        clean = b"".join(self._step(near[at : at + STEP], far[at : at + STEP]) for at in range(0, FRAME, STEP))
        left, on = _loudness(np.frombuffer(clean, dtype=np.int16)), bool(far.any())
        # Of the echo alone: who speaks loudly over it would otherwise lose their softer syllables.
        removed = max(0.0, _loudness(near) ** 2 - left**2) ** 0.5
        self._loudness = max(removed, (FORGETTING if on else FADING) * self._loudness)
        if self._learnt_s >= ADAPTING_S:
            other = left >= QUIETER * self._loudness
            return replace(frame, pcm=clean if other else bytes(len(clean)), echo_free=True)
        self._learnt_s += FRAME / RATE * (np.abs(far).mean() >= AUDIBLE)
        return frame

    def _step(self, near: npt.NDArray[np.int16], far: npt.NDArray[np.int16]) -> bytes:
        heard, played = _frame(near), _frame(far)
        self._canceller.process_reverse_stream(played)
        self._canceller.set_stream_delay_ms(0)
        self._canceller.process_stream(heard)
        return bytes(heard.data)


class CleanMicrophone:
    """A Microphone that does not hear our own loudspeaker."""

    def __init__(self, microphone: Microphone, canceller: EchoCanceller) -> None:
        self._microphone = microphone
        self._canceller = canceller

    async def frames(self) -> AsyncGenerator[AudioFrame]:
        async with aclosing(self._microphone.frames()) as frames:
            async for frame in frames:
                yield self._canceller.clean(frame)


def _loudness(sound: npt.NDArray[np.int16]) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(sound.astype(np.float32) ** 2)))


def _frame(sound: npt.NDArray[np.int16]) -> Any:
    return rtc.AudioFrame(bytearray(sound.tobytes()), RATE, 1, STEP)
