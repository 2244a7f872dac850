"""One voice a language, and another engine where one fails."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from digital_life.errors import ModelError
from digital_life.ports import TextToSpeech
from digital_life.values import Language, Speech

log = logging.getLogger(__name__)


class Voices:
    """TextToSpeech by the voice of the language; `spare` speaks for one that fails."""

    def __init__(self, by_language: Mapping[Language, TextToSpeech], *, spare: TextToSpeech) -> None:
        self._by_language = by_language
        self._spare = spare

    async def synthesize(self, text: str, language: Language) -> Speech:
        voice = self._by_language.get(language, self._spare)
        try:
            return await voice.synthesize(text, language)
        except ModelError as error:
            if voice is self._spare:
                raise
            log.warning("the voice for %s failed, another one speaks: %s", language, error)
            return await self._spare.synthesize(text, language)
