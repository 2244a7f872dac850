"""A voice of a server that speaks OpenAI's /audio/speech: OpenAI itself, Speaches, Kokoro-FastAPI, openedai-speech."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from digital_life import config
from digital_life.backends.audio_server import AudioServer
from digital_life.backends.encoded import NoSoundError, speech_of
from digital_life.values import Language, Speech


class OpenAiSpeech:
    """TextToSpeech; `POST {address}/audio/speech` with JSON, answered by a WAV file. An async context manager."""

    def __init__(self, settings: config.OpenAiVoice, *, speed: float) -> None:
        self._settings = settings
        self._speed = speed
        self._server = AudioServer(
            settings.address, setting="tts.openai.address", timeout_s=settings.timeout_s, key_file=settings.key_file
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.__aexit__(kind, error, trace)

    async def greet(self) -> None:
        """Return when it answers. Raises ModelError."""
        await self._server.greet("/models")

    async def synthesize(self, text: str, language: Language) -> Speech:
        del language  # it tells from the text
        settings = self._settings
        asked = {"model": settings.model, "voice": settings.voice, "input": text, "response_format": "wav"}
        pace = {} if self._speed == 1 else {"speed": self._speed}  # some refuse keys that they do not know
        body = await self._server.post("/audio/speech", json={**asked, **pace})
        try:
            return speech_of(body)
        except NoSoundError as error:
            raise self._server.error("elsewhere-no-sound", cause=error) from error
