"""What a version of the program means for a life."""

from __future__ import annotations

import zipfile
from pathlib import Path

import apsw
import pytest

from digital_life import cli, upgrade
from digital_life.errors import UsageError
from digital_life.memory import schema
from digital_life.memory.store import Store
from fakes.embedder import FakeEmbedder

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    Store.open(tmp_path / "home" / "life.db", FakeEmbedder()).close()
    return tmp_path / "home"


def checkout(folder: Path, migrations: str) -> Path:
    source = folder / upgrade.SOURCES / upgrade.SCHEMA
    source.parent.mkdir(parents=True)
    source.write_text(f"MIGRATIONS = {migrations}\n")
    (folder / "pyproject.toml").write_text('[project]\nname = "digital-life"\nversion = "0.0.7"\n')
    return folder


def checked(home: Path, *options: str) -> int:
    return cli.main(["--home", str(home), "upgrade", "check", *options])


def test_a_checkout_tells_its_version_without_being_run(tmp_path: Path) -> None:
    assert upgrade.program_at(ROOT).newest == schema.NEWEST
    old = checkout(tmp_path / "old", "(exit, exit)")
    assert upgrade.program_at(old) == upgrade.Program("0.0.7", 2)


def test_a_wheel_does_too(tmp_path: Path) -> None:
    wheel = tmp_path / "digital_life-0.9-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        packed.writestr(upgrade.SCHEMA, "MIGRATIONS = (a, b, c)\n")
        packed.writestr(
            "digital_life-0.9.dist-info/METADATA", "Metadata-Version: 2.4\nName: digital-life\nVersion: 0.9\n"
        )
    assert upgrade.program_at(wheel) == upgrade.Program("0.9", 3)


def test_what_is_neither_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.whl").write_text("no zip file")
    other = checkout(tmp_path / "other", "(a,)")
    (other / "pyproject.toml").write_text('[project]\nname = "other"\nversion = "1"\n')
    for path in (tmp_path, tmp_path / "text.whl", tmp_path / "nowhere", other):
        with pytest.raises(UsageError, match="no checkout and no wheel"):
            upgrade.program_at(path)


def test_a_life_that_opens_is_told_and_not_changed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (home / "life.db").read_bytes()
    assert checked(home) == 0
    assert "opens as it is" in capsys.readouterr().out
    assert (home / "life.db").read_bytes() == before


def test_a_life_that_an_older_program_cannot_open_is_told(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(home, str(checkout(tmp_path / "old", "(a, b)"))) == 1
    assert "too old" in capsys.readouterr().out


def test_before_a_migration_a_backup_is_advised(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with apsw.Connection(str(home / "life.db")) as connection:
        connection.execute("PRAGMA user_version = 1")
    assert checked(home) == 0
    assert "digital-life backup" in capsys.readouterr().out


def test_where_there_is_no_life_that_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(tmp_path / "empty") == 0
    assert "no life" in capsys.readouterr().out
    assert not (tmp_path / "empty").exists()
