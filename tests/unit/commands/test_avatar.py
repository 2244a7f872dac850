"""`digital-life avatar`: nothing is fetched before its licences are accepted."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from digital_life import cli
from digital_life.avatars import Manifest
from digital_life.backends.avatars import Avatars, Installer


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of what would have been fetched."""
    names: list[str] = []

    def fetch(installer: Installer, avatar: Any) -> None:
        names.append(avatar.name)
        installer._avatars.keep(Manifest(name=avatar.name, generation=2, scripts=(), model="model/x"), {}, ())

    monkeypatch.setattr(Installer, "fetch", fetch)
    return names


def run(home: Path, *words: str) -> int:
    return cli.main(["--home", str(home), "avatar", *words])


def test_the_licences_are_shown_and_without_a_yes_nothing_is_fetched(
    tmp_path: Path, fetched: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for answer in ("", "no\n", "what?\n"):
        monkeypatch.setattr("sys.stdin", io.StringIO(answer))
        assert run(tmp_path, "install", "shizuku") == 1
    shown = capsys.readouterr().out
    assert "https://www.live2d.com/eula/live2d-free-material-license-agreement_en.html" in shown
    assert "Live2D Proprietary Software License Agreement" in shown
    assert fetched == []


def test_with_a_yes_it_is_installed_and_shown(
    tmp_path: Path, fetched: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    assert run(tmp_path, "install", "shizuku") == 0
    assert run(tmp_path, "install", "hijiki", "--accept") == 0
    assert fetched == ["shizuku", "hijiki"]
    capsys.readouterr()
    assert run(tmp_path, "list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines if line.startswith("*")] == [["*", "hijiki"]]


def test_another_one_is_used_until_it_is_removed(tmp_path: Path, fetched: list[str]) -> None:
    assert run(tmp_path, "install", "shizuku", "--accept") == 0
    assert run(tmp_path, "use", "own") == 0
    assert Avatars(tmp_path).chosen == ""
    assert run(tmp_path, "use", "shizuku") == 0
    assert Avatars(tmp_path).chosen == "shizuku"
    assert run(tmp_path, "remove", "shizuku") == 0
    assert Avatars(tmp_path).chosen == ""
    assert fetched == ["shizuku"]


def test_what_is_not_there_is_told_with_what_there_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "install", "nobody", "--accept") == 2
    assert "shizuku, hijiki, haru" in capsys.readouterr().err
    assert run(tmp_path, "use", "haru") == 2
    assert "digital-life avatar install" in capsys.readouterr().err


def test_a_folder_without_a_model_or_with_several_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    assert run(tmp_path, "install", str(folder), "--accept") == 2
    assert "*.model3.json" in capsys.readouterr().err
    (folder / "a.model3.json").write_text("{}")
    (folder / "b.model.json").write_text("{}")
    assert run(tmp_path, "install", str(folder), "--accept") == 2
    assert "b.model.json" in capsys.readouterr().err
    assert run(tmp_path, "install", str(folder / "a.model3.json"), "--accept") == 2
    assert "Cubism" in capsys.readouterr().err
