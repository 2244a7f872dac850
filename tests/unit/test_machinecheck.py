"""What the doctor says of swap, profile and clock."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from digital_life import catalogue, config, machinecheck, words
from digital_life.backends import systemctl
from digital_life.clock import SystemClock
from digital_life.context import Context
from digital_life.finding import Finding, Health
from digital_life.profile import Machine


def ill(tmp_path: Path, *changes: str) -> list[Finding]:
    settings = config.load(None, ["web.enabled=false", *changes])
    context = Context(settings, tmp_path, tmp_path, SystemClock(), words.load("en"), debug=False)
    return [each for each in machinecheck.check(context, ()) if each.health is not Health.WELL]


def test_programs_that_lie_on_the_disk_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    total = psutil.virtual_memory().total
    monkeypatch.setattr(psutil, "swap_memory", lambda: SimpleNamespace(used=total // 2))
    (found,) = ill(tmp_path)
    assert found.part == "swap"
    assert f"{total / 2e9:.1f} GB" in found.found
    monkeypatch.setattr(psutil, "swap_memory", lambda: SimpleNamespace(used=total // 10))
    assert ill(tmp_path) == []


def test_models_that_are_too_large_for_the_machine_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "this_machine", lambda: Machine(2_000_000_000, 4))
    (found,) = ill(tmp_path, "models.profile=better")
    assert "there are 2.0" in found.found
    assert 'models.profile = "small"' in found.advice
    assert ill(tmp_path, "models.profile=small") == []
    assert ill(tmp_path, "models.profile=auto") == []


TELLS = """#!/bin/sh
echo NTP={ntp}
echo NTPSynchronized={right}
"""


@pytest.mark.parametrize(("ntp", "right", "parts"), [("no", "no", ["clock"]), ("yes", "no", []), ("no", "yes", [])])
def test_a_clock_that_nobody_sets_right_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ntp: str, right: str, parts: list[str]
) -> None:
    program = tmp_path / "timedatectl"
    program.write_text(TELLS.format(ntp=ntp, right=right))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(systemctl, "is_there", lambda: True)
    assert [each.part for each in ill(tmp_path)] == parts


def test_a_clock_service_that_does_not_answer_costs_a_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "timedatectl"
    program.write_text("#!/bin/sh\nexec sleep 30\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(systemctl, "is_there", lambda: True)
    monkeypatch.setattr(machinecheck, "ANSWER_S", 0.1)
    assert ill(tmp_path) == []
