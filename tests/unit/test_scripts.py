from __future__ import annotations

import shutil
import subprocess
import sys
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


@pytest.mark.parametrize(
    "script", [*SCRIPTS, ROOT / "scripts" / "container" / "try", ROOT / ".ci" / "run"], ids=lambda path: path.name
)
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


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A checkout on a machine that has a Python and no package manager yet; its programs lie in `bin`."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "setup", tmp_path / "scripts")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    (tmp_path / "bin").mkdir()
    for program in (
        "bash",
        "cat",
        "cut",
        "dirname",
        "echo",
        "env",
        "flock",
        "grep",
        "mkdir",
        "sed",
        "sha256sum",
        "uname",
        "xargs",
    ):
        (tmp_path / "bin" / program).symlink_to(shutil.which(program) or program)
    _program(tmp_path / "bin" / "python3", f'exec "{sys.executable}" "$@"')
    return tmp_path


def set_up(machine: Path) -> str:
    """What scripts/setup says when it cannot go on."""
    environment = {"PATH": str(machine / "bin"), "HOME": str(machine)}
    bash = machine / "bin" / "bash"
    done = subprocess.run(
        [bash, machine / "scripts" / "setup"], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 1, done.stderr
    return done.stderr


def test_fedora_is_told_the_packages_that_it_lacks(machine: Path) -> None:
    _program(machine / "bin" / "dnf", "exit 2")
    _program(machine / "bin" / "rpm", '[ "$3" = cmake ]')
    said = set_up(machine)
    assert "sudo dnf install gcc-c++ ninja-build" in said
    assert f"portaudio alsa-plugins-pulseaudio espeak-ng python3.{sys.version_info.minor}-devel" in said
    assert " cmake" not in said


def test_fedora_is_told_a_python_where_its_own_is_too_new(machine: Path) -> None:
    _program(machine / "bin" / "python3", "exit 1")
    _program(machine / "bin" / "dnf", "exit 2")
    _program(machine / "bin" / "rpm", "exit 1")
    assert "espeak-ng python3.13 python3.13-devel" in set_up(machine)


def test_arch_is_told_the_packages_that_it_lacks(machine: Path) -> None:
    _program(machine / "bin" / "pacman", "echo portaudio; echo espeak-ng; exit 127")
    assert "sudo pacman -S --needed portaudio espeak-ng\n" in set_up(machine)


def test_a_system_that_is_not_known_is_told_what_is_needed(machine: Path) -> None:
    assert "this system is not known: install a C++ compiler" in set_up(machine)


def test_where_nothing_is_missing_but_a_python_it_says_how_to_name_one(machine: Path) -> None:
    _program(machine / "bin" / "python3", "exit 1")
    _program(machine / "bin" / "pacman", "exit 0")
    assert "name one with PYTHON=" in set_up(machine)
