"""What the program costs is measured over a while, and who uses a file is seen."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends import process
from digital_life.backends.process import LOCKS, LOOK_S, OwnProcess, listens, lockers, users_of
from fakes.clock import FakeClock


def test_a_share_is_of_the_whole_machine_and_stands_for_a_while() -> None:
    clock = FakeClock()
    process = OwnProcess(clock)
    assert process.share == 0.0
    sum(each * each for each in range(300_000))
    clock.passed = LOOK_S
    share = process.share
    assert 0 <= share <= 1
    clock.passed += LOOK_S / 2
    assert process.share == share


def test_it_takes_some_memory() -> None:
    assert process_memory() > 10_000_000


def process_memory() -> int:
    return OwnProcess(FakeClock()).memory_bytes


@contextmanager
def locked(file: Path) -> Iterator[os.stat_result]:
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield os.fstat(held.fileno())


def test_who_has_a_file_open_uses_it_and_else_nobody(tmp_path: Path) -> None:
    file = tmp_path / "life.lock"
    assert users_of(file) == ()
    with file.open("w"):
        assert os.getpid() in {each.process for each in users_of(file)}


@pytest.mark.skipif(not LOCKS.exists(), reason="this kernel has no table of locks")
def test_who_locks_a_file_is_seen_though_what_it_has_open_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_open_files", lambda _: set[str]())
    file = tmp_path / "life.lock"
    with locked(file) as status:
        if not lockers(LOCKS.read_text(), status):
            pytest.skip("this file system has another number in the table of locks")
        assert os.getpid() in {each.process for each in users_of(file)}
    assert users_of(file) == ()


@given(st.sets(st.integers(1, 4_000_000)), st.sets(st.integers(1, 4_000_000)), st.sampled_from(("FLOCK", "-> POSIX")))
def test_of_a_table_those_who_lock_this_file_are_told(these: set[int], others: set[int], kind: str) -> None:
    status = os.stat_result((0o600, 3088502, os.makedev(0xFE, 0), 1, 0, 0, 0, 0, 0, 0))
    lines = [f"7: {kind}  ADVISORY  WRITE {each} fe:00:3088502 0 EOF" for each in these]
    lines += [f"9: POSIX  ADVISORY  READ {each} fe:00:308850 128 128" for each in others]
    assert lockers("\n".join(lines), status) == these


def test_a_port_is_of_whom_it_is_seen_to_be() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert listens(os.getpid(), port)
    assert not listens(os.getpid(), port)


def test_a_program_whose_ports_may_not_be_seen_may_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def shut(process: psutil.Process, _kind: str) -> None:
        raise psutil.AccessDenied(process.pid)

    monkeypatch.setattr(psutil.Process, "net_connections", shut)
    assert listens(os.getpid(), 1)
