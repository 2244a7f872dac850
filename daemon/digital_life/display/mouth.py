"""Read from the sound of a voice how its mouth moves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from digital_life.display.messages import Mouth

PER_SECOND: Final = 30
WINDOW_S = 0.042
"""Of sound that a shape is read from: the 33 ms it stands for and as much of both neighbours; so it lags nowhere."""

LOW = (200.0, 480.0)
"""Hz: where "ee" and "oo" are loudest (their first formant)."""
MIDDLE = (520.0, 1200.0)
"""Hz: where "ah" is loudest, and the second formant of "oo"."""
HIGH = (1700.0, 3300.0)
"""Hz: the second formant of "ee"."""
VOICE = (200.0, 3300.0)
"""Hz: what is louder above than within opens no mouth: it is an "s"."""
HISS = (4000.0, 8000.0)
BRIGHT = (700.0, 3300.0)
"""Hz: where the centre of what is heard follows the second formant, high in "ee", low in "oo"."""
CENTRE_HZ = 1450.0
"""Of a mouth that is neither round nor spread."""

SILENCE_DB = -52.0
"""Below full scale: quieter than any voice, however quiet it speaks."""
RANGE_DB = 26.0
"""Between a shut mouth and the loudest vowels of a voice."""
LOUD_SHARE = 80
"""Percent of the frames with a voice that are quieter than what counts as loud."""
USUAL_SLOPE_DB = -24.0
"""By how much the high band is above the louder of the two below it, in the mean over the voices that were measured."""
SLOPE_RANGE_DB = 11.0
"""From there to a mouth that is clearly spread or round."""
SETTLING_S = 4.0
"""Of speech until what is known of a voice has mostly given way to another one."""

BLOCK = 30
"""Frames at a time: a second of sound stays in the processor's cache, which halves the time."""

_Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shape:
    """Of the mouth, for 1/30 s."""

    open: float
    """0 shut, 1 wide open."""
    form: float
    """-1 round as in "oo", 1 spread as in "ee"."""


@dataclass(frozen=True, slots=True)
class _Voice:
    """What is usual in a voice."""

    loud_db: float
    slope_db: float
    """By how much its high band is above the louder of the two below it."""


@dataclass(frozen=True, slots=True)
class _Sound:
    """What is heard in each 1/30 s: decibels below full scale in each band."""

    voice: _Array
    low: _Array
    middle: _Array
    high: _Array
    hiss: _Array
    centre: _Array
    """Hz: the middle of what is bright."""

    @property
    def slope(self) -> _Array:
        return self.high - np.maximum(self.low, self.middle)


class Lips:
    """Reads one piece of speech after another; a quiet voice opens the mouth as well as a loud one."""

    def __init__(self) -> None:
        self._voice: _Voice | None = None

    def read(self, pcm: bytes, rate: int) -> tuple[Shape, ...]:
        """The shapes for each 1/30 s of 16-bit mono sound; the last may stand for less."""
        if not pcm:
            return ()
        sound = _heard(np.frombuffer(pcm, dtype="<i2"), rate)
        level = sound.voice
        voice = self._voice = self._settled(sound)
        loud = np.clip(1 + (level - voice.loud_db) / RANGE_DB, 0, 1) * (level > SILENCE_DB)
        # By how much "ah" is more open than "ee" and "oo" at the same loudness.
        wide = _rise(sound.middle - sound.low, middle=-5, width=5)
        hissing = _rise(sound.hiss - level, middle=0, width=3)
        opened = _smooth(loud * (0.36 + 0.72 * wide) * (1 - 0.85 * hissing))
        bright = 0.9 * np.log2(sound.centre / CENTRE_HZ) / 0.6
        steep = 0.5 * (sound.slope - voice.slope_db) / SLOPE_RANGE_DB
        # A jaw that hangs open neither spreads the lips nor rounds them much.
        form = np.tanh(bright + steep) * (1 - 0.5 * wide) * np.minimum(1, loud * 2)
        return tuple(
            Shape(open=round(float(each), 3), form=round(float(other), 3))
            for each, other in zip(np.clip(opened, 0, 1), np.clip(_smooth(form), -1, 1), strict=True)
        )

    def _settled(self, sound: _Sound) -> _Voice:
        """What is known of the voice after hearing more of it."""
        before = self._voice or _Voice(loud_db=-20.0, slope_db=USUAL_SLOPE_DB)
        speaks = (sound.voice > SILENCE_DB) & (sound.voice > sound.hiss)
        if not speaks.any():
            return before
        share = 1 - math.exp(-int(speaks.sum()) / (PER_SECOND * SETTLING_S))
        loud = float(np.percentile(sound.voice[speaks], LOUD_SHARE))
        slope = float(np.mean(sound.slope[speaks]))
        return _Voice(
            # The first piece tells the loudness at once; a single piece says less of which vowels are usual.
            loud_db=before.loud_db + (loud - before.loud_db) * (share if self._voice else 1),
            slope_db=before.slope_db + (slope - before.slope_db) * share * 0.5,
        )


