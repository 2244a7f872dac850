"""A voice of any Wyoming server that speaks: wyoming-piper, another Digital Life."""

from __future__ import annotations

from typing import Final

import numpy as np
from wyoming.event import Event
from wyoming.info import TtsVoice
from wyoming.tts import Synthesize, SynthesizeVoice

from digital_life import config
from digital_life.backends.conversion import Converted
from digital_life.backends.encoded import LONGEST_S, NoSoundError, trimmed_speech
from digital_life.backends.transcribed import language_named
from digital_life.backends.wyoming_client import WyomingClient, asked
from digital_life.errors import ModelError
from digital_life.values import WIDTH, Language, Speech
from digital_life.wire.events import wanted
from digital_life.wire.sound import Format

NO_VOICE: Final = "wyoming-no-voice"
"""Key of the error where it is there, but cannot speak this language."""


class WyomingTts:
    """TextToSpeech; one connection a sentence, as Home Assistant asks, its sound read as it is made."""

    def __init__(self, settings: config.WyomingVoice) -> None:
        self._settings = settings
        self._voices: tuple[TtsVoice, ...] | None = None
        """None: not asked since it was lost."""

    async def greet(self) -> None:
        """Return when it answers, and speaks. Raises ModelError."""
        self._voices = None
        await self._known()

    async def synthesize(self, text: str, language: Language) -> Speech:
        voice = await self._voice(language)
        try:
            async with asked(self._settings) as client:
                await client.send(Synthesize(text, voice=voice))
                return (await _sound(client)).speech()
        except NoSoundError as error:
            raise self._error("wyoming-no-sound") from error

    async def _voice(self, language: Language) -> SynthesizeVoice:
        """By name, or the server's own for `language`. Raises ModelError: also where none of them speaks that.

        All voices that wyoming-piper could load it lists as installed: the first one for a language need not be there.
        """
        name = self._settings.voice
        named = [each for each in await self._known() if name in ("", each.name)]
        if named and not any(language == language_named(code) for each in named for code in each.languages):
            raise self._error(NO_VOICE, language=language)
        return SynthesizeVoice(name=name) if name else SynthesizeVoice(language=language)

    async def _known(self) -> tuple[TtsVoice, ...]:
        if self._voices is None:
            async with asked(self._settings) as client:
                info = await client.describe(within_s=self._settings.timeout_s)
            if not info.tts:
                raise self._error("wyoming-no-tts")
            self._voices = tuple(voice for program in info.tts for voice in program.voices)
        return self._voices

    def _error(self, key: str, **values: object) -> ModelError:
        return ModelError(key, host=self._settings.host, port=self._settings.port, **values)


class _Sound:
    """What came so far, mono at the rate at which it began."""

    def __init__(self) -> None:
        self._format: Format | None = None
        self._converted: Converted | None = None
        self._pcm = bytearray()

    def take(self, event: Event) -> None:
        """Raises WyomingError, NoSoundError."""
        sound = wanted(event, Format)
        if self._converted is None:
            self._format = sound
            self._converted = Converted(rate=sound.rate, width=sound.width, channels=sound.channels, wanted=sound.rate)
        if sound != self._format:
            raise NoSoundError("its format changed")
        self._pcm += self._converted.feed(event.payload or b"")
        if len(self._pcm) > LONGEST_S * sound.rate * WIDTH:
            raise NoSoundError("it does not end")

    def speech(self) -> Speech:
        """Raises NoSoundError."""
        if self._format is None:
            raise NoSoundError("it is silent")
        sound = np.frombuffer(bytes(self._pcm), dtype=np.int16).astype(np.float32)
        return trimmed_speech(np.divide(sound, 32768, dtype=np.float32), self._format.rate)


async def _sound(client: WyomingClient) -> _Sound:
    """All of it. Raises WyomingError, NoSoundError."""
    sound = _Sound()
    async for event in client.events():
        if event.type in {"audio-start", "audio-chunk"}:
            sound.take(event)
        elif event.type == "audio-stop":
            break
    return sound
