"""Whether a turn is over, by its melody and pace: the Smart Turn network of pipecat."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Self

import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor

from digital_life.backends.onnx import open_session
from digital_life.backends.renewed import Renewed
from digital_life.errors import ModelError
from digital_life.values import RATE, Utterance
from digital_life.worker import Worker

LONGEST_S = 8
"""It looks at the last 8 s; what is shorter stands at their end."""
FRAMES = 100 * LONGEST_S
"""Of the spectrogram, 10 ms each."""
EPSILON = 1e-7
HANGS_S = 3.0
"""Longer it never takes: fifty times what it takes on two cores."""


class SmartTurn:
    """EndOfTurn; 55 ms of one core a time, whatever was said."""

    def __init__(self, loaded: Melody, load: Callable[[], Melody], worker: Worker) -> None:
        """One that hangs is left to its thread, and loaded anew by `load` on another."""
        self._melody = Renewed(loaded, load, worker, hangs="end-of-turn-hangs")

    @classmethod
    async def open(cls, path: Path, *, worker: Worker) -> Self:
        """Load it on the thread that owns it. Raises ModelError."""

        def load() -> Melody:
            return Melody(path)

        return cls(await worker.run(load), load, worker)

    async def is_over(self, utterance: Utterance) -> float:
        return await self._melody.run(lambda melody: melody.judge(utterance.pcm), most_s=HANGS_S)


class Melody:
    """The network. Blocking; owned by one thread."""

    def __init__(self, path: Path) -> None:
        self._session = open_session(path, threads=1)
        self._spectrogram = FeatureExtractor(chunk_length=LONGEST_S)

    def judge(self, pcm: bytes) -> float:
        """Probability that this was all that was to be said. Raises ModelError."""
        heard = np.frombuffer(pcm, dtype=np.int16)[-LONGEST_S * RATE :].astype(np.float32) / 32768
        sound = np.pad(heard, (LONGEST_S * RATE - len(heard), 0))
        sound = (sound - sound.mean()) / np.sqrt(sound.var() + EPSILON)
        features = self._spectrogram(sound, padding=0)[None, :, :FRAMES].astype(np.float32)
        try:
            (probability,) = self._session.run(None, {"input_features": features})
        except Exception as error:  # onnxruntime raises classes of its own, one a cause
            raise ModelError("end-of-turn-failed", cause=error) from error
        return float(probability.reshape(-1)[0])
