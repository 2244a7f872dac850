"""A real language server on this machine: llama.cpp's, as `llama_cpp.server`."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

START_S = 120.0
"""A machine that tests other things too is slow."""
KEY = "open-sesame"


@dataclass
class LanguageServer:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def answers(self) -> int:
        """How many it has begun."""
        return self.log.read_text().count("POST /v1/chat/completions")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def serving(model: Path, log: Path, *, port: int = 0, context: int = 1024) -> Iterator[LanguageServer]:
    """Returns when it answers; it is killed in the end."""
    port = port or _free_port()
    command = [sys.executable, "-m", "llama_cpp.server", "--model", model, "--host", "127.0.0.1", "--port", port]
    # Left to itself, whoever asks takes the server from whom it is answering.
    options = ["--n_ctx", context, "--api_key", KEY, "--verbose", "false", "--interrupt_requests", "false"]
    with log.open("ab") as output:
        process = subprocess.Popen(list(map(str, command + options)), stdout=output, stderr=output)
    server = LanguageServer(process, port, log)
    try:
        _wait_for(server)
        yield server
    finally:
        server.kill()


def _wait_for(server: LanguageServer) -> None:
    ends = time.monotonic() + START_S
    while time.monotonic() < ends and server.process.poll() is None:
        try:
            if httpx.get(f"{server.address}/models", trust_env=False).status_code == httpx.codes.UNAUTHORIZED:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError(server.log.read_text())


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
