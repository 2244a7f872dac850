"""What systemd is told, through a socket of the kind it gives."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from digital_life import service
from digital_life.values import State

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="systemd is on Linux alone")


def told(state: State, folder: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        path = folder / f"notify-{state}"
        manager.bind(str(path))
        monkeypatch.setenv("NOTIFY_SOCKET", str(path))
        service.show(state, "as it is")
        return set(manager.recv(4096).decode().split("\n"))


@pytest.mark.parametrize(
    ("state", "lines"),
    [
        (State.STARTING, {"STATUS=as it is"}),
        (State.IDLE, {"READY=1", "STATUS=as it is"}),
        (State.DEAF, {"READY=1", "STATUS=as it is"}),
        (State.SPEAKING, {"STATUS=as it is"}),
        (State.STOPPING, {"STOPPING=1", "STATUS=as it is"}),
    ],
)
def test_each_state_is_told(state: State, lines: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(state, tmp_path, monkeypatch) == lines


def test_an_end_that_is_a_new_beginning_is_no_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        service.show_restart("stopping")
        lines = dict(line.split("=") for line in manager.recv(4096).decode().split("\n"))
    assert lines.keys() == {"RELOADING", "MONOTONIC_USEC", "STATUS"}
    assert lines["MONOTONIC_USEC"].isdecimal()


def test_without_systemd_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    service.show(State.IDLE, "alone")
