"""A voice by the program espeak-ng: understandable at best, for where nothing better is installed."""

from __future__ import annotations

import asyncio
import io

import soundfile
from pypinyin import Style, lazy_pinyin

from digital_life.errors import ModelError
from digital_life.values import Language, Speech

PROGRAM = "espeak-ng"
VOICES: dict[Language, str] = {"en": "en-us", "zh": "cmn-latn-pinyin"}
"""The plain cmn reads characters as English spells their sounds."""
WORDS_A_MINUTE = 165


class Espeak:
    """TextToSpeech; one process a sentence."""

    def __init__(self, *, speed: float) -> None:
        self._pace = round(WORDS_A_MINUTE * speed)

    async def synthesize(self, text: str, language: Language) -> Speech:
        command = (PROGRAM, "-v", VOICES[language], "-s", str(self._pace), "--stdin", "--stdout")
        try:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
            )
        except FileNotFoundError as error:
            raise ModelError("espeak-missing", program=PROGRAM) from error
        try:
            wav, _ = await process.communicate(readable(text, language).encode())
        except asyncio.CancelledError:
            process.kill()
            await process.wait()
            raise
        if process.returncode or not wav:
            raise ModelError("voice-failed", cause=f"{PROGRAM}: {process.returncode}")
        sound, rate = soundfile.read(io.BytesIO(wav), dtype="int16")
        return Speech(sound.tobytes(), rate)


def readable(text: str, language: Language) -> str:
    """As the voice of that language wants it: Mandarin in Pinyin, tones as digits."""
    return " ".join(lazy_pinyin(text, style=Style.TONE3)) if language == "zh" else text
