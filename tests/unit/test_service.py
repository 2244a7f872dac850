"""What systemd is told, through a socket of the kind it gives."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from digital_life import service

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="systemd is on Linux alone")


def told(folder: Path, monkeypatch: pytest.MonkeyPatch, *, ready: bool = False, stops: bool = False) -> set[str]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(folder / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(folder / "notify"))
        service.show("as it is", ready=ready, stops=stops)
        return set(manager.recv(4096).decode().split("\n"))


def test_how_it_goes_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(tmp_path, monkeypatch) == {"STATUS=as it is"}


def test_that_it_is_ready_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(tmp_path, monkeypatch, ready=True) == {"READY=1", "STATUS=as it is"}


def test_that_it_stops_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(tmp_path, monkeypatch, stops=True) == {"STOPPING=1", "STATUS=as it is"}


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
    service.show("alone")
