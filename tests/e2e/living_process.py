"""The daemon with a real memory and made-up ears, model and voice (tests/faults/living.py), as a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "tests" / "faults" / "living.py"


class Process:
    def __init__(self, home: Path, within: Sequence[str] = (), told: int | None = None) -> None:
        """`within`: the command that it is an argument of. `told`: where its log goes."""
        path = os.pathsep.join(str(ROOT / each) for each in ("daemon", "tests", "tests/e2e"))
        self._process = subprocess.Popen(
            [*within, sys.executable, str(SCRIPT), "--home", str(home), "run"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=told,
            text=True,
            env={**os.environ, "PYTHONPATH": path, "LANG": "en_GB.UTF-8"},
        )

    def type(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def until(self, wanted: str) -> None:
        assert self._process.stdout
        while wanted not in (said := self._process.stdout.readline()):
            assert said, f"it ended before {wanted}"

    @property
    def pid(self) -> int:
        return self._process.pid

    def ended(self) -> int:
        """By itself; its status."""
        return self._process.wait(60)

    def end(self, number: signal.Signals) -> tuple[int, float]:
        """Its status, and the seconds it took."""
        began = time.monotonic()
        self._process.send_signal(number)
        return self._process.wait(60), time.monotonic() - began

    def pause(self, seconds: float) -> None:
        self._process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self._process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()
