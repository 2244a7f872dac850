"""Decide from scores, frame by frame, that a wake word was said."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from digital_life import config
from digital_life.values import FRAME, RATE, WakeHeard

REFRACTORY_S = 1.5
"""A phrase scores high for half a second after its end; for so long it does not count again."""


def phrase_of(word: config.WakeWord) -> str:
    """The name a wake word is known by: that of its model, or of its file."""
    return PurePath(word.model).stem


class WakeWatch:
    """Counts frames in a row over each word's threshold."""

    def __init__(self, settings: config.Wake) -> None:
        self._settings = settings
        self._words = {phrase_of(word): word for word in settings.words}
        self._run = dict.fromkeys(self._words, 0)
        self._peak = dict.fromkeys(self._words, 0.0)
        self._rests_until = 0

    def feed(self, scores: Mapping[str, float], position: int, *, own_voice: bool) -> WakeHeard | None:
        """`scores` are those of the frame that begins at `position`; the best word that has been heard, if any."""
        heard = [phrase for phrase in self._words if self._counts(phrase, scores.get(phrase, 0.0), own_voice=own_voice)]
        ended = position + FRAME
        if not heard or position < self._rests_until:
            return None
        phrase = max(heard, key=lambda each: self._peak[each])
        self._rests_until = ended + int(REFRACTORY_S * RATE)
        return WakeHeard(phrase, self._peak[phrase], ended)

    def _counts(self, phrase: str, score: float, *, own_voice: bool) -> bool:
        word = self._words[phrase]
        threshold, frames = word.threshold, word.frames
        if own_voice:
            threshold = max(threshold, self._settings.own_voice_threshold)
            frames = max(frames, self._settings.own_voice_frames)
        over = score >= threshold
        self._run[phrase] = self._run[phrase] + 1 if over else 0
        self._peak[phrase] = max(self._peak[phrase], score) if over else 0.0
        return self._run[phrase] >= frames
