"""Whether somebody speaks while it speaks itself: told from the voice left when its own was taken out."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from digital_life.hearing.segmenter import END_MARGIN, WINDOW
from digital_life.values import HearingEvent, NothingSaid, SpeechStarted, SpeechSustained

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from digital_life import config

STARTED = (3, 4)
"""Voiced windows among the last ones from which somebody may be speaking: 0.1 s."""
SUSTAINED = (8, 12)
"""The same of somebody who means it: 0.3 s of voice. The canceller lets through some of each word at first."""
OVER = 16
"""Windows without a voice after which it was nothing, 0.5 s."""


class Overhearing:
    """From the first window on; `position` is that of its first sample."""

    def __init__(self, settings: config.Hearing, *, position: int) -> None:
        self._threshold = settings.voice_threshold
        self._judged = position
        self._voiced: deque[bool] = deque(maxlen=SUSTAINED[1])
        self._silent = 0
        self.began: int | None = None
        """Position from which somebody speaks."""

    def feed(self, probabilities: Sequence[float]) -> Iterator[HearingEvent]:
        """SpeechStarted, then SpeechSustained or NothingSaid; then it may begin again."""
        for probability in probabilities:
            self._judged += WINDOW
            event = self._judge(probability)
            if event:
                yield event

    def _judge(self, probability: float) -> HearingEvent | None:
        voiced = probability >= self._threshold - (END_MARGIN if self.began is not None else 0.0)
        self._voiced.append(voiced)
        self._silent = 0 if voiced else self._silent + 1
        if self.began is None:
            count, among = STARTED
            if sum(list(self._voiced)[-among:]) >= count:
                self.began = self._judged - among * WINDOW
                return SpeechStarted(self.began)
        elif sum(self._voiced) >= SUSTAINED[0]:
            return SpeechSustained(self._judged)
        elif self._silent >= OVER:
            self.began = None
            return NothingSaid(self._judged)
        return None
