"""`digital-life persona`: who there is, and who answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from digital_life import cli

SETTINGS = """
[[personas]]
name = "Ada"
voices = { en = "en_US-lessac-medium" }
[[personas]]
name = "小雅"
life = "ya"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("DIGITAL_LIFE_SOURCES", raising=False)  # Ada's voice is of the hub
    (tmp_path / "digital-life.toml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def shown(capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> list[str]:
    assert cli.main(["--home", str(home), "--models", str(home / "models"), "persona", *words]) == 0
    return capsys.readouterr().out.splitlines()


def test_all_are_listed_and_who_answers_is_marked(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    jarvis, ada, advice, ya = shown(capsys, home)
    assert (jarvis, ada) == ("* Jarvis", "  Ada")
    assert "digital-life models fetch en_US-lessac-medium" in advice
    assert str(home / "lives" / "ya") in ya


def test_another_one_answers_from_then_on(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert "* Ada" in shown(capsys, home, "ada")
    assert "* Ada" in shown(capsys, home)
    assert any(line.startswith("* 小雅") for line in shown(capsys, home, "小亚"))


def test_one_that_is_not_there_is_told_with_those_that_are(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert cli.main(["--home", str(home), "persona", "Bob"]) == 2
    assert "Jarvis, Ada, 小雅" in capsys.readouterr().err
    assert not (home / "persona").exists()


def test_the_voices_of_every_persona_are_among_the_models_that_are_fetched(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    assert cli.main(["--home", str(home), "--models", str(home / "models"), "models", "list"]) == 0
    assert "en_US-lessac-medium *" in capsys.readouterr().out
