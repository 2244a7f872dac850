"""A real S3 server on this machine, with keys, and a bucket in it."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path
from typing import Self

import pytest

from fakes.mosquitto import free_port

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "peers" / "rclone"
NOT_TO_BE_HAD = 69
STARTS_S = 30
KEY, SECRET = "tests", "only-of-tests"


class Bucket:
    """Rclone serves `folder`; what is put into the bucket lies in `files` as plain files."""

    def __init__(self, folder: Path) -> None:
        self.files = folder / "served" / "backups"
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.credentials = folder / "credentials"
        self.credentials.write_text(f"[default]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n")
        self.files.mkdir(parents=True)
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        installed = subprocess.run([SCRIPT, "install"], capture_output=True, text=True, check=False, timeout=300)
        if installed.returncode == NOT_TO_BE_HAD:
            pytest.skip(installed.stderr)
        assert installed.returncode == 0, installed.stderr
        self._program = installed.stdout.strip()
        self.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    def start(self) -> None:
        self._server = subprocess.Popen(
            [
                self._program,
                *("serve", "s3", str(self.files.parent)),
                *("--addr", f"127.0.0.1:{self.port}", "--auth-key", f"{KEY},{SECRET}"),
                *("--config", "/dev/null"),
            ],
            stderr=subprocess.DEVNULL,
        )
        ends = time.monotonic() + STARTS_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                if time.monotonic() > ends:
                    raise
                time.sleep(0.1)
            else:
                return

    def stop(self) -> None:
        """It is gone at once, whatever it was at."""
        if self._server:
            self._server.kill()
            self._server.wait(10)
            self._server = None
