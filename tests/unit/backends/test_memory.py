"""What a control group lets the process have."""

from __future__ import annotations

import math
from pathlib import Path

from digital_life.backends.memory import limit_bytes


def test_the_least_of_its_group_and_those_around_it_counts(tmp_path: Path) -> None:
    groups, mine = tmp_path / "groups", tmp_path / "cgroup"
    (groups / "system.slice" / "life.service").mkdir(parents=True)
    mine.write_text("4:memory:/elsewhere\n0::/system.slice/life.service\n")
    assert limit_bytes(mine, groups) == math.inf
    (groups / "system.slice" / "life.service" / "memory.max").write_text("max\n")
    assert limit_bytes(mine, groups) == math.inf
    (groups / "system.slice" / "memory.max").write_text("2000\n")
    assert limit_bytes(mine, groups) == 2000
    (groups / "system.slice" / "life.service" / "memory.max").write_text("1000\n")
    assert limit_bytes(mine, groups) == 1000


def test_where_there_are_none_there_is_no_limit(tmp_path: Path) -> None:
    assert limit_bytes(tmp_path / "none", tmp_path) == math.inf
