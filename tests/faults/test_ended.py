"""The daemon is ended in every state, by the power or by a signal: nothing said is lost, and it is soon back."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from daemon_process import IDLE, LISTENING, SPEAKING, THINKING
from living_process import Process

from digital_life.memory import waiting
from digital_life.memory.store import Store
from fakes.embedder import FakeEmbedder

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


def test_a_language_model_that_takes_the_process_with_it_loses_nothing_that_was_said(tmp_path: Path) -> None:
    """As llama.cpp does when it fails an assertion, or the file that it maps is cut off in the middle of a step."""
    with process(tmp_path) as it:
        it.until(IDLE)
        it.type("My cat is black.")
        it.until(SPEAKING)
        it.until(IDLE)
        it.type("crash of my sister Anna")
        assert it.ended() == -signal.SIGABRT
    began = time.monotonic()
    with process(tmp_path) as it:
        it.until(IDLE)
        assert time.monotonic() - began < BACK_S
    assert told(tmp_path) == ["My cat is black.", "crash of my sister Anna"]


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
