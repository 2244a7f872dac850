"""A sweep that is played to hear a room, and what the microphone says the room made of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from digital_life.values import RATE, Speech

SWEEP_S = 1.0
LOWEST_HZ = 150.0
HIGHEST_HZ = 7_000.0
LOUDNESS = 0.25
"""Of full scale: as loud as speech, and no louder."""
FADE_S = 0.02
EARLIEST_S = -0.3
LATEST_S = 1.0
"""Where the echo is looked for, from when the sound card says that it is heard."""
BEGINS = 0.5
"""Share of the highest peak from which the room's answer begins: a reflection may be louder than the direct way."""
SPREAD_S = 0.005
"""A band-limited peak begins so long before itself."""
RINGS_S = 0.5
"""No living room answers longer."""
CLEAR = 100.0
"""Power of the peak over that of the noise around it; the highest of so many samples of noise is 20 times the mean."""
MEDIAN_OF_NOISE = 0.455
"""Median of the square of normal noise over its mean."""
QUIET_BAND = 1e-4
"""Share of the strongest band's power below which a band that was hardly played is left out."""
DECAYED = 0.01
"""-20 dB."""
FLOOR_DB = -96.0
"""Of 16 bits: silence."""
CLIPPED = 32_700
CLIPPED_SAMPLES = 8


@dataclass(frozen=True, slots=True)
class Echo:
    """What the microphone hears of the loudspeaker."""

    delay_s: float
    """After the moment at which the sound card said that it is heard; negative: before."""
    level_db: float
    """Louder than it was played."""
    decay_s: float
    """Until the room is 20 dB quieter."""


def sweep() -> Speech:
    """An octave takes as long as the next one: as many ears have it, more of the low sounds."""
    time = np.arange(int(SWEEP_S * RATE)) / RATE
    octaves = np.log(HIGHEST_HZ / LOWEST_HZ)
    phase = 2 * np.pi * LOWEST_HZ * SWEEP_S / octaves * np.expm1(time / SWEEP_S * octaves)
    fade = np.minimum(1.0, np.minimum(time, time[::-1]) / FADE_S)
    return Speech((np.sin(phase) * fade * LOUDNESS * 32767).astype(np.int16).tobytes(), RATE)


def find_echo(near: bytes, far: bytes) -> Echo | None:
    """What `near` heard of `far`, which was played meanwhile by the sound card's own time; None: nothing."""
    response, kept = _response(_samples(near), _samples(far))
    noise = float(np.median(response**2)) / MEDIAN_OF_NOISE
    peak = np.abs(response).max()
    if peak**2 <= CLEAR * noise or not peak:
        return None
    begins = int(np.argmax(np.abs(response) >= BEGINS * peak))
    ringing = response[max(0, begins - int(SPREAD_S * RATE)) : begins + int(RINGS_S * RATE)] ** 2 - noise
    left = ringing[::-1].cumsum()[::-1]
    return Echo(
        delay_s=EARLIEST_S + begins / RATE,
        level_db=10 * float(np.log10(max(left[0], peak**2) / kept)),
        decay_s=max(0.0, int(np.argmax(left <= DECAYED * left[0])) / RATE - SPREAD_S),
    )


def loudness_db(pcm: bytes) -> float:
    """Root mean square, under full scale."""
    power = float(np.mean((_samples(pcm) / 32768) ** 2)) if pcm else 0.0
    return max(FLOOR_DB, 10 * float(np.log10(power + 1e-12)))


def clips(pcm: bytes) -> bool:
    """Whether it was too loud for the microphone."""
    return int((np.abs(_samples(pcm)) >= CLIPPED).sum()) >= CLIPPED_SAMPLES


def _samples(pcm: bytes) -> npt.NDArray[np.float64]:
    return np.frombuffer(pcm, dtype=np.int16).astype(np.float64)


def _response(near: npt.NDArray[np.float64], far: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], float]:
    """What an impulse would have become, from EARLIEST_S to LATEST_S, and the power of that impulse."""
    early, late = int(-EARLIEST_S * RATE), int(LATEST_S * RATE)
    size = 1 << (len(near) + len(far) + early + late).bit_length()
    played = np.fft.rfft(far, size)
    power = np.abs(played) ** 2
    least = QUIET_BAND * power.max() + 1.0
    heard = np.fft.rfft(near, size)
    response = np.fft.irfft(heard * played.conj() / (power + least), size)
    kept = np.fft.irfft(power / (power + least), size)
    return np.roll(response, early)[: early + late], float((kept**2).sum())
