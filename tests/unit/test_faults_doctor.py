"""Of every fault in docs/faults.md the doctor tells something, or it is said why it cannot."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from digital_life import mishaps

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (?P<what>[^|]+) \|(?:[^|]+\|){3} `tests/[^`]+` \|$", re.MULTILINE)
WHAT = [each["what"] for each in ROW.finditer((ROOT / "docs" / "faults.md").read_text(encoding="utf-8"))]
CHECKS = ("examination.py", "homecheck.py", "machinecheck.py")
TOLD = {
    "The microphone is unplugged, and back": "microphone",
    "The loudspeaker is gone": "loudspeaker",
    "PulseAudio is restarted": "microphone",
    "What listens for its name raises": "lately: microphone",
    "The recogniser raises once": "lately: recogniser",
    "The recogniser goes on raising": "lately: recogniser",
    "A voice raises": "lately: voice",
    "The language model raises, or has no memory left": "lately: language model",
    "The language model hangs": "lately: language model",
    "The language server is killed": "language server",
    "The files of the networks that listen are deleted while it runs": "models",
    "A model's file is damaged": "models",
    "The recogniser hangs": "lately: recogniser",
    "What judges the melody hangs": "lately: recogniser",
    "What listens for its name hangs": "lately: microphone",
    "What finds meanings hangs": "lately: memory",
    "A voice hangs": "lately: voice",
    "The language model takes the process with it (an assertion, a bus error, the kernel for want of "
    "memory)": "last run",
    "Its file is cut off while it runs": "models",
    "Its file is overwritten in the middle of an answer": "models",
    "Its file is deleted, or another takes its place": "models",
    "There is no memory for the language model at the start": "profile",
    "The language model's file is damaged at the start": "models",
    "The disk is full while it runs": "disk",
    "An error on the disk makes it read-only": "home folder",
    "A power cut before the language model is loaded": "last run",
    "The memory is locked by another program": "waiting",
    "The memory is locked until the end": "waiting",
    "The memory is damaged while it runs": "damaged file",
    "The key of a sealed memory is missing, or another": "seal",
    "The memory is damaged at the start": "memory file",
    "The memory is read-only while it runs": "home folder",
    "The memory is read-only at the start": "home folder",
    "The disk is full during a diary": "disk",
    "The clock jumps forward or back": "clock",
    "The broker vanishes": "home",
    "SIGTERM or a power cut (kill -9): idle, listening, thinking, speaking, writing a diary": "last run",
    "A power cut with the real models, after an answer": "last run",
    "A power cut at any moment of writing": "last run",
    "A power cut after a reminder was confirmed": "last run",
}
"""The part of its finding; "lately: " is what a note of the daemon tells."""
UNKNOWN = {
    "SIGTERM while the models are loaded": "it was told to leave, and left in order",
    "Twenty write at once while one speaks": "they are answered one after another",
    "The broker is killed while questions on it wait, and a page that wrote is closed": "see the broker that vanishes",
    "A power cut while the memory is sealed, opened or given another key": "whoever uses the home next finishes it",
    "The disk is full while the memory is sealed": "the command tells it, and nothing has changed",
    "The machine is suspended in the middle of an answer": "it goes on as if nothing had been",
    "The browser vanishes while it plays": "pages come and go as they like; what was to be heard is heard in the room",
    "The configuration is broken when it is to begin again": "the command ends with what is wrong, and status 78",
}
"""Why it has nothing to tell."""


def test_every_fault_is_told_or_has_its_reason() -> None:
    assert set(WHAT) == TOLD.keys() | UNKNOWN.keys()
    assert not TOLD.keys() & UNKNOWN.keys()


@pytest.mark.parametrize(("what", "part"), TOLD.items(), ids=TOLD)
def test_what_is_told_is_a_part_that_the_doctor_looks_at(what: str, part: str) -> None:
    if part.startswith("lately: "):
        assert part.removeprefix("lately: ") in {*mishaps.PARTS.values(), *mishaps.ERRORS.values()}, what
    else:
        sources = [(ROOT / "daemon" / "digital_life" / each).read_text(encoding="utf-8") for each in CHECKS]
        assert any(f'"{part}"' in each for each in sources), what
