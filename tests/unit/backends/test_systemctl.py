"""What the service manager is asked to do, and what is made of its answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from digital_life.backends.systemctl import Systemctl, shown
from digital_life.errors import ServiceError

SCRIPT = """#!/bin/sh
echo "$*" >> {calls}
case "$*" in
    *{fails}*) echo "Failed: {fails}" >&2; exit 1;;
    *show*) printf 'LoadState=loaded\\nActiveState=active\\nNRestarts=2\\nMainPID=77\\nStatusText=listening = yes\\n';;
esac
"""


class Asked:
    """A systemctl that writes down what it is asked."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self.fail("nothing")
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    def fail(self, command: str) -> None:
        program = self._folder / "systemctl"
        program.write_text(SCRIPT.format(calls=self._folder / "calls", fails=command))
        program.chmod(0o755)

    @property
    def calls(self) -> list[str]:
        return (self._folder / "calls").read_text().splitlines()


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    return Asked(tmp_path, monkeypatch)


def test_an_installed_unit_is_there_enabled_and_started(asked: Asked, tmp_path: Path) -> None:
    path = Systemctl(user=True, folder=tmp_path / "units").install("a.service", "[Unit]\n")
    assert path.read_text() == "[Unit]\n"
    assert asked.calls == [
        "--user daemon-reload",
        "--user enable a.service",
        "--user reset-failed a.service",
        "--user restart --no-block a.service",
    ]


def test_an_uninstalled_unit_is_stopped_and_gone(asked: Asked, tmp_path: Path) -> None:
    systemctl = Systemctl(user=False, folder=tmp_path / "units")
    path = systemctl.install("a.service", "[Unit]\n")
    assert systemctl.uninstall("a.service")
    assert not path.exists()
    assert "disable --now a.service" in asked.calls
    assert not systemctl.uninstall("a.service")


def test_a_refusal_says_which_command_and_why(asked: Asked, tmp_path: Path) -> None:
    asked.fail("enable")
    with pytest.raises(ServiceError, match=r"systemctl enable a\.service.*Failed: enable"):
        Systemctl(user=False, folder=tmp_path / "units").install("a.service", "")


def test_a_machine_without_systemctl_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServiceError, match="systemctl"):
        Systemctl(user=False, folder=tmp_path).show("a.service")


@pytest.mark.usefixtures("asked")
def test_what_it_shows_is_read(tmp_path: Path) -> None:
    found = Systemctl(user=False, folder=tmp_path).show("a.service")
    assert (found.loaded, found.runs, found.restarts, found.process) == (True, True, 2, 77)
    assert found.status == "listening = yes"


def test_a_unit_that_is_not_there_is_none() -> None:
    found = shown({"LoadState": "not-found", "ActiveState": "inactive", "NRestarts": ""})
    assert (found.loaded, found.runs, found.restarts) == (False, False, 0)
