"""The real wake words, said by real people."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hearing import Sound, in_noise, in_quiet, in_room, load

from digital_life.backends.openwakeword import OpenWakeWord
from digital_life.config import Wake
from digital_life.hearing.wake import WakeWatch, phrase_of
from digital_life.values import FRAME

SETTINGS = Wake()


@pytest.fixture(scope="module")
def networks(models_dir: Path) -> OpenWakeWord:
    words = [phrase_of(word) for word in SETTINGS.words]
    return OpenWakeWord(
        models_dir / "openwakeword-features", {each: models_dir / each / f"{each}.onnx" for each in words}
    )


@pytest.fixture(scope="module")
def people(data_dir: Path) -> list[Sound]:
    """44 people saying "alexa"."""
    recordings = sorted((data_dir / "speech" / "wake_alexa").glob("*.flac"))
    assert len(recordings) == 44
    return [load(each) for each in recordings]


def heard(networks: OpenWakeWord, sound: Sound) -> list[str]:
    """The wake words in `sound`, by the default settings."""
    networks.reset()
    watch = WakeWatch(SETTINGS)
    pcm = (np.clip(sound, -1, 1) * 32767).astype(np.int16)
    found = [
        watch.feed(networks.feed(pcm[start : start + FRAME].tobytes()), start, own_voice=False)
        for start in range(0, len(pcm) - FRAME + 1, FRAME)
    ]
    return [each.phrase for each in found if each]


def missed(networks: OpenWakeWord, sounds: list[Sound]) -> float:
    return sum("alexa" not in heard(networks, sound) for sound in sounds) / len(sounds)


def test_of_44_people_at_most_one_in_twenty_is_missed(networks: OpenWakeWord, people: list[Sound]) -> None:
    assert missed(networks, [in_quiet(each) for each in people]) <= 0.05


@pytest.mark.parametrize("decibels", [20, 10])
def test_noise_makes_little_difference(
    networks: OpenWakeWord, people: list[Sound], data_dir: Path, decibels: float
) -> None:
    noises = [load(each) for each in sorted((data_dir / "speech" / "noise").glob("*.wav"))]
    assert missed(networks, [in_noise(each, noise, decibels) for each in people[::2] for noise in noises]) <= 0.08


def test_rooms_make_little_difference(networks: OpenWakeWord, people: list[Sound], data_dir: Path) -> None:
    rooms = [load(each) for each in sorted((data_dir / "speech" / "rooms").glob("*.wav"))]
    assert missed(networks, [in_room(each, room) for each in people[::2] for room in rooms]) <= 0.1


@pytest.mark.parametrize("phrase", ["hey_jarvis", "alexa", "hey_mycroft"])
def test_each_wake_word_is_heard_as_itself(networks: OpenWakeWord, data_dir: Path, phrase: str) -> None:
    assert heard(networks, in_quiet(load(data_dir / "speech" / f"{phrase}.wav"))) == [phrase]


def test_other_words_do_not_wake_it(networks: OpenWakeWord, data_dir: Path) -> None:
    sentences = sorted((data_dir / "speech" / "sentences").glob("*.*a*"))
    others = [
        *(each for each in sentences if each.suffix in {".wav", ".flac"}),
        data_dir / "speech" / "okay_nabu.wav",
    ]
    assert len(others) == 8
    assert [heard(networks, load(each)) for each in others] == [[]] * 8
