"""Whose voice an utterance was said with, of those that were learnt."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from digital_life.errors import DigitalLifeError, PeopleError
from digital_life.people.voices import VoicePrint, recognise
from digital_life.values import Speaker

if TYPE_CHECKING:
    from digital_life.people.file import PeopleFile
    from digital_life.ports import SpeakerEmbedding
    from digital_life.values import Utterance
    from digital_life.worker import Worker

log = logging.getLogger(__name__)

LEAST_S = 0.5
"""Of voice: less is nobody's, whatever it is like."""
NOTHING = -1.0
"""Likeness where there was nothing to compare."""


class Recognition:
    """SpeakerRecogniser."""

    def __init__(self, embedding: SpeakerEmbedding, *, worker: Worker, file: PeopleFile, threshold: float) -> None:
        self._embedding = embedding
        self._worker = worker
        self._file = file
        self._threshold = threshold

    @property
    def model(self) -> str:
        """Of whose vectors the voices must be."""
        return self._embedding.name

    async def recognise(self, utterance: Utterance) -> Speaker:
        return await self._worker.run(lambda: self._heard(utterance.pcm))

    def _heard(self, pcm: bytes) -> Speaker:
        try:
            seconds = self._embedding.seconds(pcm)
            if seconds < LEAST_S:
                return Speaker("", NOTHING, seconds=seconds)
            embedding = self._embedding.embed(pcm)
        except DigitalLifeError as error:
            log.warning("whose voice it was cannot be told: %s", error)
            return Speaker("", NOTHING)
        found = recognise(embedding, self._known(), threshold=self._threshold)
        return Speaker(found.name, found.score, embedding, seconds)

    def _known(self) -> tuple[VoicePrint, ...]:
        try:
            return tuple(each for each in self._file.prints() if each.model == self.model)
        except PeopleError as error:
            log.warning("nobody's voice is known: %s", error)
            return ()
