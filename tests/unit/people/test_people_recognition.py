"""Who says an utterance."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digital_life.errors import ModelError
from digital_life.people.file import PeopleFile
from digital_life.people.recognition import Recognition
from digital_life.people.voices import VoicePrint
from digital_life.worker import Worker
from fakes.voices import FakeSpeakerEmbedding, hum, uttered

ANNA_HZ, BOB_HZ = 200.0, 900.0


def known(file: PeopleFile, name: str, hertz: float, *, model: str = FakeSpeakerEmbedding.name) -> None:
    vectors = tuple(FakeSpeakerEmbedding().embed(hum(hertz, seconds)) for seconds in (1.5, 2.0, 2.5))
    file.keep(VoicePrint(name, model, datetime(2026, 11, 22, tzinfo=UTC), vectors))


@pytest.fixture
async def recognition(tmp_path: Path) -> AsyncGenerator[Recognition]:
    async with Worker("speakers") as worker:
        yield Recognition(FakeSpeakerEmbedding(), worker=worker, file=PeopleFile(tmp_path), threshold=0.7)


async def test_somebody_who_is_known_is_recognised(recognition: Recognition, tmp_path: Path) -> None:
    known(PeopleFile(tmp_path), "Anna", ANNA_HZ)
    known(PeopleFile(tmp_path), "Bob", BOB_HZ)
    found = await recognition.recognise(uttered(hum(BOB_HZ, 2.0)))
    assert found.name == "Bob"
    assert found.score > 0.9
    assert found.seconds == pytest.approx(2.0)
    assert len(found.embedding) == 4 * FakeSpeakerEmbedding.dimension


async def test_a_stranger_is_nobody_and_yet_has_a_voice(recognition: Recognition, tmp_path: Path) -> None:
    known(PeopleFile(tmp_path), "Anna", ANNA_HZ)
    found = await recognition.recognise(uttered(hum(3000, 2.0)))
    assert found.name == ""
    assert found.embedding


async def test_too_little_of_a_voice_is_nobodys(recognition: Recognition, tmp_path: Path) -> None:
    known(PeopleFile(tmp_path), "Anna", ANNA_HZ)
    for sound in (b"", hum(ANNA_HZ, 0.4), hum(ANNA_HZ, 2.0, loudness=10)):
        found = await recognition.recognise(uttered(sound))
        assert (found.name, found.embedding, found.score) == ("", b"", -1.0)


async def test_voices_of_another_network_are_not_compared(recognition: Recognition, tmp_path: Path) -> None:
    known(PeopleFile(tmp_path), "Anna", ANNA_HZ, model="another")
    assert (await recognition.recognise(uttered(hum(ANNA_HZ, 2.0)))).name == ""


async def test_a_damaged_file_makes_everybody_a_stranger_and_is_said(
    recognition: Recognition, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "people.json").write_text("{")
    assert (await recognition.recognise(uttered(hum(ANNA_HZ, 2.0)))).name == ""
    assert "put aside" in caplog.text


class Broken(FakeSpeakerEmbedding):
    def embed(self, pcm: bytes) -> bytes:
        raise ModelError("speaker-failed", cause=f"no memory for {len(pcm)} bytes")


async def test_a_network_that_fails_knows_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with Worker("speakers") as worker:
        broken = Recognition(Broken(), worker=worker, file=PeopleFile(tmp_path), threshold=0.7)
        with caplog.at_level(logging.WARNING):
            assert (await broken.recognise(uttered(hum(ANNA_HZ, 2.0)))).name == ""
    assert "no memory" in caplog.text
