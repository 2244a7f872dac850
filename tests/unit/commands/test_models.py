from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

import pytest

from digital_life import config, words
from digital_life.catalogue import Store, load_catalogue
from digital_life.clock import SystemClock
from digital_life.commands import models
from digital_life.context import Context
from digital_life.errors import DigitalLifeError, UsageError

if TYPE_CHECKING:
    from pathlib import Path


def type_in(folder: Path, *arguments: str) -> int:
    """`digital-life --models FOLDER models ARGUMENTS`."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    models.add_parser(parser.add_subparsers(), words.load("en"))
    context = Context(
        settings=config.load(None),
        home=folder,
        models=folder,
        clock=SystemClock(),
        words=words.load("en"),
        debug=False,
    )
    return models.run(parser.parse_args(["models", *arguments]), context)


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    """A file of the person's own, outside the models folder."""
    file = tmp_path / "own" / "zh_CN-mine.onnx"
    file.parent.mkdir()
    file.write_bytes(b"weights")
    file.with_name("zh_CN-mine.onnx.json").write_bytes(b"{}")
    return file


def test_an_added_voice_stays_where_it_is_and_knows_its_language(
    voice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in(tmp_path / "models", "add", "voice", str(voice)) == 0
    assert 'voices = { zh = "zh_CN-mine" }' in capsys.readouterr().out
    store = Store(tmp_path / "models", load_catalogue())
    added = store.find("zh_CN-mine", "voice")
    assert (added.languages, store.path(added, added.files[0])) == (("zh",), voice)


def test_verify_finds_a_file_cut_short(voice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    type_in(tmp_path / "models", "add", "voice", str(voice))
    assert type_in(tmp_path / "models", "verify") == 0
    os.truncate(voice, 3)
    assert type_in(tmp_path / "models", "verify") == 1
    assert "zh_CN-mine: damaged" in capsys.readouterr().out


def test_the_list_says_what_is_installed(voice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    type_in(tmp_path / "models", "add", "voice", str(voice))
    type_in(tmp_path / "models", "list")
    lines = capsys.readouterr().out.splitlines()
    assert next(line for line in lines if line.startswith("zh_CN-mine")).endswith("installed")
    assert not next(line for line in lines if line.startswith("kokoro-82m")).endswith("installed")


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("language-model", "zh_CN-mine.onnx"),
        ("voice", "zh_CN-mine.onnx.json"),
        ("speech-to-text", "zh_CN-mine.onnx"),
    ],
)
def test_a_file_of_the_wrong_kind_is_refused(role: str, name: str, voice: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        type_in(tmp_path / "models", "add", role, str(voice.with_name(name)))
    assert not (tmp_path / "models").exists()


def test_what_is_neither_a_path_nor_of_the_hub_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="neither a path"):
        type_in(tmp_path, "add", "language-model", "nowhere")


def test_a_model_that_is_not_known_cannot_be_fetched(tmp_path: Path) -> None:
    with pytest.raises(DigitalLifeError, match="models list"):
        type_in(tmp_path, "fetch", "eliza")
