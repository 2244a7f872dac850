"""Decide from scores, frame by frame, that a wake word was said."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from digital_life import config
from digital_life.values import FRAME, RATE, WakeDoubted, WakeHeard, WakeMissed

REFRACTORY_S = 1.5
"""A phrase scores high for half a second after its end; for so long it does not count again."""
NEAR = 0.5
"""Share of its threshold from which something was nearly a wake word."""


ASKED = (2, 6)
"""Frames after the threshold was reached at which the recogniser is asked: the word is over by then, mostly; surely."""
Found = WakeHeard | WakeDoubted | WakeMissed


def phrase_of(word: config.WakeWord) -> str:
    """The name a wake word is known by: that of its model, or of its file."""
    return PurePath(word.model).stem


def written_of(word: config.WakeWord) -> str:
    """As a person writes it: "Hey Jarvis" for hey_jarvis."""
    return word.phrase or phrase_of(word).replace("_", " ").title()


class WakeWatch:
    """Counts frames in a row over each word's threshold."""

    def __init__(self, settings: config.Wake) -> None:
        self._settings = settings
        self._words: dict[str, _Word] = {}
        self.rest(0)

    def rest(self, until: int) -> None:
        """One was heard: up to that position nothing counts."""
        self._words = {phrase_of(word): _Word(word) for word in self._settings.words}
        self._rests_until = until

    def feed(self, scores: Mapping[str, float], position: int, *, own_voice: bool) -> Found | None:
        """`scores` are those of the frame that begins at `position`; the best word that was heard, or nearly."""
        if position < self._rests_until:
            return None
        ended = position + FRAME
        own = self._settings if own_voice else None
        judged = [word.feed(scores.get(phrase, 0.0), ended, own) for phrase, word in self._words.items()]
        found = max((each for each in judged if each), key=_rank, default=None)
        if isinstance(found, WakeHeard):
            self.rest(ended + int(REFRACTORY_S * RATE))
        return found


def _rank(found: Found) -> tuple[int, float]:
    if isinstance(found, WakeDoubted):
        return 1, found.wake.score
    return 2 if isinstance(found, WakeHeard) else 0, found.score


class _Word:
    """One wake word: how long its score has been high."""

    def __init__(self, word: config.WakeWord) -> None:
        self._word = word
        self._phrase = phrase_of(word)
        self._run = 0
        """Frames over the threshold."""
        self._peak = 0.0
        """The highest score since it was low."""
        self._since: int | None = None
        """Frames since the threshold was reached, while it is not certain."""
        self._done = False
        """Until the score is low again."""

    def feed(self, score: float, ended: int, own_voice: config.Wake | None) -> Found | None:
        """With its own voice in the room a word must be clearer and longer, and its words are not looked at."""
        needed, frames, sure = self._word.threshold, self._word.frames, max(self._word.sure, self._word.threshold)
        if self._word.sure == 0:
            sure = needed
        if own_voice:
            needed = sure = max(needed, own_voice.own_voice_threshold)
            frames = max(frames, own_voice.own_voice_frames)
        self._run = self._run + 1 if score >= needed else 0
        self._peak = max(self._peak, score if score >= NEAR * needed else 0.0)
        if self._run >= frames and self._since is None and not self._done:
            self._since = 0
        if self._since is not None:
            return self._decide(self._since, ended, needed, sure=self._peak >= sure)
        return self._over(ended, needed) if score < NEAR * needed else None

    def _decide(self, since: int, ended: int, needed: float, *, sure: bool) -> WakeHeard | WakeDoubted | None:
        wake = WakeHeard(self._phrase, self._peak, ended, needed)
        if sure:
            self._since, self._done = None, True
            return wake
        self._since = since + 1
        if since == ASKED[-1]:
            self._since, self._done = None, True
        return WakeDoubted(wake, at_once=since < ASKED[-1]) if since in ASKED else None

    def _over(self, ended: int, needed: float) -> WakeMissed | None:
        """It is quiet again."""
        peak, done, self._peak, self._done = self._peak, self._done, 0.0, False
        return WakeMissed(self._phrase, peak, ended, needed) if peak and not done else None
