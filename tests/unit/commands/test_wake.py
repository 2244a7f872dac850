from __future__ import annotations

import sys
from pathlib import Path

import pytest

from digital_life import backends, cli


def refused(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> str:
    assert cli.main(["--home", str(folder), "--models", str(folder), "wake", "train", *arguments]) != 0
    said = capsys.readouterr().err
    assert said.count("\n") == 1, said
    return said


@pytest.mark.parametrize("name", ["", "hey ada", "../ada", "ada.onnx"])
def test_a_name_that_is_no_name_is_refused_before_any_work(
    name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert "cannot be the name" in refused(capsys, tmp_path, name, "--phrase", "hey Ada")


def test_the_name_of_a_model_that_is_known_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "has a model alexa already" in refused(capsys, tmp_path, "alexa", "--phrase", "alexa")


@pytest.mark.parametrize("phrase", ["", "  ", "?!"])
def test_a_phrase_without_words_is_refused(phrase: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "has no words" in refused(capsys, tmp_path, "ada", "--phrase", phrase)


def test_a_folder_without_recordings_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    said = refused(capsys, tmp_path, "ada", "--phrase", "hey Ada", "--recordings", str(tmp_path))
    assert "holds no recordings" in said


def test_without_the_libraries_it_says_what_to_install(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    monkeypatch.delitem(sys.modules, "digital_life.backends.head", raising=False)
    monkeypatch.delattr(backends, "head", raising=False)
    assert "pip install onnx" in refused(capsys, tmp_path, "ada", "--phrase", "hey Ada")


def test_without_the_networks_it_says_what_to_fetch(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "models fetch" in refused(capsys, tmp_path, "ada", "--phrase", "hey Ada")
