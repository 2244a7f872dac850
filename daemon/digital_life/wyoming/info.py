"""What it can do, as the answer to `describe`."""

from __future__ import annotations

from typing import Final, TypedDict

from wyoming.info import (
    AsrModel,
    AsrProgram,
    Attribution,
    HandleModel,
    HandleProgram,
    Info,
    TtsProgram,
    TtsVoice,
    WakeModel,
    WakeProgram,
)

from digital_life.wyoming.offers import Described

NAME: Final = "digital-life"
"""Of each program; a client names its parts by it (`stt.digital_life`)."""
ATTRIBUTION: Final = Attribution("Digital Life", "https://github.com/digital-life/digital-life")


class _Common(TypedDict):
    attribution: Attribution
    installed: bool
    version: str


def info(described: Described) -> Info:
    common = _Common(attribution=ATTRIBUTION, installed=True, version=described.version)
    languages: list[str] = list(described.languages)
    hears = AsrModel(name="whisper", description="Whisper", languages=languages, **common)
    voices: dict[str, list[str]] = {}
    for language in described.languages:
        if name := described.voices.get(language):
            voices.setdefault(name, []).append(language)
    speaks = [TtsVoice(name=name, description=name, languages=spoken, **common) for name, spoken in voices.items()]
    persona = HandleModel(name=described.persona, description=described.persona, languages=languages, **common)
    wakes = [
        WakeModel(name=phrase, description=written, phrase=written, languages=["en"], **common)
        for phrase, written in described.wake_words.items()
    ]
    return Info(
        asr=[AsrProgram(name=NAME, description="Digital Life hears", models=[hears], **common)],
        tts=[
            TtsProgram(
                name=NAME,
                description="Digital Life speaks",
                voices=speaks,
                supports_synthesize_streaming=True,
                **common,
            )
        ],
        handle=[
            HandleProgram(
                name=NAME,
                description="Digital Life answers",
                models=[persona],
                supports_handled_streaming=True,
                supports_home_control=described.controls,
                **common,
            )
        ],
        wake=[WakeProgram(name=NAME, description="Digital Life wakes", models=wakes, **common)],
    )