def timed(shapes: tuple[Shape, ...], *, starts: float, turn: int | None = None) -> tuple[Mouth, ...]:
    """The messages for sound whose first sample is heard at `starts` (ms since 1970); the last one shuts the mouth."""
    step = 1000 / PER_SECOND
    ends = Shape(open=0, form=0)
    return tuple(
        Mouth(open=each.open, form=each.form, at=round(starts + (place + 0.5) * step), turn=turn)
        for place, each in enumerate((*shapes, ends))
    )


def _frames(sound: npt.NDArray[np.int16], rate: int) -> _Array:
    """One row of sound around the middle of each 1/30 s."""
    if rate <= 0:
        raise ValueError(rate)
    count = -(-len(sound) * PER_SECOND // rate)
    size = max(1, int(rate * WINDOW_S))
    padded = np.zeros(len(sound) + 2 * size, dtype=np.float32)
    padded[size : size + len(sound)] = sound
    padded /= 32768
    starts = ((np.arange(count) + 0.5) * rate / PER_SECOND - size / 2).astype(np.intp) + size
    windows = np.lib.stride_tricks.sliding_window_view(padded, size)[np.minimum(starts, len(padded) - size)]
    return windows * np.hanning(size).astype(np.float32)


def _heard(sound: npt.NDArray[np.int16], rate: int) -> _Sound:
    frames = _frames(sound, rate)
    size = frames.shape[1]
    fast = 1 << (size - 1).bit_length()
    weights = _weights(fast, rate)
    sums = [_power(frames[start : start + BLOCK], fast) @ weights for start in range(0, len(frames), BLOCK)]
    *bands, bright, centre = (np.concatenate(sums) + 1e-6).T
    # A full-scale sine is 0 dB.
    scale = 16 / (size * fast * 1.5)
    voice, low, middle, high, hiss = (10 * np.log10(each * scale + 1e-10) for each in bands)
    return _Sound(voice, low, middle, high, hiss, centre=np.exp2(centre / bright))


def _weights(size: int, rate: int) -> _Array:
    """By which the power of each frequency counts in each band, in what is bright and in its centre."""
    hertz = np.fft.rfftfreq(size, 1 / rate)
    bands = [(hertz >= low) & (hertz < high) for low, high in (VOICE, LOW, MIDDLE, HIGH, HISS, BRIGHT)]
    # What is twice as high is a quarter as strong in a voice; here all of it counts alike.
    bright = bands.pop() * (hertz / 1000) ** 2
    return np.stack([*bands, bright, bright * np.log2(np.maximum(hertz, 1))], axis=1).astype(np.float32)


def _power(frames: _Array, size: int) -> _Array:
    found = np.fft.rfft(frames, size, axis=1)
    return np.asarray(found.real**2 + found.imag**2, dtype=np.float32)


def _rise(value: _Array, *, middle: float, width: float) -> _Array:
    """From 0 to 1, a half at `middle`."""
    return np.asarray(1 / (1 + np.exp(-(value - middle) / width)), dtype=np.float32)


def _smooth(value: npt.NDArray[np.floating]) -> _Array:
    """Over the neighbours, the same before and behind: nothing comes later for it."""
    padded = np.pad(value, 1)
    return np.asarray(0.2 * padded[:-2] + 0.6 * padded[1:-1] + 0.2 * padded[2:], dtype=np.float32)
