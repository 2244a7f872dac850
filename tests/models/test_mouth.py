"""The mouth follows real voices."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest

from digital_life.backends.kokoro import Kokoro
from digital_life.backends.piper import Piper
from digital_life.display.mouth import Lips, Shape
from digital_life.ports import TextToSpeech
from digital_life.values import Language, Speech
from digital_life.worker import Worker

SAID: dict[Language, dict[str, str]] = {
    "en": {"open": "Ah! Father. Ah, papa.", "spread": "Ee! See me. Eat cheese.", "round": "Oh! Go home, Joe."},
    "zh": {"open": "啊，妈妈，爸爸。", "spread": "一，你，七，衣服。", "round": "不，五，姑姑，出。"},
}


def vowels(speech: Speech, lips: Lips) -> Shape:
    """What is usual of the mouth while it is open."""
    shapes = [each for each in lips.read(speech.pcm, speech.rate) if each.open > 0.2]
    return Shape(open=median(each.open for each in shapes), form=median(each.form for each in shapes))


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_vowels_of_a_real_voice_differ(models_dir: Path, language: Language) -> None:
    async with Worker("voice") as worker:
        voice: TextToSpeech
        if language == "en":
            voice = await Piper.open(models_dir / "en_US-joe-medium", worker=worker, speed=1.0, threads=2)
        else:
            voice = await Kokoro.open(models_dir / "kokoro-82m", worker=worker, speed=1.0, threads=2)
        said = {name: await voice.synthesize(text, language) for name, text in SAID[language].items()}
    lips = Lips()
    shapes = {name: vowels(speech, lips) for name, speech in said.items()}
    assert shapes["open"].open > shapes["spread"].open + 0.05
    assert shapes["spread"].form > shapes["open"].form + 0.2
    assert shapes["spread"].form > shapes["round"].form + 0.3
    assert min(each.open for each in lips.read(said["open"].pcm, said["open"].rate)) < 0.05
