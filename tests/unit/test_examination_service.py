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


def test_of_a_machine_that_cannot_be_asked_it_is_not_said_that_there_is_none(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert examined(context, monkeypatch, machine=None) == []


def test_one_that_runs_says_how_it_goes(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = shown({"LoadState": "loaded", "ActiveState": "active", "StatusText": "thinking"})
    (finding,) = examined(context, monkeypatch, user=runs)
    assert finding.health is Health.WELL
    assert "--user runs: thinking" in finding.found


@pytest.mark.parametrize(
    ("result", "status", "said", "advice"),
    [
        ("watchdog", "6", "no sign of life", "systemctl restart"),
        ("start-limit-hit", "1", "five times", "reset-failed"),
        ("oom-kill", "9", "no memory left", 'models.profile = "small"'),
        ("exit-code", "78", "with an error", "config check"),
        ("resources", "0", "resources", "journalctl -u"),
    ],
)
def test_one_that_failed_is_broken_and_says_what_to_type(
    context: Context, monkeypatch: pytest.MonkeyPatch, result: str, status: str, said: str, advice: str
) -> None:
    failed = shown({"LoadState": "loaded", "ActiveState": "failed", "Result": result, "ExecMainStatus": status})
    (finding,) = examined(context, monkeypatch, machine=failed)
    assert finding.health is Health.BROKEN
    assert said in finding.found
    assert advice in finding.advice


def test_one_that_is_stopped_is_said_to_be(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = shown({"LoadState": "loaded", "ActiveState": "inactive"})
    (finding,) = examined(context, monkeypatch, machine=stopped)
    assert (finding.health, "stopped" in finding.found) == (Health.WEAK, True)


def test_one_that_ends_again_and_again_is_broken_also_while_it_is_started(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    looping = shown(
        {"LoadState": "loaded", "ActiveState": "activating", "SubState": "auto-restart", "Result": "core-dump"}
    )
    (finding,) = examined(context, monkeypatch, user=looping)
    assert finding.health is Health.BROKEN
    assert "again and again (it crashed)" in finding.found
    assert "systemctl --user restart digital-life" in finding.advice


def test_one_that_had_to_be_started_again_says_how_often_and_how_to_count_anew(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    restarted = shown({"LoadState": "loaded", "ActiveState": "active", "NRestarts": "3"})
    (finding,) = examined(context, monkeypatch, machine=restarted)
    assert finding.health is Health.WEAK
    assert "times: 3" in finding.found
    assert "sudo systemctl reset-failed digital-life" in finding.advice
