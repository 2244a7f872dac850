"""What this program costs the machine, and which programs use a file of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from digital_life.ports import Clock

LOOK_S = 2.0
"""Over less than this a share says little."""
LOCKS = Path("/proc/locks")


class OwnProcess:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._process = psutil.Process()
        self._cores = psutil.cpu_count() or 1
        self._at, self._spent = clock.monotonic(), self._processor_s()
        self._share = 0.0

    @property
    def share(self) -> float:
        """Of all cores, 0 to 1, since it was looked at last, or a little longer."""
        passed = self._clock.monotonic() - self._at
        if passed >= LOOK_S:
            spent = self._processor_s()
            self._share = (spent - self._spent) / passed / self._cores
            self._at, self._spent = self._at + passed, spent
        return self._share

    @property
    def memory_bytes(self) -> int:
        """In the machine's memory just now, model files that were read into it included."""
        return int(self._process.memory_info().rss)

    def _processor_s(self) -> float:
        times = self._process.cpu_times()
        return times.user + times.system


@dataclass(frozen=True, slots=True)
class Program:
    process: int
    command: tuple[str, ...]
    """As it was typed."""


def users_of(file: Path) -> tuple[Program, ...]:
    """The programs that lock it, or have it open as far as this user may see that. Neither locks nor opens it."""
    wanted, locking = str(file.resolve()), _locking(file)
    return tuple(each for each in _programs() if each.process in locking or wanted in _open_files(each.process))


def listens(process: int, port: int) -> bool:
    """Whether it waits for connections there, or may: of a service in a user namespace of its own that is not seen."""
    try:
        found = psutil.Process(process).net_connections("tcp")
    except psutil.AccessDenied:
        return True
    except psutil.Error:  # it has just ended
        return False
    return any(each.status == psutil.CONN_LISTEN and each.laddr.port == port for each in found)


def _programs() -> Iterator[Program]:
    for each in psutil.process_iter(("pid", "cmdline")):
        yield Program(each.pid, tuple(each.info["cmdline"] or ()))


def _locking(file: Path) -> frozenset[int]:
    """Everybody may see that; what a service in a user namespace of its own has open, not even its own user."""
    try:
        return lockers(LOCKS.read_text(encoding="ascii"), file.stat())
    except OSError:
        return frozenset()


def lockers(table: str, file: os.stat_result) -> frozenset[int]:
    """The processes that hold or await a lock on it, of the table of the kernel (proc_locks(5)).

    On btrfs the table has another number for the device than the file: there nobody is found.
    """
    wanted = f"{os.major(file.st_dev):02x}:{os.minor(file.st_dev):02x}:{file.st_ino}"
    found = (line.replace("-> ", "").split() for line in table.splitlines())
    return frozenset(int(words[4]) for words in found if len(words) > 5 and words[5] == wanted)


def _open_files(process: int) -> set[str]:
    try:
        return {each.path for each in psutil.Process(process).open_files()}
    except psutil.Error:  # another user's, or it has just ended
        return set()
