"""What the doctor says of the service."""

from __future__ import annotations

from pathlib import Path

import pytest

from digital_life import config, words
from digital_life.backends import systemctl
from digital_life.backends.systemctl import Shown, shown
from digital_life.clock import SystemClock
from digital_life.context import Context
from digital_life.errors import ServiceError
from digital_life.examination import _service
from digital_life.finding import Finding, Health

NONE = shown({"LoadState": "not-found"})


class Manager:
    def __init__(self, says: Shown | None) -> None:
        """None: it cannot be asked."""
        self._says = says

    def show(self, name: str) -> Shown:
        if self._says is None:
            raise ServiceError("service-systemctl", command=name, cause="no bus")
        return self._says


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context(config.load(None), tmp_path, tmp_path, SystemClock(), words.load("en"), debug=False)


def examined(
    context: Context, monkeypatch: pytest.MonkeyPatch, *, machine: Shown | None = NONE, user: Shown | None = NONE
) -> list[Finding]:
    says = {False: machine, True: user}
    monkeypatch.setattr(systemctl, "is_there", lambda: True)
    monkeypatch.setattr(systemctl, "manager", lambda *, user: Manager(says[user]))
    return _service(context)


def test_without_systemd_nothing_is_said(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(systemctl, "is_there", lambda: False)
    assert _service(context) == []


@pytest.mark.parametrize("user", [NONE, None])
def test_one_that_is_not_installed_is_a_pity(
    context: Context, monkeypatch: pytest.MonkeyPatch, user: Shown | None
) -> None:
    (finding,) = examined(context, monkeypatch, user=user)
    assert finding.health is Health.WEAK
    assert "service install" in finding.advice


def test_one_that_runs_says_how_it_goes(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = shown({"LoadState": "loaded", "ActiveState": "active", "StatusText": "thinking"})
    (finding,) = examined(context, monkeypatch, user=runs)
    assert finding.health is Health.WELL
    assert "--user runs: thinking" in finding.found


@pytest.mark.parametrize(("result", "advice"), [("watchdog", "systemctl restart"), ("start-limit-hit", "reset-failed")])
def test_one_that_failed_is_broken_and_says_what_to_type(
    context: Context, monkeypatch: pytest.MonkeyPatch, result: str, advice: str
) -> None:
    failed = shown({"LoadState": "loaded", "ActiveState": "failed", "Result": result})
    (finding,) = examined(context, monkeypatch, machine=failed)
    assert finding.health is Health.BROKEN
    assert result in finding.found
    assert advice in finding.advice


def test_one_that_is_stopped_is_said_to_be(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = shown({"LoadState": "loaded", "ActiveState": "inactive"})
    (finding,) = examined(context, monkeypatch, machine=stopped)
    assert (finding.health, "stopped" in finding.found) == (Health.WEAK, True)
