"""What systemd is told: ready, how it goes, that it lives, stopping. Nothing at all where systemd did not start it."""

from __future__ import annotations

import os
import time
from typing import TextIO

BEATS = 3
"""Within the time after which it is held to be dead: a busy machine may be late for two of them."""


def notify(*lines: str) -> None:
    """Send lines such as READY=1 to the service manager, if there is one."""
    if not os.environ.get("NOTIFY_SOCKET"):
        return
    import systemd.daemon  # noqa: PLC0415 - Linux alone has it

    systemd.daemon.notify("\n".join(lines))


def show_restart(text: str) -> None:
    """It ends only to begin again: the next READY=1 comes from the same process."""
    # STOPPING=1 would have systemd wait for its end, and kill it.
    notify("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}", f"STATUS={text}")


def show_unchanged(text: str) -> None:
    """It was to begin again, and goes on as it was."""
    notify("READY=1", f"STATUS={text}")


def beat() -> None:
    """It lives."""
    notify("WATCHDOG=1")


def beats_every_s() -> float | None:
    """How often the watchdog of this process wants to be told that; None: there is none."""
    microseconds, process = os.environ.get("WATCHDOG_USEC", ""), os.environ.get("WATCHDOG_PID", "")
    if not microseconds.isdecimal() or process not in ("", str(os.getpid())):
        return None
    return int(microseconds) / 1e6 / BEATS


def is_journal(stream: TextIO) -> bool:
    """Whether what is written there goes to the journal; what it starts inherits the variable, but not the stream."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


def show(text: str, *, ready: bool = False, stops: bool = False) -> None:
    """How it goes; `ready`: from here on it answers. `stops`: it is about to end."""
    notify(*(("READY=1",) if ready else ()), *(("STOPPING=1",) if stops else ()), f"STATUS={text}")
