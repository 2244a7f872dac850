"""How many threads are worth starting beside other programs."""

from __future__ import annotations

import pytest

from digital_life.backends.cores import LOOK_S, SpareCores, Usage, measured, spare


@pytest.mark.parametrize(
    ("cores", "others", "threads"),
    [(2, 0.0, 2), (2, 0.3, 2), (2, 0.6, 1), (2, 2.0, 1), (4, 1.0, 3), (8, 0.3, 8), (1, 1.0, 1)],
)
def test_other_programs_cost_threads_but_never_the_last(cores: int, others: float, threads: int) -> None:
    assert spare(cores, others) == threads


def test_it_looks_from_time_to_time_and_counts_its_own_use_as_none() -> None:
    now, used = 0.0, Usage(machine=100.0, own=10.0)
    cores = SpareCores(2, usage=lambda: used, monotonic=lambda: now)
    now, used = LOOK_S / 2, Usage(machine=100 + LOOK_S, own=10.0)
    assert cores.count == 2, "too soon to tell"
    now = LOOK_S
    assert cores.count == 1, "another program uses a whole core"
    now, used = 3 * LOOK_S, Usage(machine=100 + 5 * LOOK_S, own=10 + 4 * LOOK_S)
    assert cores.count == 2, "we are the only one"


def test_the_system_counts_our_time_within_the_time_of_all() -> None:
    used = measured()
    assert 0 < used.own <= used.machine
