"""The daemon begins again in its own process: systemd and the terminal keep it, and changed settings count."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from digital_life.backends import settingsfile

SCRIPT = Path(__file__).parent / "restarting.py"
WAIT_S = 60


class Told:
    """What systemd would be told."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "notify"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self.path))
        self._socket.settimeout(WAIT_S)

    def next(self) -> list[str]:
        return self._socket.recv(4096).decode().split("\n")

    def until(self, wanted: str) -> list[str]:
        """All lines up to that one."""
        lines: list[str] = []
        while wanted not in lines:
            lines += self.next()
        return lines

    def close(self) -> None:
        self._socket.close()


@contextmanager
def daemon(home: Path, told: Told) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), "--home", str(home), "run"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "NOTIFY_SOCKET": str(told.path), "LANG": "en_GB.UTF-8"},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
        told.close()


def line(process: subprocess.Popen[str], wanted: str) -> str:
    assert process.stdout
    while wanted not in (said := process.stdout.readline()):
        assert said, "it ended"
    return said.strip()


def test_it_begins_again_as_the_same_process_with_the_settings_of_now(tmp_path: Path) -> None:
    told = Told(tmp_path)
    with daemon(tmp_path, told) as process:
        assert process.stdin
        assert line(process, "process") == f"process {process.pid} is Jarvis"
        told.until("READY=1")
        for name in ("Ada", "Bea"):
            settingsfile.write(tmp_path / "digital-life.toml", {"persona.name": name})
            process.stdin.write("again\n")
            process.stdin.flush()
            assert line(process, "process") == f"process {process.pid} is {name}"
            heard = told.until("READY=1")
            assert "RELOADING=1" in heard
            assert "STOPPING=1" not in heard
        process.stdin.write("still here\n")
        process.stdin.flush()
        line(process, "typed still here")
        process.send_signal(signal.SIGTERM)
        told.until("STOPPING=1")
        assert process.wait(WAIT_S) == 0


def open_files(number: int) -> int:
    time.sleep(0.05)
    return len(list(Path(f"/proc/{number}/fd").iterdir()))


def test_nothing_is_left_open_however_often_it_begins_again(tmp_path: Path) -> None:
    told = Told(tmp_path)
    with daemon(tmp_path, told) as process:
        assert process.stdin
        counts = []
        for _ in range(4):
            line(process, "process")
            told.until("READY=1")
            # The socket that told READY may not be closed yet: what counts is what stays open.
            counts.append(min(open_files(process.pid) for _ in range(10)))
            process.stdin.write("again\n")
            process.stdin.flush()
        assert counts[-1] <= counts[1]
