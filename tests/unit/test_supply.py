"""What it is made of: locked by its sums, told by its licence, and in the bill of materials."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from supply.models import component, with_models

from digital_life.catalogue import load_catalogue

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKED = re.compile(
    r"(?m)^([a-z0-9][a-z0-9.-]*)==(\S+)(?: ; ([^\\\n]+))? \\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)"
)


def locked(name: str) -> dict[str, list[str]]:
    """The versions of each package; some have one for every Python."""
    found: dict[str, list[str]] = {}
    for package, version, _marker, _sums in LOCKED.findall((ROOT / "requirements" / name).read_text(encoding="ascii")):
        found.setdefault(canonicalize_name(package), []).append(version)
    return found


@pytest.mark.parametrize("name", ["run.lock", "dev.lock"])
def test_everything_locked_has_its_sums_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="ascii")
    pinned = re.findall(r"(?m)^[a-z0-9][a-z0-9.\[\],-]*==", text)
    assert len(pinned) == sum(map(len, locked(name).values())) > 60
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("run.lock", PROJECT["dependencies"]),
        ("dev.lock", [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]),
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
