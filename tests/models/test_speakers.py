"""The real network on real people."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest
from hearing import in_noise, load

from digital_life.backends.campplus import CamPlusPlus
from digital_life.config import People
from digital_life.errors import ModelError
from digital_life.people.enrolling import ALIKE, LEAST_S, is_same_voice
from digital_life.people.voices import VoicePrint, likeness, recognise
from digital_life.values import RATE

THRESHOLD = People().threshold


@pytest.fixture(scope="module")
def network(models_dir: Path) -> CamPlusPlus:
    return CamPlusPlus(models_dir / "campplus-zh-en" / "campplus.pt")


def embed(network: CamPlusPlus, sound: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> bytes:
    return network.embed((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


@pytest.fixture(scope="module")
def one(network: CamPlusPlus, data_dir: Path) -> list[bytes]:
    """Five sentences of one person."""
    return [embed(network, load(each)) for each in sorted((data_dir / "speech" / "sentences").glob("spk1_*.wav"))]


@pytest.fixture(scope="module")
def others(network: CamPlusPlus, data_dir: Path) -> list[bytes]:
    folder = data_dir / "speech"
    paths = [folder / "sentences" / "jfk.flac", folder / "sentences" / "zh_aishell.wav"]
    return [embed(network, load(each)) for each in (*paths, *sorted((folder / "wake_alexa").glob("*.flac")))]


def test_everybody_is_more_like_themselves_than_like_anybody_else(one: list[bytes], others: list[bytes]) -> None:
    same = [likeness(*pair) for pair in combinations(one, 2)]
    apart = [likeness(*pair) for pair in product(one, others)]
    assert min(same) > 0.6
    assert max(apart) < ALIKE < THRESHOLD < min(same)


def test_two_languages_of_one_network_are_apart_too(others: list[bytes]) -> None:
    assert likeness(others[0], others[1]) < 0.3


def test_in_noise_a_voice_is_still_known(
    network: CamPlusPlus, one: list[bytes], others: list[bytes], data_dir: Path
) -> None:
    anna = VoicePrint("Anna", network.name, datetime(2026, 11, 22, tzinfo=UTC), tuple(one[:3]))
    folder = data_dir / "speech"
    for path in ("spk1_snt4.wav", "spk1_snt5.wav"):
        for noise in sorted((folder / "noise").glob("*.wav")):
            heard = in_noise(load(folder / "sentences" / path), load(noise), 10)
            assert recognise(embed(network, heard), [anna], threshold=THRESHOLD).name == "Anna"
    assert {recognise(each, [anna], threshold=THRESHOLD).name for each in others} == {""}


def test_a_sentence_of_somebody_else_is_noticed_while_a_voice_is_learnt(one: list[bytes], others: list[bytes]) -> None:
    assert all(is_same_voice(one[:2], each) for each in one[2:])
    assert not any(is_same_voice(one[:2], each) for each in others)


def test_how_long_somebody_spoke_is_about_right(network: CamPlusPlus, data_dir: Path) -> None:
    for path in sorted((data_dir / "speech" / "sentences").glob("spk1_*.wav")):
        sound = load(path)
        seconds = network.seconds((sound * 32767).astype("<i2").tobytes())
        assert LEAST_S < seconds < len(sound) / RATE


def test_a_file_that_is_no_checkpoint_of_it_is_refused(tmp_path: Path, models_dir: Path) -> None:
    (tmp_path / "empty.pt").write_bytes(b"")
    with pytest.raises(ModelError, match="cannot be loaded"):
        CamPlusPlus(tmp_path / "empty.pt")
    with pytest.raises(ModelError, match="cannot be loaded"):
        CamPlusPlus(models_dir / "kokoro-82m" / "voices.npz")
