"""A voice by Piper."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import numpy as np
from piper import PiperVoice, SynthesisConfig
from piper.config import PiperConfig
from piper.phonemize_espeak import ESPEAK_DATA_DIR

from digital_life.backends.onnx import open_session
from digital_life.backends.renewed import Renewed
from digital_life.backends.silence import trimmed
from digital_life.errors import ModelError
from digital_life.values import Language, Speech
from digital_life.worker import Worker

HANGS_S = 8.0
HANGS_S_A_CHARACTER = 0.05
"""Longer it never takes for so many characters: so much only a machine needs that does a lot else."""


class Piper:
    """TextToSpeech over the one .onnx voice in a folder, its .onnx.json beside it."""

    def __init__(self, loaded: Any, load: Callable[[], Any], worker: Worker, *, speed: float) -> None:
        """One that hangs is left to its thread, and loaded anew by `load` on another."""
        self._voice = Renewed(loaded, load, worker, hangs="voice-hangs")
        self._settings = SynthesisConfig(length_scale=loaded.config.length_scale / speed)

    @classmethod
    async def open(cls, folder: Path, *, worker: Worker, speed: float, threads: int) -> Self:
        """Load the voice and let it say a word, which makes the next one come sooner. Raises ModelError."""

        def again() -> PiperVoice:
            return load(folder, threads)

        voice = cls(await worker.run(again), again, worker, speed=speed)
        await voice.synthesize("Ah.", "en")
        return voice

    async def synthesize(self, text: str, language: Language) -> Speech:
        del language  # the voice has one
        most_s = HANGS_S + HANGS_S_A_CHARACTER * len(text)
        return await self._voice.run(lambda voice: self._synthesize(voice, text), most_s=most_s)

    def _synthesize(self, voice: Any, text: str) -> Speech:
        try:
            pieces = [each.audio_int16_array for each in voice.synthesize(text, self._settings)]
        except Exception as error:  # onnxruntime and espeak raise what they like
            raise ModelError("voice-failed", cause=str(error).split("\n", 1)[0]) from error
        rate = voice.config.sample_rate
        sound = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int16)
        return Speech(trimmed(sound, rate).tobytes(), rate)


def load(folder: Path, threads: int) -> PiperVoice:
    """The voice in `folder`. Raises ModelError."""
    path = next(iter(sorted(folder.glob("*.onnx"))), folder / "voice.onnx")
    session = open_session(path, threads=threads)
    try:
        config = PiperConfig.from_dict(json.loads(path.with_suffix(".onnx.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError) as error:
        raise ModelError("model-broken", path=path.with_suffix(".onnx.json"), cause=error) from error
    return PiperVoice(config=config, session=session, espeak_data_dir=Path(ESPEAK_DATA_DIR), download_dir=folder)
