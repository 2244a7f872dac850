from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = [
    *sorted(
        path
        for path in (ROOT / "scripts").iterdir()
        if path.name in {"run", "test", "check", "setup", "lock", "audit", "sbom"}
    )
]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout where everything is set up, and whose digital-life tells how it was called."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "run", tmp_path / "scripts")
    _program(tmp_path / "scripts" / "setup", "true")
    _program(tmp_path / ".venv" / "bin" / "digital-life", 'printf "<%s>" "$@"; echo')
    return tmp_path


def _program(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/usr/bin/env bash\n{line}\n")
    path.chmod(0o755)


def run(checkout: Path, *arguments: str) -> list[str]:
    done = subprocess.run([checkout / "scripts" / "run", *arguments], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.parametrize("script", [*SCRIPTS, ROOT / ".ci" / "run"], ids=lambda path: path.name)
def test_a_script_is_right_bash_and_can_be_run(script: Path) -> None:
    subprocess.run(["bash", "-n", script], check=True)
    assert script.stat().st_mode & 0o111


def test_without_a_command_the_daemon_runs(checkout: Path) -> None:
    assert run(checkout) == ["<models><fetch>", "<run>"]


def test_the_models_are_fetched_for_the_same_settings(checkout: Path) -> None:
    assert run(checkout, "--set", "persona.name=Ada B", "--models=/m") == [
        "<--set><persona.name=Ada B><--models=/m><models><fetch>",
        "<--set><persona.name=Ada B><--models=/m><run>",
    ]


def test_options_of_the_command_pass_through(checkout: Path) -> None:
    assert run(checkout, "say", "Good morning", "--out", "a.wav")[-1] == "<say><Good morning><--out><a.wav>"


def test_a_command_that_needs_no_model_fetches_none(checkout: Path) -> None:
    assert run(checkout, "config", "show") == ["<config><show>"]
