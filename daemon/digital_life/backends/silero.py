"""Voice activity by silero's network, from the file that faster-whisper carries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from faster_whisper.utils import get_assets_path

from digital_life.backends.onnx import open_session

WINDOW = 512
CONTEXT = 64
"""Samples of a probability, and of what came before it that is shown with it."""
STATE = 128


class Silero:
    """VoiceActivity; keeps its state from window to window."""

    def __init__(self) -> None:
        self._busy = False
        """Whether sound is being looked at; in `reset`: whether a thread hangs in the network, or it failed."""
        self._session = _load()
        self._waiting: npt.NDArray[np.float32]
        self.reset()

    def feed(self, pcm: bytes) -> tuple[float, ...]:
        self._busy = True
        sound = np.frombuffer(pcm, dtype=np.int16).astype(np.float32) / 32768
        self._waiting = np.concatenate((self._waiting, sound))
        probabilities = []
        while len(self._waiting) - CONTEXT >= WINDOW:
            probabilities.append(self._window(self._waiting[: CONTEXT + WINDOW]))
            self._waiting = self._waiting[WINDOW:]
        self._busy = False
        return tuple(probabilities)

    def reset(self) -> None:
        if self._busy:
            self._busy, self._session = False, _load()
        self._waiting = np.zeros(CONTEXT, dtype=np.float32)
        self._h = np.zeros((1, 1, STATE), dtype=np.float32)
        self._c = np.zeros((1, 1, STATE), dtype=np.float32)

    def _window(self, sound: npt.NDArray[np.float32]) -> float:
        probability, self._h, self._c = self._session.run(None, {"input": sound[None], "h": self._h, "c": self._c})
        return float(probability.reshape(-1)[0])


def _load() -> Any:
    return open_session(Path(get_assets_path()) / "silero_vad_v6.onnx", threads=1)
