"""`digital-life service`: put there, taken away, looked at."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from digital_life import app, cli, units
from digital_life.backends import systemctl
from digital_life.backends.systemctl import Shown
from fakes.sealed import key_in, tell


class Manager:
    """A service manager that keeps one unit."""

    def __init__(self) -> None:
        self.text = ""
        self.says = Shown(
            loaded=True, active="active", result="success", status="listening", restarts=1, process=77, exit_status=0
        )

    def install(self, name: str, text: str) -> Path:
        self.text = text
        return Path("/units") / name

    def uninstall(self, name: str) -> bool:
        assert name == units.NAME
        there, self.text = bool(self.text), ""
        return there

    def show(self, name: str) -> Shown:
        assert name == units.NAME
        return self.says


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> Manager:
    it = Manager()
    monkeypatch.setattr(systemctl, "is_there", lambda: True)
    monkeypatch.setattr(systemctl, "manager", lambda *, user: it)  # noqa: ARG005 - of either
    monkeypatch.setattr(app, "choose_models", lambda context: context)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return it


def typed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = cli.main(arguments)
    said = capsys.readouterr()
    return status, said.out + said.err


def test_the_users_service_keeps_home_models_and_changed_settings(
    manager: Manager, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    status, said = typed(
        capsys, "--home", str(tmp_path), "--models", "/m", "--set", "persona.name=Ada", "service", "install", "--user"
    )
    assert status == 0
    assert "/units/digital-life.service" in said
    assert f"--home {tmp_path} --models /m --set persona.name=Ada run" in manager.text


def test_a_settings_file_elsewhere_is_named_in_the_unit(
    manager: Manager, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[persona]\nname = 'Ada'\n")
    assert typed(capsys, "--config", str(file), "--home", "/h", "service", "install")[0] == 0
    assert f"--config {file} run" in manager.text
    assert "--home /var/lib/digital-life " in manager.text


def test_the_service_of_the_machine_is_for_its_administrator(
    manager: Manager, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    status, said = typed(capsys, "service", "install")
    assert status == 1
    assert "sudo" in said
    assert not manager.text
    assert typed(capsys, "service", "install", "--user")[0] == 0


def test_without_systemd_it_says_how_to_start(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(systemctl, "is_there", lambda: False)
    status, said = typed(capsys, "service", "status")
    assert status == 1
    assert "digital-life run" in said


@pytest.mark.usefixtures("manager")
def test_uninstalling_says_where_the_life_stays(capsys: pytest.CaptureFixture[str]) -> None:
    typed(capsys, "service", "install")
    assert "/var/lib/digital-life" in typed(capsys, "service", "uninstall")[1]
    assert "not installed" in typed(capsys, "service", "uninstall")[1]


def test_the_status_is_in_plain_words(manager: Manager, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = typed(capsys, "service", "status")
    assert status == 0
    assert "process 77" in said
    assert "listening" in said
    assert manager.says.runs


@pytest.mark.parametrize(
    ("result", "advice"), [("exit-code", "systemctl restart"), ("start-limit-hit", "systemctl reset-failed")]
)
def test_a_failure_says_what_to_type(
    manager: Manager, capsys: pytest.CaptureFixture[str], result: str, advice: str
) -> None:
    manager.says = Shown(loaded=True, active="failed", result=result, status="", restarts=5, process=0, exit_status=1)
    status, said = typed(capsys, "service", "status")
    assert status == 1
    assert result in said
    assert advice in said


@pytest.mark.parametrize("active", ["active", "activating", "reloading", "deactivating", "inactive", "failed"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_state_has_words(
    manager: Manager, capsys: pytest.CaptureFixture[str], active: str, language: str
) -> None:
    manager.says = Shown(loaded=True, active=active, result="r", status="", restarts=0, process=1, exit_status=0)
    assert typed(capsys, "--set", f"persona.language={language}", "service", "status")[1].strip()


def test_a_program_that_is_nowhere_is_not_installed(
    manager: Manager, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    status, said = typed(capsys, "service", "install")
    assert status == 1
    assert f"{tmp_path}/bin/digital-life" in said
    assert not manager.text
    (tmp_path / "digital-life").touch(mode=0o755)
    assert typed(capsys, "service", "install")[0] == 0
    assert f"ExecStart={tmp_path}/digital-life " in manager.text


def test_the_status_tells_whether_the_memory_is_sealed(
    manager: Manager, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert manager.says.runs
    home = tmp_path / "home"
    status = ("--home", str(home), "service", "status", "--user")
    assert "seal" not in typed(capsys, *status)[1]
    tell(home, "My cat is black.")
    assert "is not sealed" in typed(capsys, *status)[1]
    (home / "life.db").unlink()
    tell(home, "My cat is black.", key_in(tmp_path))
    assert "memory is sealed" in typed(capsys, *status)[1]
