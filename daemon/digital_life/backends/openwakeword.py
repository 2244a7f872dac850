"""Wake words by openwakeword's networks: mel spectrogram, speech embedding, one small head a word.

They are run here directly, as the package of that name does (`openwakeword.utils.AudioFeatures`, 0.6.0): it imports
scikit-learn for its training, 90 MB of memory and 1.2 s of every start, on a machine that has little of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from digital_life.backends.onnx import open_session
from digital_life.errors import ModelError
from digital_life.values import FRAME

OVERLAP = 480
"""Samples of the frame before that the mel spectrogram reads again: three steps of 10 ms."""
MEL_BANDS = 32
MEL_FRAMES = 76
"""Of 10 ms, that one embedding looks at."""
EMBEDDING = 96
EMBEDDINGS = 120
"""Kept, some 10 s; a head looks at 16 or a little more."""
SETTLING_FRAMES = 5
"""After a start the first scores mean nothing."""


class OpenWakeWord:
    """WakeWords over .onnx files. `features` holds melspectrogram.onnx and embedding_model.onnx."""

    def __init__(self, features: Path, words: Mapping[str, Path]) -> None:
        self._mel = open_session(features / "melspectrogram.onnx", threads=1)
        self._embed = open_session(features / "embedding_model.onnx", threads=1)
        self._heads = {phrase: _Head(path) for phrase, path in words.items()}
        self._settled = self._hear_noise()
        self.reset()

    def feed(self, pcm: bytes) -> dict[str, float]:
        self._hear(np.frombuffer(pcm, dtype=np.int16).astype(np.float32))
        self._frames += 1
        if self._frames <= SETTLING_FRAMES:
            return dict.fromkeys(self._heads, 0.0)
        return {phrase: head.score(self._embeddings) for phrase, head in self._heads.items()}

    def reset(self) -> None:
        self._frames = 0
        self._sound = np.zeros(OVERLAP, dtype=np.float32)
        self._mels: npt.NDArray[np.float32] = np.ones((MEL_FRAMES, MEL_BANDS), dtype=np.float32)
        self._embeddings: npt.NDArray[np.float32] = self._settled

    def _hear(self, sound: npt.NDArray[np.float32]) -> None:
        heard = np.concatenate((self._sound, sound))
        mel = self._mel.run(None, {"input": heard[None]})[0].reshape(-1, MEL_BANDS) / 10 + 2  # as it was trained
        self._mels = np.concatenate((self._mels, mel))[-MEL_FRAMES:]
        embedding = self._embed.run(None, {"input_1": self._mels[None, :, :, None]})[0].reshape(1, EMBEDDING)
        self._embeddings = np.concatenate((self._embeddings, embedding))[-EMBEDDINGS:]
        self._sound = sound[-OVERLAP:]

    def _hear_noise(self) -> npt.NDArray[np.float32]:
        """What the networks make of 4 s of noise: what a head sees before it has heard anything."""
        noise = np.random.default_rng(0).integers(-1000, 1000, 50 * FRAME).astype(np.float32)
        self._embeddings = np.zeros((0, EMBEDDING), dtype=np.float32)
        self._mels = np.ones((MEL_FRAMES, MEL_BANDS), dtype=np.float32)
        self._sound = np.zeros(OVERLAP, dtype=np.float32)
        for start in range(0, len(noise), FRAME):
            self._hear(noise[start : start + FRAME])
        return self._embeddings


class _Head:
    """One wake word's network."""

    def __init__(self, path: Path) -> None:
        self._session = open_session(path, threads=1)
        (given,) = self._session.get_inputs()
        if len(given.shape) != 3 or given.shape[2] != EMBEDDING:
            raise ModelError("model-foreign", path=path)
        self._input: str = given.name
        self._looks_at: int = given.shape[1]

    def score(self, embeddings: npt.NDArray[Any]) -> float:
        (score,) = self._session.run(None, {self._input: embeddings[None, -self._looks_at :]})
        return float(score.reshape(-1)[0])
