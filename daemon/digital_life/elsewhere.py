"""Which voices, recognisers and wake words on other machines the settings name."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

from digital_life import config
from digital_life.backends.f5 import F5
from digital_life.backends.fish import Fish
from digital_life.backends.openai_speech import OpenAiSpeech
from digital_life.backends.openai_transcription import OpenAiTranscription
from digital_life.backends.standby_recogniser import RemoteRecogniser
from digital_life.backends.standby_voice import RemoteVoice
from digital_life.backends.wyoming_asr import WyomingAsr
from digital_life.backends.wyoming_tts import WyomingTts
from digital_life.backends.wyoming_wake import WyomingWake


@asynccontextmanager
async def open_voice(settings: config.Settings) -> AsyncGenerator[RemoteVoice | None]:
    """None: this machine's own speak. Raises ConfigError."""
    tts = settings.tts
    match tts.server:
        case "":
            yield None
        case "wyoming":
            yield WyomingTts(tts.wyoming)
        case "openai":
            async with OpenAiSpeech(tts.openai, speed=settings.speech.speed) as voice:
                yield voice
        case "f5":
            async with F5(tts.f5) as voice:
                yield voice
        case "fish":
            async with Fish(tts.fish) as voice:
                yield voice


@asynccontextmanager
async def open_recogniser(settings: config.Settings) -> AsyncGenerator[RemoteRecogniser | None]:
    """None: this machine's own writes down. Raises ConfigError."""
    listening, languages = settings.speech_to_text, settings.conversation.languages
    match listening.server:
        case "":
            yield None
        case "wyoming":
            yield WyomingAsr(listening.wyoming, languages)
        case "openai":
            async with OpenAiTranscription(listening, languages) as recogniser:
                yield recogniser


def wake_of(settings: config.Settings, words: Mapping[str, str]) -> WyomingWake | None:
    """`words`: each phrase, and how it is written. None: this machine listens for them."""
    return WyomingWake(settings.wake.wyoming, words) if settings.wake.server == "wyoming" else None
