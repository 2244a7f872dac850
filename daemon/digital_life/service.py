"""What systemd is told: ready, how it goes, stopping. Nothing at all where systemd did not start it."""

from __future__ import annotations

import os
import time

from digital_life.values import State


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


def show(state: State, text: str) -> None:
    """STATUS for every state; READY with the first in which it hears, or is known to be deaf or mute."""
    if state is State.STOPPING:
        notify("STOPPING=1", f"STATUS={text}")
    elif state in (State.IDLE, State.DEAF, State.MUTED):
        notify("READY=1", f"STATUS={text}")
    else:
        notify(f"STATUS={text}")
