"""A voice of Fish Speech, by its own server (`tools/api_server.py`), as DigitalLife speaks with it."""

from __future__ import annotations

import asyncio
import base64
from types import TracebackType
from typing import Self

from digital_life import config
from digital_life.backends.audio_server import AudioServer
from digital_life.backends.encoded import NoSoundError, speech_of
from digital_life.backends.reference_voice import ReferenceVoice
from digital_life.values import Language, Speech


class Fish:
    """TextToSpeech; `POST {url}/v1/tts` with JSON, the recording in base64 beside the text, answered by a WAV file.

    It takes msgpack as well, which saves a quarter of the bytes and needs a library more. An async context manager.
    """

    def __init__(self, settings: config.FishVoice) -> None:
        self._settings = settings
        self._server = AudioServer(
            settings.url, setting="tts.fish.url", timeout_s=settings.timeout_s, key_file=settings.key_file
        )
        self._references: list[dict[str, str]] | None = None
        """None: not read since it was lost."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.__aexit__(kind, error, trace)

    async def greet(self) -> None:
        """Return when it answers. Raises ModelError."""
        self._references = None
        await self._read()
        await self._server.greet("/v1/health")

    async def synthesize(self, text: str, language: Language) -> Speech:
        del language  # it tells from the text
        references = await self._read()
        # What it has read of the recording it keeps in memory, by its content.
        asked = {"text": text, "references": references, "format": "wav", "use_memory_cache": "on"}
        body = await self._server.post("/v1/tts", json=asked)
        try:
            return speech_of(body)
        except NoSoundError as error:
            raise self._server.error("elsewhere-no-sound", cause=error) from error

    async def _read(self) -> list[dict[str, str]]:
        settings = self._settings
        if self._references is None and settings.reference:
            found = await asyncio.to_thread(
                ReferenceVoice.read, settings.reference, settings.reference_text, section="tts.fish"
            )
            self._references = [{"audio": base64.b64encode(found.sound).decode("ascii"), "text": found.text}]
        return self._references or []
