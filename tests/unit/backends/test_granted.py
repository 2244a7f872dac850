"""What control groups grant."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life import catalogue
from digital_life.backends import granted

GIGABYTE = 1_000_000_000


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Says that we are a service."""
    told = tmp_path / "cgroup"
    told.write_text("1:cpu:/\n0::/system.slice/talk.service\n")
    return told


@pytest.mark.parametrize(
    ("limits", "memory"),
    [
        ({}, math.inf),
        ({".": "max"}, math.inf),
        ({".": str(2 * GIGABYTE)}, 2 * GIGABYTE),
        ({"system.slice/talk.service": str(GIGABYTE)}, GIGABYTE),
        ({"system.slice": str(GIGABYTE), "system.slice/talk.service": "max"}, GIGABYTE),
        ({"system.slice": str(GIGABYTE), "system.slice/talk.service": str(2 * GIGABYTE)}, GIGABYTE),
    ],
)
def test_a_container_or_service_has_no_more_memory_than_it_is_granted(
    tmp_path: Path, own: Path, limits: dict[str, str], memory: float
) -> None:
    for group, limit in limits.items():
        (tmp_path / group).mkdir(parents=True, exist_ok=True)
        (tmp_path / group / "memory.max").write_text(f"{limit}\n")
    assert granted.memory_bytes(own, tmp_path) == memory


def test_where_there_are_no_groups_nothing_is_limited(tmp_path: Path) -> None:
    assert granted.memory_bytes(tmp_path / "nowhere", tmp_path) == math.inf
    assert granted.cores(tmp_path / "nowhere", tmp_path) == math.inf


@given(limit=st.integers(1, 10**15))
def test_the_models_are_chosen_for_what_is_granted(limit: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(granted, "memory_bytes", lambda: limit)
        assert catalogue.this_machine().memory_bytes <= limit
