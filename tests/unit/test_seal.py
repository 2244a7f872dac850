"""The key of a sealed life."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digital_life import seal
from digital_life.errors import MemoryFileError
from fakes.sealed import key_in


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary())
def test_what_is_shut_opens_with_its_key_alone(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("keys")
    key, other = key_in(folder), key_in(folder, "other")
    shut = key.shut(content)
    assert seal.is_shut(shut)
    assert key.open(shut, folder) == content
    with pytest.raises(MemoryFileError, match="another one"):
        other.open(shut, folder)


def test_what_was_changed_or_cut_is_damaged_and_no_wrong_key(tmp_path: Path) -> None:
    key = key_in(tmp_path)
    shut = key.shut(b"My cat is black.")
    for spoilt in (shut[:-1], shut[:40], shut[:-1] + bytes([shut[-1] ^ 1])):
        with pytest.raises(seal.DamagedError):
            key.open(spoilt, tmp_path)


def test_what_was_never_shut_is_read_as_it_is(tmp_path: Path) -> None:
    assert seal.opened(b"[]", None, tmp_path) == b"[]"
    assert seal.opened(b"[]", key_in(tmp_path), tmp_path) == b"[]"
    assert seal.shut(b"[]", None) == b"[]"


def test_without_a_key_what_is_shut_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MemoryFileError, match=r"memory\.key_file"):
        seal.opened(key_in(tmp_path).shut(b"[]"), None, tmp_path)


def test_a_new_key_is_for_its_owner_alone_and_takes_no_files_place(tmp_path: Path) -> None:
    key = seal.made(tmp_path / "keys" / "mine")
    assert stat.S_IMODE(key.path.stat().st_mode) == 0o600
    with pytest.raises(MemoryFileError, match="cannot be written"):
        seal.made(key.path)
    assert seal.read_file(key.path) == key


def test_a_key_is_read_as_age_keygen_writes_it_and_as_a_person_types_it(tmp_path: Path) -> None:
    key = key_in(tmp_path)
    typed = tmp_path / "typed"
    typed.write_text(f"# created: today\n# public key: age1xyz\n{key.secret.lower()}\n", encoding="utf-8")
    assert seal.read_file(typed).secret == key.secret


def test_a_mistake_in_a_key_of_paper_is_found(tmp_path: Path) -> None:
    key = key_in(tmp_path)
    wrong = "Q" if key.secret[30] != "Q" else "P"
    key.path.write_text(key.secret[:30] + wrong + key.secret[31:], encoding="utf-8")
    with pytest.raises(MemoryFileError, match="mistake"):
        seal.read_file(key.path)


def test_a_key_that_is_not_there_or_none_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    for written in (str(tmp_path / "none"), "credential:life_key"):
        with pytest.raises(MemoryFileError, match=r"memory\.key_file.*cannot be read"):
            seal.read(written)
    (tmp_path / "empty").write_text("open sesame\n", encoding="utf-8")
    with pytest.raises(MemoryFileError, match="holds no key"):
        seal.read(str(tmp_path / "empty"))
    assert seal.read("") is None


def test_a_key_is_taken_from_systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = key_in(tmp_path, "life_key")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert seal.read("credential:life_key") == key


def test_neither_key_nor_fingerprint_is_told_by_another_purpose(tmp_path: Path) -> None:
    key = key_in(tmp_path)
    assert len({key.derived(b"a"), key.derived(b"b"), key_in(tmp_path, "other").derived(b"a")}) == 3
    assert key.secret not in repr(key)
