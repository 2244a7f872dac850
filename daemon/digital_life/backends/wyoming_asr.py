"""A recogniser of any Wyoming server that writes down speech: wyoming-faster-whisper, another Digital Life."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
from wyoming.asr import Transcribe
from wyoming.audio import AudioChunk, AudioStart, AudioStop

from digital_life import config
from digital_life.backends.transcribed import transcript_of
from digital_life.backends.wyoming_client import asked
from digital_life.errors import ModelError
from digital_life.values import RATE, WIDTH, Language, Transcript, Utterance
from digital_life.wire.events import wanted

CHUNK_BYTES: Final = RATE * WIDTH
"""A second: sent as fast as it is taken."""


class _Written(msgspec.Struct):
    text: str
    language: str | None = None


class WyomingAsr:
    """SpeechToText; one connection an utterance, as Home Assistant asks. Hints it takes none."""

    def __init__(self, settings: config.WyomingTranscription, languages: Sequence[Language]) -> None:
        self._settings = settings
        self._languages = tuple(languages)

    async def greet(self) -> None:
        """Return when it answers, and writes down speech. Raises ModelError."""
        async with asked(self._settings) as client:
            info = await client.describe(within_s=self._settings.timeout_s)
        if not info.asr:
            raise ModelError("wyoming-no-asr", host=self._settings.host, port=self._settings.port)

    async def transcribe(self, utterance: Utterance, *, hint: str = "") -> Transcript | None:
        del hint
        only = self._languages[0] if len(self._languages) == 1 else None
        async with asked(self._settings) as client:
            await client.send(Transcribe(language=only), AudioStart(rate=RATE, width=WIDTH, channels=1))
            await client.send(*_chunks(utterance.pcm), AudioStop())
            written = wanted(await client.until("transcript"), _Written)
        return transcript_of(written.text, written.language, self._languages)


def _chunks(pcm: bytes) -> Iterator[AudioChunk]:
    for start in range(0, len(pcm), CHUNK_BYTES):
        yield AudioChunk(rate=RATE, width=WIDTH, channels=1, audio=pcm[start : start + CHUNK_BYTES])
