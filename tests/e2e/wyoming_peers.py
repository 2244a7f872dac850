"""Real Wyoming servers, each in a process of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fakes.mosquitto import free_port

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "peers" / "wyoming"
NOT_HERE = 69
START_S = 120.0


class NotHere(Exception):  # noqa: N818 - why a test is skipped, no error
    """It cannot be installed on this Python."""


@dataclass
class Peer:
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def logged(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)


@contextmanager
def peer(name: str, log: Path, *folder: Path) -> Iterator[Peer]:
    """It answers when this is entered. Raises NotHere."""
    installed = subprocess.run([sys.executable, SCRIPT, "install", name], capture_output=True, text=True, check=False)
    if installed.returncode == NOT_HERE:
        raise NotHere(installed.stderr)
    assert installed.returncode == 0, installed.stderr
    port = free_port()
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, SCRIPT, "run", name, str(port), *folder], stdout=file, stderr=subprocess.STDOUT
        )
    it = Peer(port, process, log)
    try:
        _wait(it)
        yield it
    finally:
        it.kill()


def _wait(it: Peer) -> None:
    until = time.monotonic() + START_S
    while True:
        assert it.process.poll() is None, it.logged
        try:
            socket.create_connection(("127.0.0.1", it.port), timeout=1).close()
        except OSError:
            assert time.monotonic() < until, it.logged
            time.sleep(0.2)
        else:
            return
