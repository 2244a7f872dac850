"""A voice of F5-TTS, by the server that DigitalLife speaks with (jianchang512/f5-tts-api)."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Final, Self

from digital_life import config
from digital_life.backends.audio_server import AudioServer
from digital_life.backends.encoded import NoSoundError, speech_of
from digital_life.backends.reference_voice import ReferenceVoice
from digital_life.values import Language, Speech

MODEL: Final = "f5-tts"


class F5:
    """TextToSpeech; `POST {url}` with the form ref_text, gen_text, model and the file audio, answered by a WAV file.

    The recording goes with every sentence: the server keeps none. An async context manager.
    """

    def __init__(self, settings: config.F5Voice) -> None:
        self._settings = settings
        self._server = AudioServer(settings.url, setting="tts.f5.url", timeout_s=settings.timeout_s)
        self._reference: ReferenceVoice | None = None
        """None: not read since it was lost."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.__aexit__(kind, error, trace)

    async def greet(self) -> None:
        """Return when it answers: it takes no GET there, and says so. Raises ModelError."""
        self._reference = None
        await self._read()
        await self._server.greet("")

    async def synthesize(self, text: str, language: Language) -> Speech:
        del language  # it tells from the text
        reference = await self._read()
        form = {"ref_text": reference.text, "gen_text": text, "model": MODEL}
        file = {"audio": ("reference.wav", reference.sound, "audio/wav")}
        body = await self._server.post("", data=form, files=file)
        try:
            return speech_of(body)
        except NoSoundError as error:
            raise self._server.error("elsewhere-no-sound", cause=error) from error

    async def _read(self) -> ReferenceVoice:
        settings = self._settings
        if self._reference is None:
            self._reference = await asyncio.to_thread(
                ReferenceVoice.read, settings.reference, settings.reference_text, section="tts.f5"
            )
        return self._reference
