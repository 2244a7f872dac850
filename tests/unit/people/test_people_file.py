"""The file of the voices."""

from __future__ import annotations

import stat
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.errors import PeopleError
from digital_life.people.file import PeopleFile
from digital_life.people.voices import VoicePrint
from digital_life.seal import is_shut

PERSON = '{"people": [{"name": "A", "model": "m", "enrolled": "2026-11-22T09:30:00Z", "vectors": [%s]}]}'
ONE_DAY = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def voice(name: str, *, model: str = "model", number: float = 1.0, sentences: int = 3) -> VoicePrint:
    vectors = tuple(np.full(4, number + each, "<f4").tobytes() for each in range(sentences))
    return VoicePrint(name, model, ONE_DAY, vectors)


def test_what_is_kept_is_there_again(tmp_path: Path) -> None:
    PeopleFile(tmp_path).keep(voice("Anna"))
    PeopleFile(tmp_path).keep(voice("李明"))
    assert PeopleFile(tmp_path).prints() == (voice("Anna"), voice("李明"))


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = PeopleFile(tmp_path)
    file.keep(voice("Anna"))
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_who_is_learnt_again_is_there_once(tmp_path: Path) -> None:
    file = PeopleFile(tmp_path)
    file.keep(voice("Anna"))
    file.keep(voice("anna", number=7))
    assert file.prints() == (voice("anna", number=7),)


def test_of_who_is_removed_nothing_stays(tmp_path: Path) -> None:
    file = PeopleFile(tmp_path)
    file.keep(voice("Anna"))
    file.keep(voice("Bob"))
    assert file.remove("ANNA")
    assert not file.remove("Anna")
    assert file.prints() == (voice("Bob"),)
    assert b"Anna" not in b"".join(each.read_bytes() for each in tmp_path.iterdir())


def test_what_another_program_changed_is_seen(tmp_path: Path) -> None:
    file = PeopleFile(tmp_path)
    assert file.prints() == ()
    PeopleFile(tmp_path).keep(voice("Anna"))
    assert file.prints() == (voice("Anna"),)
    file.path.unlink()
    assert file.prints() == ()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "not json",
        '{"people": 3}',
        '{"people": [{"name": "A", "model": "m", "enrolled": "2026-11-22T09:30:00Z"}]}',
        PERSON % "",
        PERSON % '"AAA="',
        PERSON % '"AAAAAA==", "AAAAAAAAAAA="',
    ],
)
def test_a_damaged_file_is_put_aside_and_that_is_said(content: str, tmp_path: Path) -> None:
    file = PeopleFile(tmp_path)
    file.path.write_text(content)
    with pytest.raises(PeopleError, match=r"put aside as .*people\.json\.damaged"):
        file.prints()
    assert (tmp_path / "people.json.damaged").read_text() == content
    assert file.prints() == ()
    file.keep(voice("Anna"))
    assert file.prints() == (voice("Anna"),)


def test_a_file_that_was_cut_short_is_no_voice(tmp_path: Path) -> None:
    file = PeopleFile(tmp_path)
    file.keep(voice("Anna"))
    file.path.write_bytes(file.path.read_bytes()[:-20])
    with pytest.raises(PeopleError, match="damaged"):
        PeopleFile(tmp_path).prints()


def test_where_nothing_can_be_written_that_is_said_and_all_is_as_before(tmp_path: Path) -> None:
    file = PeopleFile(tmp_path / "home")
    (tmp_path / "home").write_text("a file in the place of the folder")
    with pytest.raises(PeopleError):
        file.keep(voice("Anna"))
    assert (tmp_path / "home").read_text() == "a file in the place of the folder"


@given(st.binary(max_size=200))
def test_whatever_is_in_the_file_it_is_read_or_put_aside(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = PeopleFile(Path(folder))
        file.path.write_bytes(content)
        try:
            file.prints()
        except PeopleError:
            assert file.path.exists() == is_shut(content)
