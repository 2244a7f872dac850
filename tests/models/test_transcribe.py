"""The real recogniser on real speech."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import numpy as np
import pytest
from hearing import error_rate, in_noise, load, silence, utterance

from digital_life.backends.whisper import Whisper
from digital_life.config import SpeechToText
from digital_life.errors import ModelError
from digital_life.values import RATE
from digital_life.worker import Worker

MOST_ERRORS = 0.1
KNOWN = {
    # The reference has "TUE" where the speaker reads "two", one word of eight.
    "spk1_snt2.wav": 0.125,
    # Whisper base hears 佛地产 and 中间 for 房地产 and 中介, also with its whole window of 30 s and beam 5.
    "zh_aishell.wav": 0.17,
}


@pytest.fixture
async def whisper(models_dir: Path) -> AsyncGenerator[Whisper]:
    async with Worker("recogniser") as worker:
        yield await Whisper.open(
            models_dir / "whisper-base", worker=worker, settings=SpeechToText(), languages=("en", "zh")
        )


async def test_every_sentence_is_understood(whisper: Whisper, data_dir: Path) -> None:
    folder = data_dir / "speech" / "sentences"
    for name, said in json.loads((folder / "transcripts.json").read_text(encoding="utf-8")).items():
        heard = await whisper.transcribe(utterance(load(folder / name)))
        assert heard
        assert heard.language == ("zh" if name.startswith("zh") else "en")
        assert error_rate(said, heard.text) <= KNOWN.get(name, MOST_ERRORS), (said, heard.text)


async def test_in_noise_it_is_still_understood(whisper: Whisper, data_dir: Path) -> None:
    folder = data_dir / "speech"
    noises = [load(each) for each in sorted((folder / "noise").glob("*.wav"))]
    said = json.loads((folder / "sentences" / "transcripts.json").read_text(encoding="utf-8"))
    rates = []
    for name in [each for each in said if each.startswith("spk1")]:
        for noise in noises:
            heard = await whisper.transcribe(utterance(in_noise(load(folder / "sentences" / name), noise, 20)))
            rates.append(error_rate(said[name], heard.text if heard else ""))
    assert sum(rates) / len(rates) <= 0.15


async def test_chinese_comes_in_simplified_characters_without_gaps(whisper: Whisper, data_dir: Path) -> None:
    heard = await whisper.transcribe(utterance(load(data_dir / "speech" / "sentences" / "zh_aishell.wav")))
    assert heard
    assert "广州" in heard.text
    assert "协会" in heard.text
    assert " " not in heard.text


async def test_silence_and_noise_say_nothing(whisper: Whisper, data_dir: Path) -> None:
    for seconds in (0.6, 2, 4):
        assert await whisper.transcribe(utterance(silence(seconds))) is None
    for path in sorted((data_dir / "speech" / "noise").glob("*.wav")):
        noise = load(path)
        for seconds in (1, 3):
            assert await whisper.transcribe(utterance(noise[: seconds * RATE])) is None


async def test_hiss_says_nothing(whisper: Whisper) -> None:
    chance = np.random.default_rng(2)
    for _ in range(10):
        loudness = 10 ** chance.uniform(-3, -1)
        hiss = (loudness * chance.standard_normal(int(chance.uniform(0.5, 3) * RATE))).astype(np.float32)
        assert await whisper.transcribe(utterance(hiss)) is None


async def test_speech_longer_than_a_window_is_heard_to_its_end(whisper: Whisper, data_dir: Path) -> None:
    folder = data_dir / "speech" / "sentences"
    truths = json.loads((folder / "transcripts.json").read_text(encoding="utf-8"))
    names = ["jfk.flac", *(each for each in sorted(truths) if each.startswith("spk1")), "jfk.flac"]
    speech = np.concatenate([load(folder / each) for each in names])
    heard = await whisper.transcribe(utterance(speech))
    assert heard
    assert error_rate(" ".join(truths[each] for each in names), heard.text) <= MOST_ERRORS, heard.text
    assert len(speech) > 30 * RATE


async def test_speech_that_says_the_same_again_and_again_does_not_keep_it(whisper: Whisper, data_dir: Path) -> None:
    speech = load(data_dir / "speech" / "sentences" / "jfk.flac")
    heard = await whisper.transcribe(utterance(np.concatenate([speech] * 3)))
    assert heard
    assert heard.text.lower().count("americans") == 3


async def test_one_sentence_is_written_once(whisper: Whisper, data_dir: Path) -> None:
    heard = await whisper.transcribe(utterance(load(data_dir / "speech" / "sentences" / "spk1_snt3.wav")))
    assert heard
    assert heard.text.lower().count("air") == 1


async def test_a_model_that_is_cut_short_or_not_there_is_told(models_dir: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(models_dir / "whisper-base", broken)
    (broken / "model.bin").write_bytes((models_dir / "whisper-base" / "model.bin").read_bytes()[:1_000_000])
    async with Worker("recogniser") as worker:
        for folder in (broken, tmp_path / "none"):
            with pytest.raises(ModelError, match="cannot be loaded"):
                await Whisper.open(folder, worker=worker, settings=SpeechToText(), languages=("en",))
