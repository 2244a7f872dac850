"""Wake words by openwakeword: mel spectrogram, speech embedding, one small head a word."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from openwakeword.model import Model

from digital_life.errors import ModelError


class OpenWakeWord:
    """WakeWords over .onnx files. `features` holds melspectrogram.onnx and embedding_model.onnx."""

    def __init__(self, features: Path, words: Mapping[str, Path]) -> None:
        self._phrases = {path.stem: phrase for phrase, path in words.items()}
        try:
            self._model = Model(
                wakeword_models=[str(path) for path in words.values()],
                melspec_model_path=str(features / "melspectrogram.onnx"),
                embedding_model_path=str(features / "embedding_model.onnx"),
                inference_framework="onnx",
                ncpu=1,
            )
        except Exception as error:  # onnxruntime raises classes of its own, one a cause
            paths = ", ".join(map(str, words.values()))
            raise ModelError("model-broken", path=paths, cause=_first_line(error)) from error

    def feed(self, pcm: bytes) -> dict[str, float]:
        scores = self._model.predict(np.frombuffer(pcm, dtype=np.int16))
        return {self._phrases[name]: float(score) for name, score in scores.items() if name in self._phrases}

    def reset(self) -> None:
        self._model.reset()


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]
