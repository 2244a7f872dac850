"""Misuse and wrong settings end with one line and the right exit status."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from digital_life import cli
from digital_life.errors import ConfigError


def failing(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = cli.main(arguments)
    said = capsys.readouterr().err
    assert said.count("\n") == 1, said
    assert "Traceback" not in said
    return status, said


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("dance",),
        ("say",),
        ("say", "  "),
        ("listen",),
        ("--now", "yesterday", "config", "check"),
        ("config", "burn"),
    ],
)
def test_misuse_is_one_line_and_status_2(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    assert failing(capsys, *arguments)[0] == 2


def test_a_wrong_setting_is_one_line_and_status_78(capsys: pytest.CaptureFixture[str]) -> None:
    status, said = failing(capsys, "--set", "persona.nme=x", "config", "check")
    assert status == 78
    assert "persona.name" in said


def test_a_chinese_machine_is_answered_in_chinese(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "没有" in failing(capsys, "--set", "persona.nme=x", "config", "check")[1]


def test_debug_shows_where_an_error_came_from() -> None:
    with pytest.raises(ConfigError):
        cli.main(["--debug", "--config", "/nowhere.toml", "config", "check"])


def test_settings_in_the_home_folder_are_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "digital-life.toml").write_text('[persona]\nname = "Ada"\n')
    assert cli.main(["--home", str(tmp_path), "config", "show"]) == 0
    assert 'name = "Ada"' in capsys.readouterr().out


def test_a_broken_settings_file_names_the_key(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "digital-life.toml").write_text("[hearing]\nend_silense_ms = 3\n")
    status, said = failing(capsys, "--home", str(tmp_path), "config", "check")
    assert status == 78
    assert "hearing.end_silence_ms" in said


def test_it_tells_its_version_without_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["--version"])
    assert left.value.code == 0
    assert capsys.readouterr().out == f"digital-life {metadata.version('digital-life')}\n"
