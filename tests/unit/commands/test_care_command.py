"""`digital-life care check` and `lines`."""

from __future__ import annotations

import json

import pytest

from digital_life import cli


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cli.main(arguments) == 0
    return capsys.readouterr().out


def test_a_sentence_is_judged_as_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    table = json.loads(said(capsys, "care", "check", "我不想活了", "--json"))
    assert table["level"] == 2
    assert table["reasons"] == ["wants-to-die: 不想活了"]
    assert table["version"]


def test_an_idiom_gives_no_reason(capsys: pytest.CaptureFixture[str]) -> None:
    table = json.loads(said(capsys, "care", "check", "this homework is killing me", "--json"))
    assert (table["level"], table["reasons"]) == (0, [])


def test_a_person_reads_what_it_is_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    shown = said(capsys, "care", "check", "I want to die")
    assert shown.startswith("level 2:")
    assert "i want to die" in shown


def test_the_help_lines_are_shown_with_their_sources(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_TW.UTF-8")
    shown = said(capsys, "care", "lines")
    assert "12356" in shown
    assert "116 123" in shown
    assert "https://" in shown
    assert shown.splitlines()[-1].endswith("TW")
    assert said(capsys, "--set", "care.region=UK", "care", "lines").splitlines()[-1].endswith("UK")
