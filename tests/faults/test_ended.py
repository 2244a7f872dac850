"""The daemon is ended in every state, by the power or by a signal: nothing said is lost, and it is soon back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from daemon_process import IDLE, LISTENING, SPEAKING, THINKING

from digital_life.memory import waiting
from digital_life.memory.store import Store
from fakes.embedder import FakeEmbedder

SCRIPT = Path(__file__).parent / "living.py"
ROOT = Path(__file__).resolve().parents[2]
BACK_S = 10.0
GONE_S = 5.0
STATES = {
    "idle": ((), "", ()),
    "listening": (("wake",), LISTENING, ()),
    "thinking": (("think of my sister Anna",), THINKING, ("think of my sister Anna",)),
    "speaking": (("speak of my brother Tom",), SPEAKING, ("speak of my brother Tom",)),
    "writing a diary": (("diary",), "writing", ()),
}
"""What is typed to bring it there, the line by which it is told, and what was said by then."""


class Process:
    def __init__(self, home: Path) -> None:
        path = os.pathsep.join(str(ROOT / each) for each in ("daemon", "tests", "tests/e2e"))
        self._process = subprocess.Popen(
            [sys.executable, str(SCRIPT), "--home", str(home), "run"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
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


@contextmanager
def process(home: Path) -> Iterator[Process]:
    running = Process(home)
    try:
        yield running
    finally:
        running.close()


def wait(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + BACK_S
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


def told(home: Path) -> list[str]:
    with Store.open(home / "life.db", FakeEmbedder()) as store:
        assert store.is_sound()
        return [each.heard for each in store.all_turns()]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("way", [signal.SIGKILL, signal.SIGTERM], ids=["power", "signal"])
def test_nothing_said_is_lost_and_it_is_soon_back(state: str, way: signal.Signals, tmp_path: Path) -> None:
    typed, shown, said = STATES[state]
    with process(tmp_path) as it:
        it.until(IDLE)
        it.type("My cat is black.")
        it.until(SPEAKING)
        it.until(IDLE)
        for line in typed:
            it.type(line)
            it.until(shown)
        # What is heard is on the disk after a few milliseconds, while it is being answered.
        wait(lambda: not said or (tmp_path / waiting.FILE).exists())
        status, took_s = it.end(way)
    if way is signal.SIGTERM:
        assert status == 0
        assert took_s < GONE_S
    began = time.monotonic()
    with process(tmp_path) as it:
        it.until(IDLE)
        assert time.monotonic() - began < BACK_S
        assert told(tmp_path) == ["My cat is black.", *said]
        assert not (tmp_path / waiting.FILE).exists()
        if state == "writing a diary":
            it.type("tend")
            it.until("written")


def test_paused_for_a_while_it_goes_on_as_if_nothing_had_been(tmp_path: Path) -> None:
    """As when the machine sleeps in the middle of an answer."""
    with process(tmp_path) as it:
        it.until(IDLE)
        it.type("speak of my brother Tom")
        it.until(SPEAKING)
        it.pause(3.0)
        it.type("My cat is black.")
        it.until(SPEAKING)
        it.until(IDLE)
        assert it.end(signal.SIGTERM)[0] == 0
    assert told(tmp_path) == ["speak of my brother Tom", "My cat is black."]
