"""Whether there was speech in what Whisper took for words: silence and noise come out as phrases of its training."""

from __future__ import annotations

from digital_life import config

HOPELESS = -1.3
"""Mean log probability of a token from which it was nothing, however sure Whisper is that there was speech.

Hiss that it took for words came out at -1.5 and less; the least of people's sentences, words and noisy speech at -0.7.
"""


def believed(no_speech: float, log_probability: float, settings: config.SpeechToText) -> bool:
    """`no_speech` is the probability of silence. Nothing is doubtful by one of both measures alone."""
    doubtful = log_probability < settings.log_probability_threshold
    return log_probability >= HOPELESS and not (doubtful and no_speech > settings.no_speech_threshold)
