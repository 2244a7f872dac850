"""What its own voice does to its ears: whether it takes it for somebody's, or for a wake word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec import structs

from digital_life import config
from digital_life.hearing.overhearing import Overhearing
from digital_life.hearing.wake import WakeWatch
from digital_life.ports import VoiceActivity, WakeWords
from digital_life.values import FRAME, AudioFrame, SpeechSustained, WakeHeard

CALLING = ((0.6, 1), (0.8, 2), (0.9, 3))
"""Threshold and frames of a wake word while it speaks, from the easiest on; the second is the usual one."""
NOISE_QUANTILE = 0.9
"""Of a voice's probability in the quiet room: a click is no noise."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What its ears make of the quiet room, and of itself."""

    room_voice: float
    """How like a voice the quiet room is, 0 to 1."""
    calling: tuple[float, int]
    """The easiest of CALLING at which its own voice is no wake word."""
    mistaken: int
    """So often it took its own voice for somebody's."""


def judge(
    quiet: Sequence[AudioFrame],
    own: Sequence[AudioFrame],
    *,
    wake_words: WakeWords,
    voice_activity: VoiceActivity,
    settings: config.Settings,
) -> Judged:
    """`own` is what the ears get while it speaks. To be called on the thread that owns both models."""
    probabilities = sorted(probability for frame in quiet for probability in voice_activity.feed(frame.pcm))
    overhearing, mistaken = Overhearing(settings.hearing, position=0), 0
    for frame in own:
        events = overhearing.feed(voice_activity.feed(frame.pcm)) if frame.echo_free else ()
        if any(isinstance(event, SpeechSustained) for event in events):
            overhearing, mistaken = Overhearing(settings.hearing, position=0), mistaken + 1
    return Judged(
        room_voice=probabilities[int(NOISE_QUANTILE * len(probabilities))] if probabilities else 0.0,
        calling=_calling([wake_words.feed(frame.pcm) for frame in own], settings.wake),
        mistaken=mistaken,
    )


def _calling(scores: Sequence[Mapping[str, float]], wake: config.Wake) -> tuple[float, int]:
    """The easiest at which these are no wake word; the hardest when they always are one."""
    for threshold, frames in CALLING:
        watch = WakeWatch(structs.replace(wake, own_voice_threshold=threshold, own_voice_frames=frames))
        found = [watch.feed(each, number * FRAME, own_voice=True) for number, each in enumerate(scores)]
        if not any(isinstance(each, WakeHeard) for each in found):
            return threshold, frames
    return CALLING[-1]
