"""Sound as servers take it and give it: a WAV file in memory, or whatever else libsndfile reads."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
import soundfile

from digital_life.backends.silence import trimmed
from digital_life.backends.wavfile import promised_seconds
from digital_life.values import Speech

LONGEST_S = 300.0
"""Of one sentence, with much to spare: a few bytes of FLAC may hold hours of silence."""
RATES = range(4_000, 192_001)
UNTOLD = 0x7FFF0000
"""Bytes from which a WAV header promises more than anybody has: it was written before its length was known."""


class NoSoundError(Exception):
    """That is no sound, or not all of it."""


def wav_of(speech: Speech) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, np.frombuffer(speech.pcm, dtype=np.int16), speech.rate, format="WAV", subtype="PCM_16")
    return file.getvalue()


def speech_of(body: bytes) -> Speech:
    """Mono, the silence around it cut off, at its own rate. Raises NoSoundError."""
    try:
        with soundfile.SoundFile(io.BytesIO(body)) as file:
            if file.samplerate not in RATES or file.frames > LONGEST_S * file.samplerate:
                raise NoSoundError("its length or rate cannot be")
            sound = file.read(dtype="float32", always_2d=True)
            rate = file.samplerate
    except (soundfile.LibsndfileError, RuntimeError, ValueError) as error:
        raise NoSoundError("it cannot be read") from error
    promised = promised_seconds(io.BytesIO(body))
    if promised and promised < UNTOLD / rate and len(sound) / rate < promised - 1 / rate:
        raise NoSoundError("its end is missing")
    return trimmed_speech(np.nan_to_num(sound).mean(axis=1), rate)


def trimmed_speech(sound: npt.NDArray[np.float32], rate: int) -> Speech:
    """Mono `sound`, full scale at 1. Raises NoSoundError where nothing can be heard."""
    heard = trimmed((np.clip(sound, -1, 1) * 32767).astype(np.int16), rate)
    if not len(heard):
        raise NoSoundError("it is silent")
    return Speech(heard.tobytes(), rate)
