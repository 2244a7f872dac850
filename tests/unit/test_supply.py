"""What it is made of: locked by its sums, told by its licence, and in the bill of materials."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from supply.models import component, with_models

from digital_life.catalogue import load_catalogue

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT, GROUPS = PYPROJECT["project"], PYPROJECT["dependency-groups"]
LOCKED = re.compile(
    r"(?m)^([a-z0-9][a-z0-9.-]*)==(\S+)(?: ; ([^\\\n]+))? \\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)"
)


def locked(name: str) -> dict[str, list[str]]:
    """The versions of each package; some have one for every Python."""
    found: dict[str, list[str]] = {}
    for package, version, _marker, _sums in LOCKED.findall((ROOT / "requirements" / name).read_text(encoding="ascii")):
        found.setdefault(canonicalize_name(package), []).append(version)
    return found


@pytest.mark.parametrize(
    ("name", "least"),
    [("run.lock", 60), ("dev.lock", 60), ("builders.lock", 5), ("built.lock", 1), ("oracles.lock", 1)],
)
def test_everything_locked_has_its_sums_and_no_address(name: str, least: int) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="ascii")
    pinned = re.findall(r"(?m)^[a-z0-9][a-z0-9.\[\],-]*==", text)
    assert len(pinned) == sum(map(len, locked(name).values())) >= least
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("run.lock", PROJECT["dependencies"]),
        ("dev.lock", [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]),
        ("builders.lock", [*PYPROJECT["build-system"]["requires"], *GROUPS["builders"]]),
        ("built.lock", GROUPS["built"]),
        ("oracles.lock", GROUPS["oracles"]),
    ],
)
def test_all_that_is_asked_for_is_locked_as_it_is_asked_for(name: str, wanted: list[str]) -> None:
    """Otherwise: scripts/lock."""
    there = locked(name)
    for each in map(Requirement, wanted):
        versions = there[canonicalize_name(each.name)]
        assert all(each.specifier.contains(version) for version in versions), each


def test_what_runs_is_locked_alike_for_the_tests() -> None:
    run, dev = locked("run.lock"), locked("dev.lock")
    assert {name: dev[name] for name in run} == run


def test_what_is_built_is_what_runs() -> None:
    run, built = locked("run.lock"), locked("built.lock")
    assert {name: run[name] for name in built} == built


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout on a machine that has all but the packages, and whose pip tells how it was called."""
    for folder in ("scripts", "requirements"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "bench*"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    _program(tmp_path / ".venv/bin/python", f'exec "{sys.executable}" "$@"')
    # It builds a wheel, and installs what there is to try.
    _program(
        tmp_path / ".venv/bin/pip",
        f'echo "$@" >> "{tmp_path}/called"\n'
        'while [ $# -gt 0 ]; do if [ "$1" = --wheel-dir ]; then touch "$2/llama.whl"; fi; shift; done\n'
        f'touch "{tmp_path}/.venv/bin/digital-life"; chmod +x "{tmp_path}/.venv/bin/digital-life"',
    )
    for name in ("apt-get", "gcc", "g++", "cmake", "ninja", "pkg-config", "brew"):
        _program(tmp_path / "system" / name, "true")
    _program(tmp_path / "system/dpkg-query", "echo installed")
    return tmp_path


def _program(path: Path, lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/usr/bin/env bash\n{lines}\n")
    path.chmod(0o755)


def set_up(checkout: Path, *arguments: str, **environment: str) -> list[str]:
    """How pip was called."""
    path = f"{checkout / 'system'}:{os.environ['PATH']}"
    told = {**os.environ, "PATH": path, "XDG_CACHE_HOME": str(checkout / "cache"), "PYTHON": sys.executable}
    (checkout / "called").write_text("")
    subprocess.run(
        [checkout / "scripts/setup", *arguments], env={**told, **environment}, check=True, capture_output=True
    )
    return (checkout / "called").read_text().splitlines()


def test_set_up_installs_nothing_but_what_is_locked_by_its_sum(checkout: Path) -> None:
    builders, built, wheel, run, itself = set_up(checkout)
    assert all("--require-hashes -r requirements/" in call for call in (builders, built, run))
    assert [call.rpartition("/")[2].split()[0] for call in (builders, run)] == ["builders.lock", "run.lock"]
    assert built.startswith("wheel ")
    assert built.endswith("-r requirements/built.lock")
    assert all(option in wheel for option in ("--no-deps", "/llama.whl"))
    assert itself.endswith("--no-build-isolation --no-deps -e .")
    assert all("--no-build-isolation" in call for call in (builders, built, run, itself))


def test_set_up_for_the_tests_installs_their_lock(checkout: Path) -> None:
    called = set_up(checkout, "--tests")
    assert [call.rpartition("requirements/")[2] for call in called if "requirements/" in call] == [
        "builders.lock",
        "built.lock",
        "dev.lock",
        "oracles.lock --no-deps",
    ]


def test_what_is_set_up_is_not_set_up_again_until_the_lock_changes(checkout: Path) -> None:
    assert set_up(checkout)
    assert set_up(checkout) == []
    with (checkout / "requirements/run.lock").open("a") as lock:
        lock.write("# another\n")
    assert set_up(checkout)


def test_who_asks_for_it_installs_by_the_bounds(checkout: Path) -> None:
    """Where an index lacks what is locked."""
    built, _wheel, itself = set_up(checkout, DIGITAL_LIFE_UNLOCKED="1")
    assert f"llama-cpp-python=={locked('built.lock')['llama-cpp-python'][0]}" in built
    assert itself.endswith("-e .")
    assert "--no-deps" not in itself


def needed(name: str, extras: frozenset[str], found: set[str]) -> set[str]:
    """It, and all that it needs on this machine."""
    try:
        requires = distribution(name).requires or []
    except PackageNotFoundError:  # of another system
        return found
    found.add(canonicalize_name(name))
    for each in map(Requirement, requires):
        applies = not each.marker or any(each.marker.evaluate({"extra": extra}) for extra in extras or {""})
        if applies and canonicalize_name(each.name) not in found:
            needed(each.name, frozenset(each.extras), found)
    return found


def test_the_licence_of_everything_that_is_needed_to_run_is_told() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8").lower()
    there: set[str] = set()
    for each in map(Requirement, PROJECT["dependencies"]):
        needed(each.name, frozenset(each.extras), there)
    assert len(there) > 50
    told = {canonicalize_name(word) for word in re.findall(r"[a-z0-9][a-z0-9._-]*", notice)}
    assert there - told == set()


def test_the_bill_of_materials_has_every_model_with_its_sums() -> None:
    models = load_catalogue().models
    bom = with_models({"components": [{"type": "library", "name": "httpx"}]}, models)
    assert [each["name"] for each in bom["components"]] == ["httpx", *(each.name for each in models)]
    # Written twice, it stays the same.
    assert with_models(bom, models) == bom
    sums = [file.sha256 for model in models for file in model.files if file.sha256]
    written = [each["hashes"][0]["content"] for m in models for each in component(m)["components"] if "hashes" in each]
    assert written == sums
    assert len(sums) > 20
