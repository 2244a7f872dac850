"""A room that is not there: its loudspeaker, its echo, and people who speak in it, as fast as they can be computed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import Any

import numpy as np
from scipy.signal import fftconvolve

from benches.material import Sound
from digital_life.values import FRAME, RATE, AudioFrame

BEGAN = 1000.0
"""Monotonic seconds when both devices were opened."""
LATENCY_S = 0.06
BLOCK = RATE // 50
HISS = 1e-4
"""Of the microphone, of full scale."""


class Air:
    """A Microphone in a room in which `own` is played; what is to be `said` is mixed in at its position."""

    def __init__(
        self,
        own: Sound,
        response: Sound,
        *,
        played: Callable[[Any, int, float], None],
        each_frame: Callable[[Air], None] | None = None,
    ) -> None:
        self._own = own
        self._each_frame = each_frame
        self._at = 0
        self._level = self.wanted = 1.0
        self._played = played
        self._response = response
        self._tail = np.zeros(FRAME + len(response), np.float32)
        self._late = np.zeros(int(LATENCY_S * RATE), np.float32)
        self._said = np.zeros(0, np.float32)
        self._noise = np.random.default_rng(0)
        self.position = 0

    def end(self) -> None:
        """No more frames."""
        self._at = len(self._own)

    def say(self, sound: Sound) -> None:
        """From the next frame on."""
        self._said = sound

    def louder(self, sound: Sound, decibels: float) -> Sound:
        """`sound`, so much louder than the echo that it meets."""
        own = self._own[self._at : self._at + len(sound)]
        echo: Sound = fftconvolve(own, self._response)[: len(own)]
        gain = np.sqrt((echo**2).mean() / (sound**2).mean()) * 10 ** (decibels / 20)
        louder: Sound = (sound * gain).astype(np.float32)
        return louder

    async def frames(self) -> AsyncGenerator[AudioFrame]:
        while self._at < len(self._own):
            if self._each_frame:
                self._each_frame(self)
            heard = self._echo(self._play())
            said, self._said = self._said[:FRAME], self._said[FRAME:]
            heard[: len(said)] += said
            heard += HISS * self._noise.standard_normal(FRAME).astype(np.float32)
            position, self.position = self.position, self.position + FRAME
            pcm = (np.clip(heard, -1, 1) * 32767).astype(np.int16).tobytes()
            yield AudioFrame(pcm, position, BEGAN + (position + FRAME) / RATE)

    def _play(self) -> Sound:
        """What the loudspeaker takes for the next frame."""
        level, self._level = self._level, self.wanted
        out = np.zeros(FRAME, np.float32)
        if level or self._level:
            block = self._own[self._at : self._at + FRAME]
            out[: len(block)] = block * np.linspace(level, self._level, len(block))
            self._at += FRAME
        pcm = (out * 32767).astype(np.int16)
        for start in range(0, FRAME, BLOCK):
            taken = BEGAN + (self.position + start) / RATE
            self._played(pcm[start : start + BLOCK], RATE, taken + LATENCY_S)
        return out

    def _echo(self, out: Sound) -> Sound:
        late = np.concatenate((self._late, out))
        self._late = late[FRAME:]
        size = FRAME + len(self._response)
        wet = np.fft.irfft(np.fft.rfft(late[:FRAME], size) * np.fft.rfft(self._response, size), size)
        self._tail[:size] += wet.astype(np.float32)
        heard = self._tail[:FRAME].copy()
        self._tail = np.concatenate((self._tail[FRAME:], np.zeros(FRAME, np.float32)))
        return heard
