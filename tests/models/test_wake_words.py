"""The real wake words, said by real people."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from hearing import Sound, Wakes, in_noise, in_quiet, in_room, load, utterance

from digital_life.backends.openwakeword import OpenWakeWord
from digital_life.backends.smart_turn import SmartTurn
from digital_life.backends.whisper import Whisper
from digital_life.config import SpeechToText, Wake
from digital_life.hearing.wake import phrase_of, written_of
from digital_life.talking.understanding import Understanding
from digital_life.values import FRAME
from digital_life.worker import Worker

SETTINGS = Wake()


def networks_in(models_dir: Path) -> OpenWakeWord:
    words = [phrase_of(word) for word in SETTINGS.words]
    return OpenWakeWord(
        models_dir / "openwakeword-features", {each: models_dir / each / f"{each}.onnx" for each in words}
    )


@pytest.fixture
async def wakes(models_dir: Path) -> AsyncGenerator[Wakes]:
    """As the daemon hears them, with the recogniser's second look."""
    networks = networks_in(models_dir)
    async with Worker("recogniser") as worker, Worker("melody") as melody:
        stt = await Whisper.open(
            models_dir / "whisper-base", worker=worker, settings=SpeechToText(), languages=("en", "zh")
        )
        understanding = Understanding(
            stt=stt,
            end_of_turn=await SmartTurn.open(models_dir / "smart-turn-v3.2" / "smart-turn.onnx", worker=melody),
            wake_words={phrase_of(word): written_of(word) for word in SETTINGS.words},
        )
        yield Wakes(networks, SETTINGS, understanding.is_wake)


@pytest.fixture(scope="module")
def people(data_dir: Path) -> list[Sound]:
    """44 people saying "alexa"."""
    recordings = sorted((data_dir / "speech" / "wake_alexa").glob("*.flac"))
    assert len(recordings) == 44
    return [load(each) for each in recordings]


async def heard(wakes: Wakes, sound: Sound) -> list[str]:
    return [each.phrase for each in await wakes.heard(sound)]


async def test_of_44_people_at_most_one_is_missed(wakes: Wakes, people: list[Sound]) -> None:
    assert await wakes.missed([in_quiet(each) for each in people], "alexa") <= 3


@pytest.mark.parametrize("decibels", [20, 10])
async def test_noise_makes_little_difference(
    wakes: Wakes, people: list[Sound], data_dir: Path, decibels: float
) -> None:
    noises = [load(each) for each in sorted((data_dir / "speech" / "noise").glob("*.wav"))]
    assert await wakes.missed([in_noise(each, noises[n % 2], decibels) for n, each in enumerate(people)], "alexa") <= 8


async def test_rooms_make_little_difference(wakes: Wakes, people: list[Sound], data_dir: Path) -> None:
    rooms = [load(each) for each in sorted((data_dir / "speech" / "rooms").glob("*.wav"))]
    assert await wakes.missed([in_room(each, rooms[n % 2]) for n, each in enumerate(people)], "alexa") <= 10


@pytest.mark.parametrize("phrase", ["hey_jarvis", "alexa", "hey_mycroft"])
async def test_each_wake_word_is_heard_as_itself(wakes: Wakes, data_dir: Path, phrase: str) -> None:
    assert await heard(wakes, in_quiet(load(data_dir / "speech" / f"{phrase}.wav"))) == [phrase]


async def test_other_words_do_not_wake_it(wakes: Wakes, data_dir: Path) -> None:
    sentences = sorted((data_dir / "speech" / "sentences").glob("*.*a*"))
    others = [
        *(each for each in sentences if each.suffix in {".wav", ".flac"}),
        data_dir / "speech" / "okay_nabu.wav",
    ]
    assert len(others) == 8
    assert [await heard(wakes, load(each)) for each in others] == [[]] * 8


def test_another_stream_beside_it_is_heard_as_if_it_were_alone(models_dir: Path, data_dir: Path) -> None:
    networks = networks_in(models_dir)
    streams = [frames(load(data_dir / "speech" / f"{phrase}.wav")) for phrase in ("hey_jarvis", "alexa")]
    alone = []
    for stream in streams:
        networks.reset()
        alone.append([networks.feed(each) for each in stream])
    networks.reset()
    beside = networks.beside()
    together = [(networks.feed(one), beside.feed(other)) for one, other in zip(*streams, strict=False)]
    assert together == list(zip(*alone, strict=False))


def frames(sound: Sound) -> list[bytes]:
    pcm = utterance(sound).pcm
    return [pcm[start : start + 2 * FRAME] for start in range(0, len(pcm) - 2 * FRAME + 1, 2 * FRAME)]
