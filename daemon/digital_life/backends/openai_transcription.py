"""A recogniser of a server that speaks OpenAI's /audio/transcriptions: OpenAI itself, Speaches, whisper.cpp, vLLM."""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

import msgspec

from digital_life import config
from digital_life.backends.audio_server import AudioServer
from digital_life.backends.belief import believed
from digital_life.backends.encoded import wav_of
from digital_life.backends.transcribed import UNTOLD, transcript_of
from digital_life.errors import ModelError
from digital_life.malformed import WRITTEN
from digital_life.values import RATE, Language, Speech, Transcript, Utterance

FULL: Final = "verbose_json"
"""With the language and how sure it is."""
PLAIN: Final = "json"
"""The words alone, for models that refuse the other."""


class _Segment(msgspec.Struct):
    text: str = ""
    avg_logprob: float | None = None
    no_speech_prob: float = 0.0


class _Written(msgspec.Struct):
    text: str
    language: str | None = None
    segments: list[_Segment] | None = None


class OpenAiTranscription:
    """SpeechToText; `POST {address}/audio/transcriptions` with a form and a WAV file, answered by JSON.

    What Whisper itself takes for silence is not believed, where the server tells of it. An async context manager.
    """

    def __init__(self, settings: config.SpeechToText, languages: Sequence[Language]) -> None:
        self._settings = settings
        self._languages = tuple(languages)
        self._form = FULL
        server = settings.openai
        self._server = AudioServer(
            server.address,
            setting="speech_to_text.openai.address",
            timeout_s=server.timeout_s,
            key_file=server.key_file,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.__aexit__(kind, error, trace)

    async def greet(self) -> None:
        """Return when it answers. Raises ModelError."""
        self._form = FULL  # it may be another server
        await self._server.greet("/models")

    async def transcribe(self, utterance: Utterance, *, hint: str = "") -> Transcript | None:
        file = wav_of(Speech(utterance.pcm, RATE))
        try:
            body = await self._ask(file, hint)
        except ModelError as error:
            if error.key != "elsewhere-rejected" or self._form == PLAIN:
                raise
            self._form = PLAIN
            body = await self._ask(file, hint)
        return self.read(body)

    def read(self, body: bytes) -> Transcript | None:
        """What the server answered. Raises ModelError."""
        try:
            return self._understood(msgspec.json.decode(body, type=_Written))
        except WRITTEN as error:
            raise self._server.error("elsewhere-foreign") from error

    async def _ask(self, file: bytes, hint: str) -> bytes:
        form = {"model": self._settings.openai.model, "response_format": self._form, "temperature": "0"}
        if hint:
            form["prompt"] = hint
        if len(self._languages) == 1:
            form["language"] = self._languages[0]
        return await self._server.post("/audio/transcriptions", data=form, files={"file": ("speech.wav", file)})

    def _understood(self, written: _Written) -> Transcript | None:
        told = [each for each in written.segments or [] if each.avg_logprob is not None]
        if not told:
            return transcript_of(written.text, written.language, self._languages, confidence=UNTOLD)
        kept = [each for each in told if believed(each.no_speech_prob, each.avg_logprob or 0.0, self._settings)]
        if not kept:
            return None
        mean = sum(each.avg_logprob or 0.0 for each in kept) / len(kept)
        text = "".join(each.text for each in kept) if len(kept) < len(told) else written.text
        return transcript_of(text, written.language, self._languages, confidence=math.exp(min(0.0, mean)))
