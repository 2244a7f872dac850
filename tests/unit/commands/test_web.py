"""`digital-life web`: where the console is, and how another machine gets in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from digital_life import cli
from digital_life.web.credentials import TOKEN_FILE


def shown(capsys: pytest.CaptureFixture[str], home: Path, *arguments: str) -> str:
    assert cli.main(["--home", str(home), *arguments]) == 0
    return capsys.readouterr().out


def test_on_this_machine_it_is_an_address_and_no_token_is_made(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert "http://127.0.0.1:8710\n" in shown(capsys, tmp_path, "web")
    assert not (tmp_path / TOKEN_FILE).exists()


def test_for_other_machines_it_is_a_link_that_logs_in(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    said = shown(capsys, tmp_path, "--set", "web.host=0.0.0.0", "--set", "web.names=['pi.local']", "web")
    token = (tmp_path / TOKEN_FILE).read_text().strip()
    assert f"http://pi.local:8710/?token={token}\n" in said
    assert "not encrypted" in said


def test_without_a_name_it_is_found_by_its_address(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    said = shown(capsys, tmp_path, "--set", "web.host=0.0.0.0", "web")
    assert re.search(r"http://[\w.-]+:8710/\?token=[\w-]{43}\n", said)
    assert "0.0.0.0" not in said  # noqa: S104


def test_where_a_password_is_set_no_token_is_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    said = shown(capsys, tmp_path, "--set", "web.host=10.0.0.5", "--set", "web.password_file=/x/password", "web")
    assert "http://10.0.0.5:8710\n" in said
    assert "/x/password" in said
    assert "token" not in said
    here = shown(capsys, tmp_path, "--set", "web.password_file=/x/password", "web")
    assert "http://127.0.0.1:8710\n" in here
    assert "/x/password" in here


def test_the_token_stays_until_another_is_wanted(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    token = shown(capsys, tmp_path, "web", "token")
    assert shown(capsys, tmp_path, "web", "token") == token
    new = shown(capsys, tmp_path, "web", "token", "--new")
    assert new.splitlines()[0] != token.strip()
    assert "log in again" in new
    assert shown(capsys, tmp_path, "web", "token") == f"{new.splitlines()[0]}\n"


def test_a_console_that_is_off_or_somewhere_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "off" in shown(capsys, tmp_path, "--set", "web.enabled=false", "web")
    assert "log" in shown(capsys, tmp_path, "--set", "web.port=0", "web")
