"""A voice by Kokoro-82M: Mandarin where there is no Piper voice for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from digital_life.backends.mandarin import load_dictionary, phonemes
from digital_life.backends.onnx import open_session
from digital_life.backends.renewed import Renewed
from digital_life.backends.silence import trimmed
from digital_life.errors import ModelError
from digital_life.values import Language, Speech
from digital_life.worker import Worker

RATE = 24_000
LONGEST = 110
"""Phonemes in one go, about 7 s: the network has places for 510, but keeps the memory its longest sentence took."""
BREAKS = ",.!?;:—…"
"""Phonemes after which there is a pause."""
VOICE = "jm_kumo"
"""Of the voices at hand the one whose Mandarin Whisper understands best; it has an accent."""
HANGS_S = 8.0
HANGS_S_A_CHARACTER = 1.0
"""Longer it never takes for so many characters of Chinese; two cores need a tenth of that."""

Style = npt.NDArray[np.float32]
"""Of a speaker: one row a length of what is said."""


class Kokoro:
    """TextToSpeech in Mandarin over a folder with kokoro.onnx, vocab.json and voices.npz."""

    def __init__(self, loaded: Network, load: Callable[[], Network], worker: Worker, *, speed: float) -> None:
        """One that hangs is left to its thread, and loaded anew by `load` on another."""
        self._network = Renewed(loaded, load, worker, hangs="voice-hangs")
        self._speed = speed

    @classmethod
    async def open(cls, folder: Path, *, worker: Worker, speed: float, threads: int) -> Self:
        """Load the network and the dictionary of Chinese and let it say a word. Raises ModelError."""

        def load() -> Network:
            return Network(folder, threads)

        voice = cls(await worker.run(load), load, worker, speed=speed)
        await voice.synthesize("好。", "zh")
        return voice

    async def synthesize(self, text: str, language: Language) -> Speech:
        del language  # it is asked for Chinese alone
        most_s = HANGS_S + HANGS_S_A_CHARACTER * len(text)
        return await self._network.run(lambda network: network.speak(text, self._speed), most_s=most_s)


class Network:
    """On the worker's thread: text to phonemes to sound, in any of the styles of its folder."""

    def __init__(self, folder: Path, threads: int) -> None:
        self._session = open_session(folder / "kokoro.onnx", threads=threads)
        try:
            self._ids: dict[str, int] = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))["vocab"]
            with np.load(folder / "voices.npz") as voices:
                self.styles = {name: voices[name].astype(np.float32) for name in voices.files}
            self._style = self.styles[VOICE]
        except (OSError, ValueError, KeyError) as error:
            raise ModelError("model-broken", path=folder, cause=error) from error
        load_dictionary()

    def speak(self, text: str, speed: float) -> Speech:
        return self.say(phonemes(text), speed, self._style)

    def say(self, said: str, speed: float, style: Style) -> Speech:
        """The phonemes `said`, of any language it has signs for."""
        sound = [self._say(part, speed, style) for part in _split(said)]
        joined = np.concatenate(sound) if sound else np.zeros(0, dtype=np.float32)
        pcm = (np.clip(joined, -1, 1) * 32767).astype(np.int16)
        return Speech(trimmed(pcm, RATE).tobytes(), RATE)

    def _say(self, part: str, speed: float, style: Style) -> npt.NDArray[np.float32]:
        ids = [self._ids[each] for each in part if each in self._ids]
        inputs = {
            "tokens": np.array([[0, *ids, 0]], dtype=np.int64),
            "style": style[len(ids)],  # trained with one style a length
            "speed": np.array([speed], dtype=np.float32),
        }
        try:
            sound: npt.NDArray[np.float32] = self._session.run(None, inputs)[0]
        except Exception as error:  # onnxruntime raises classes of its own
            raise ModelError("voice-failed", cause=str(error).split("\n", 1)[0]) from error
        return sound


def _split(said: str) -> Iterator[str]:
    """At pauses where there are any, into parts of at most LONGEST."""
    while said:
        part = said[:LONGEST]
        if len(said) > LONGEST:
            pause = max(part.rfind(each) for each in BREAKS)
            part = part[: pause + 1] or part
        yield part
        said = said[len(part) :]
