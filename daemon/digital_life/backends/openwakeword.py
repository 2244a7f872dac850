"""Wake words by openwakeword's networks: mel spectrogram, speech embedding, one small head a word.

They are run here directly, as the package of that name does (`openwakeword.utils.AudioFeatures`, 0.6.0): it imports
scikit-learn for its training, 90 MB of memory and 1.2 s of every start, on a machine that has little of both.
"""

from __future__ import annotations

import copy
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


class Features:
    """What the networks in `folder` hear in a stream: one embedding a frame of 80 ms."""

    def __init__(self, folder: Path) -> None:
        self._mel = open_session(folder / "melspectrogram.onnx", threads=1)
        self._embed = open_session(folder / "embedding_model.onnx", threads=1)
        self.reset()

    def reset(self) -> None:
        self._sound = np.zeros(OVERLAP, dtype=np.float32)
        self._mels: npt.NDArray[np.float32] = np.ones((MEL_FRAMES, MEL_BANDS), dtype=np.float32)

    def feed(self, pcm: npt.NDArray[np.int16]) -> npt.NDArray[np.float32]:
        """The embedding of the frame `pcm` and the second before it."""
        sound = pcm.astype(np.float32)
        heard = np.concatenate((self._sound, sound))
        mel = self._mel.run(None, {"input": heard[None]})[0].reshape(-1, MEL_BANDS) / 10 + 2  # as it was trained
        self._mels = np.concatenate((self._mels, mel))[-MEL_FRAMES:]
        self._sound = sound[-OVERLAP:]
        embedding: npt.NDArray[np.float32] = self._embed.run(None, {"input_1": self._mels[None, :, :, None]})[0]
        return embedding.reshape(1, EMBEDDING)

    def of(self, pcm: npt.NDArray[np.int16]) -> npt.NDArray[np.float32]:
        """The embeddings of a whole recording.

        Frame by frame, too: the loudest sound of what the mel network is given decides what it takes for silence.
        """
        self.reset()
        frames = [self.feed(pcm[start : start + FRAME]) for start in range(0, len(pcm) - FRAME + 1, FRAME)]
        return np.concatenate(frames) if frames else np.zeros((0, EMBEDDING), dtype=np.float32)


class OpenWakeWord:
    """WakeWords over .onnx files. `features` holds melspectrogram.onnx and embedding_model.onnx."""

    def __init__(self, features: Path, words: Mapping[str, Path]) -> None:
        self._files = features, words
        self._busy = False
        """Whether a frame is being looked at; in `reset`: whether a thread hangs in the networks, or they failed."""
        self._load()

    def _load(self) -> None:
        features, words = self._files
        self._features = Features(features)
        self._heads = {phrase: _Head(path) for phrase, path in words.items()}
        self._settled = self._embeddings = self._hear_noise()
        self._begin()

    def beside(self) -> OpenWakeWord:
        """For another stream of sound, by the same networks."""
        other = copy.copy(self)
        other._busy = False  # noqa: SLF001 - its own
        other._features = copy.copy(self._features)  # noqa: SLF001 - its own
        other.reset()
        return other

    def feed(self, pcm: bytes) -> dict[str, float]:
        """One that hung and ends after all, when `reset` has loaded others, touches nothing of theirs."""
        features, self._busy = self._features, True
        embedding = features.feed(np.frombuffer(pcm, dtype=np.int16))
        if features is not self._features:
            raise ModelError("ears-failed", cause="late")
        scores = self._scores(embedding)
        self._busy = False
        return scores

    def _scores(self, embedding: npt.NDArray[np.float32]) -> dict[str, float]:
        self._embeddings = np.concatenate((self._embeddings, embedding))[-EMBEDDINGS:]
        self._frames += 1
        if self._frames <= SETTLING_FRAMES:
            return dict.fromkeys(self._heads, 0.0)
        return {phrase: head.score(self._embeddings) for phrase, head in self._heads.items()}

    def reset(self) -> None:
        if self._busy:
            self._busy = False
            self._load()
        self._begin()

    def _begin(self) -> None:
        self._frames = 0
        self._features.reset()
        self._embeddings = self._settled

    def _hear_noise(self) -> npt.NDArray[np.float32]:
        """What the networks make of 4 s of noise: what a head sees before it has heard anything."""
        noise = np.random.default_rng(0).integers(-1000, 1000, 50 * FRAME).astype(np.int16)
        return self._features.of(noise)


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
