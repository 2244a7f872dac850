"""Cut sound into utterances by the probability of a voice; time is counted from the sound itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from digital_life import config
from digital_life.values import (
    RATE,
    WIDTH,
    HearingEvent,
    NothingSaid,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
    Utterance,
)

WINDOW = 512
"""Samples a probability is for, 32 ms: what silero reads at a time."""
START_WINDOWS = 2
"""Voiced windows in a row that begin speech; a click has one."""
END_MARGIN = 0.15
"""Once begun, speech goes on until the probability is so much below the threshold."""
ONE_BREATH_S = 0.3
"""Speech that begins this soon after the wake word is the same breath: it is kept from before the wake word on."""


class Segmenter:
    """Waits for one utterance.

    `position` is that of the first sample fed; `before` is the sound just ahead of it, which belongs to the
    utterance when speech begins within one breath (its transcript then holds the wake word too), or when it has
    `begun` already, at that position.
    """

    def __init__(
        self,
        settings: config.Hearing,
        *,
        position: int,
        wait_s: float,
        before: bytes = b"",
        begun: int | None = None,
    ) -> None:
        self._threshold = settings.voice_threshold
        self._pause = _samples(settings.pause_ms / 1000)
        self._silences = {
            None: _samples(settings.end_silence_ms / 1000),
            True: _samples(settings.finished_silence_ms / 1000),
            False: _samples(settings.unfinished_silence_ms / 1000),
        }
        """The silence that ends an utterance, by whether its sentence is finished."""
        self._finished: bool | None = None
        self._pre_roll = _samples(settings.pre_roll_ms / 1000)
        self._longest = _samples(settings.longest_s)
        self._wait = _samples(wait_s)
        self._opened = position
        self._sound = bytearray(before)
        self._sound_from = position - len(before) // WIDTH
        self._judged = position
        self._voiced_windows = 0
        self._begun = begun
        self._voice_ended = position
        self._paused = False
        self._captured = 0.0

    def feed(self, pcm: bytes, probabilities: Sequence[float], captured: float) -> Iterator[HearingEvent]:
        """Take sound and the probabilities of the windows it completes. Utterance and NothingSaid are last."""
        self._sound += pcm
        self._captured = captured
        for probability in probabilities:
            self._judged += WINDOW
            event = self._judge(probability)
            if event:
                yield event
            if isinstance(event, Utterance | NothingSaid):
                return

    def judge(self, speech_ended: int, *, finished: bool | None) -> None:
        """What was said up to `speech_ended` is a finished sentence, or not, or may be; until speech goes on."""
        if speech_ended == self._voice_ended:
            self._finished = finished

    def close(self) -> Utterance | None:
        """No more sound will come: what was being said is over."""
        return None if self._begun is None else self._utterance()

    def _judge(self, probability: float) -> HearingEvent | None:
        voiced = probability >= self._threshold - (END_MARGIN if self._begun is not None else 0.0)
        if self._begun is None:
            return self._wait_for_speech(voiced=voiced)
        if voiced:
            self._voice_ended, self._finished = self._judged, None
        if self._judged - self._begun >= self._longest:
            return self._utterance()
        if voiced and self._paused:
            self._paused = False
            return SpeechResumed(self._judged)
        silence = self._judged - self._voice_ended
        if silence >= self._silences[self._finished]:
            return self._utterance()
        if silence >= self._pause and not self._paused:
            self._paused = True
            return SpeechPaused(self._utterance())
        return None

    def _wait_for_speech(self, *, voiced: bool) -> HearingEvent | None:
        self._voiced_windows = self._voiced_windows + 1 if voiced else 0
        if self._voiced_windows >= START_WINDOWS:
            self._begun = self._judged - START_WINDOWS * WINDOW
            self._voice_ended = self._judged
            if self._begun - self._opened > _samples(ONE_BREATH_S):
                self._forget_before(max(self._begun - self._pre_roll, self._opened))
            return SpeechStarted(self._begun)
        if self._judged - self._opened >= self._wait:
            return NothingSaid(self._judged)
        return None

    def _forget_before(self, position: int) -> None:
        del self._sound[: (position - self._sound_from) * WIDTH]
        self._sound_from = position

    def _utterance(self) -> Utterance:
        """From the pre-roll to a pause after the last voice: the same sound whether it is guessed or decided."""
        until = min(self._voice_ended + self._pause, self._judged)
        pcm = bytes(self._sound[: (until - self._sound_from) * WIDTH])
        return Utterance(pcm, self._sound_from, self._voice_ended, self._judged, self._captured)


def _samples(seconds: float) -> int:
    return int(seconds * RATE)
