"""`digital-life people`, with a network that is not there in the place of the real one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from digital_life import acquaintance, cli
from digital_life.context import Context
from digital_life.people.file import PeopleFile
from digital_life.values import RATE
from fakes.voices import FakeSpeakerEmbedding, hum

ANNA_HZ, BOB_HZ = 200.0, 900.0


@pytest.fixture(autouse=True)
def network(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(_context: Context) -> FakeSpeakerEmbedding:
        return FakeSpeakerEmbedding()

    monkeypatch.setattr(acquaintance, "load_embedding", load)


@pytest.fixture
def recording(tmp_path: Path) -> Callable[[str, float, float], str]:
    def make(name: str, hertz: float, seconds: float) -> str:
        soundfile.write(tmp_path / name, np.frombuffer(hum(hertz, seconds), "<i2"), RATE)
        return str(tmp_path / name)

    return make


@pytest.fixture
def people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    def run(*arguments: str) -> tuple[int, str]:
        home, models = str(tmp_path / "home"), str(tmp_path / "models")
        status = cli.main(["--home", home, "--models", models, "people", *arguments])
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


People = Callable[..., tuple[int, str]]
Make = Callable[[str, float, float], str]


def test_who_was_added_is_listed_recognised_and_removed(people: People, recording: Make, tmp_path: Path) -> None:
    assert "Nobody's voice is known" in people("list")[1]
    status, said = people("add", "Anna", *(recording(f"{each}.wav", ANNA_HZ, 2.0) for each in "abc"))
    assert status == 0
    assert "people.enabled = true" in said
    assert "Anna: learnt on" in people("list")[1]
    assert "Anna, likeness 1.00" in people("test", recording("d.wav", ANNA_HZ, 3.0))[1]
    assert "nobody who is known" in people("test", recording("e.wav", BOB_HZ, 3.0))[1]
    assert people("remove", "anna")[0] == 0
    assert PeopleFile(tmp_path / "home").prints() == ()
    assert "Nobody's voice is known" in people("list")[1]


def test_a_recording_with_too_little_of_a_voice_is_refused(people: People, recording: Make) -> None:
    status, said = people("add", "Anna", recording("a.wav", ANNA_HZ, 1.0))
    assert status == 1
    assert "with at least 1.5 s" in said
    assert "too little of a voice" in people("test", recording("b.wav", ANNA_HZ, 0.2))[1]


def test_recordings_of_two_people_are_refused(people: People, recording: Make, tmp_path: Path) -> None:
    status, said = people("add", "Anna", recording("a.wav", ANNA_HZ, 2.0), recording("b.wav", BOB_HZ, 2.0))
    assert status == 1
    assert "does not sound like the others" in said
    assert PeopleFile(tmp_path / "home").prints() == ()


def test_a_voice_that_is_known_by_another_name_is_refused(people: People, recording: Make) -> None:
    people("add", "Anna", recording("a.wav", ANNA_HZ, 2.0))
    status, said = people("add", "Bob", recording("b.wav", ANNA_HZ, 2.5))
    assert status == 1
    assert "sounds like Anna" in said
    assert people("add", "Anna", recording("c.wav", ANNA_HZ, 2.5))[0] == 0


@pytest.mark.parametrize("name", ["", " ", "123", "x" * 50])
def test_what_is_no_name_is_refused(name: str, people: People) -> None:
    status, said = people("add", name, "a.wav")
    assert status == 2
    assert "is no name" in said


def test_who_is_not_known_cannot_be_removed(people: People) -> None:
    status, said = people("remove", "Anna")
    assert status == 1
    assert "no voice of Anna" in said


def test_a_recording_that_is_not_there_is_told(people: People, tmp_path: Path) -> None:
    assert people("test", str(tmp_path / "none.wav"))[0] == 1


def test_a_damaged_file_is_told_once_and_is_empty_then(people: People, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "people.json").write_text("{")
    status, said = people("list")
    assert status == 1
    assert "put aside" in said
    assert people("list")[0] == 0


def microphone(monkeypatch: pytest.MonkeyPatch, *heard: bytes) -> None:
    sounds = list(heard)

    async def hear(_context: Context, *, ready: Callable[[], None]) -> bytes:
        ready()
        return sounds.pop(0)

    monkeypatch.setattr(acquaintance, "hear_sentence", hear)


def test_without_recordings_three_sentences_are_asked_for(
    people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    microphone(monkeypatch, hum(ANNA_HZ, 2.0), hum(BOB_HZ, 2.0), hum(ANNA_HZ, 0.2), *[hum(ANNA_HZ, 2.0)] * 2)
    status, said = people("add", "Anna")
    assert status == 0, said
    assert said.count("Say now") == 5
    assert "did not sound like the voice before" in said
    assert "too short" in said
    assert len(PeopleFile(tmp_path / "home").prints()[0].vectors) == 3


def test_where_nobody_speaks_it_gives_up(people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    microphone(monkeypatch, b"", b"", b"")
    status, said = people("add", "Anna")
    assert status == 1
    assert "no sentence could be heard well enough" in said
    assert PeopleFile(tmp_path / "home").prints() == ()
