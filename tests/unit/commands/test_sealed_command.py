"""`digital-life memory seal`, `unseal`, `rekey`, as a person types them."""

from __future__ import annotations

from pathlib import Path

import pytest

from digital_life import cli, seal
from digital_life.memory import cipher
from fakes.sealed import heard, key_in, tell


@pytest.fixture
def home(tmp_path: Path) -> Path:
    tell(tmp_path / "home", "I am allergic to ragwort.")
    return tmp_path / "home"


def typed(
    capsys: pytest.CaptureFixture[str], home: Path, key: Path | str, *words: str, fails: bool = False
) -> tuple[str, str]:
    setting = ("--set", f"memory.key_file={key}") if key else ()
    status = cli.main(["--home", str(home), *setting, *words])
    said = capsys.readouterr()
    assert (status != 0) == fails, said.err
    return said.out, said.err


def test_sealing_makes_the_key_and_says_what_losing_it_means(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said, _ = typed(capsys, home, tmp_path / "key", "memory", "seal")
    key = seal.read_file(tmp_path / "key")
    assert cipher.is_sealed(home / "life.db")
    assert "LOSES THE MEMORY" in said
    assert key.secret not in said
    assert heard(home, key) == ["I am allergic to ragwort."]


def test_the_key_is_shown_to_who_asks_for_it(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said, _ = typed(capsys, home, tmp_path / "key", "memory", "seal", "--show-key")
    assert seal.read_file(tmp_path / "key").secret in said


def test_a_key_that_is_there_is_taken(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = key_in(tmp_path)
    said, _ = typed(capsys, home, key.path, "memory", "seal")
    assert "A new key" not in said
    assert heard(home, key) == ["I am allergic to ragwort."]


@pytest.mark.parametrize(
    ("key", "why"), [("", "say first where"), ("home/key", "along with every copy"), ("credential:life_key", "systemd")]
)
def test_without_a_good_place_for_the_key_nothing_is_sealed(
    key: str,
    why: str,
    home: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    _, error = typed(capsys, home, key, "memory", "seal", fails=True)
    assert why in error
    assert heard(home) == ["I am allergic to ragwort."]


def test_where_the_key_of_a_sealed_life_is_missing_no_new_one_is_made(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(capsys, home, tmp_path / "key", "memory", "seal")
    (tmp_path / "key").rename(tmp_path / "elsewhere")
    _, error = typed(capsys, home, tmp_path / "key", "memory", "seal", fails=True)
    assert "cannot be read" in error
    assert not (tmp_path / "key").exists()


def test_it_is_opened_again(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed(capsys, home, tmp_path / "key", "memory", "seal")
    said, _ = typed(capsys, home, tmp_path / "key", "memory", "unseal")
    assert "not sealed any more" in said
    assert heard(home) == ["I am allergic to ragwort."]


def test_it_goes_to_another_key(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed(capsys, home, tmp_path / "key", "memory", "seal")
    _, error = typed(capsys, home, tmp_path / "key", "memory", "rekey", str(tmp_path / "key"), fails=True)
    assert "there already" in error
    said, _ = typed(capsys, home, tmp_path / "key", "memory", "rekey", str(tmp_path / "new"))
    assert "memory.key_file" in said
    assert heard(home, seal.read_file(tmp_path / "new")) == ["I am allergic to ragwort."]


def test_one_that_is_not_sealed_has_no_key_to_change(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, error = typed(capsys, home, "", "memory", "rekey", str(tmp_path / "new"), fails=True)
    assert "not sealed" in error
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("command", [("memory", "stats"), ("upgrade", "check"), ("backup", "target")])
def test_every_command_says_what_to_do_where_the_key_is_missing_or_another(
    command: tuple[str, ...],
    home: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    typed(capsys, home, tmp_path / "key", "memory", "seal")
    before = (home / "life.db").read_bytes()
    for key in ("", key_in(tmp_path, "other").path, tmp_path / "not there"):
        _, error = typed(capsys, home, key, *command, fails=True)
        assert "memory.key_file" in error
    assert (home / "life.db").read_bytes() == before
    assert [each.name for each in home.glob("life*.db")] == ["life.db"]


def test_a_backup_of_a_sealed_life_is_sealed_unless_it_is_to_be_plain(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, kept = tmp_path / "key", tmp_path / "kept"
    kept.mkdir()
    typed(capsys, home, key, "memory", "seal")
    typed(capsys, home, key, "backup", str(kept))
    (sealed,) = kept.iterdir()
    assert sealed.suffix == ".age"
    assert seal.is_shut(sealed.read_bytes())
    sealed.unlink()
    typed(capsys, home, key, "backup", str(kept), "--plain")
    (plain,) = kept.iterdir()
    assert plain.read_bytes().startswith(b"PK")
    _, error = typed(capsys, home, key, "backup", str(kept), "--plain", "--encrypt", fails=True)
    assert "--plain" in error
