"""How many threads are worth starting beside other programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from digital_life.backends.cores import LOOK_S, SpareCores, Usage, available, measured, spare


@pytest.mark.parametrize(
    ("cores", "others", "threads"),
    [(2, 0.0, 2), (2, 0.3, 2), (2, 0.6, 1), (2, 2.0, 1), (4, 1.0, 3), (8, 0.3, 8), (1, 1.0, 1)],
)
def test_other_programs_cost_threads_but_never_the_last(cores: int, others: float, threads: int) -> None:
    assert spare(cores, others) == threads


def test_it_looks_from_time_to_time_and_counts_its_own_use_as_none() -> None:
    now, used = 0.0, Usage(machine=100.0, own=10.0)
    cores = SpareCores(2, cores=2, usage=lambda: used, monotonic=lambda: now)
    now, used = LOOK_S / 2, Usage(machine=100 + LOOK_S, own=10.0)
    assert cores.count == 2, "too soon to tell"
    now = LOOK_S
    assert cores.count == 1, "another program uses a whole core"
    now, used = 3 * LOOK_S, Usage(machine=100 + 5 * LOOK_S, own=10 + 4 * LOOK_S)
    assert cores.count == 2, "we are the only one"


def test_the_system_counts_our_time_within_the_time_of_all() -> None:
    used = measured()
    assert 0 < used.own <= used.machine


def test_who_is_granted_half_the_cores_leaves_the_other_half_to_others() -> None:
    now, used = 0.0, Usage(machine=0.0, own=0.0)
    cores = SpareCores(4, cores=8, usage=lambda: used, monotonic=lambda: now)
    now, used = 1.0, Usage(machine=4.0, own=0.0)
    assert cores.count == 4, "the others use theirs"
    now, used = 2.0, Usage(machine=10.0, own=0.0)
    assert cores.count == 2, "and now two of ours"


@pytest.mark.parametrize(
    ("limits", "cores"),
    [
        ({}, None),
        ({".": "max 100000"}, None),
        ({".": "100000 100000"}, 1),
        ({"system.slice/talk.service": "50000 100000"}, 1),
        ({"system.slice": "150000 100000", "system.slice/talk.service": "max 100000"}, 1),
    ],
)
def test_a_container_or_service_uses_no_more_than_it_is_granted(
    tmp_path: Path, limits: dict[str, str], cores: int | None
) -> None:
    for group, limit in limits.items():
        (tmp_path / group).mkdir(parents=True, exist_ok=True)
        (tmp_path / group / "cpu.max").write_text(f"{limit}\n")
    own = tmp_path / "cgroup"
    own.write_text("1:cpu:/\n0::/system.slice/talk.service\n")
    unlimited = available(tmp_path / "nowhere", tmp_path)
    assert available(own, tmp_path) == (cores or unlimited)
