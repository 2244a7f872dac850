"""The service manager of this machine: units are put there, taken away and looked at."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from digital_life.errors import ServiceError

RUNS = Path("/run/systemd/system")
"""There where systemd is the init of this machine (sd_booted(3))."""
SYSTEM_UNITS = Path("/etc/systemd/system")
USER_UNITS = Path("systemd/user")
"""In the user's configuration."""
WAIT_S = 60.0
"""To stop takes up to ten seconds; all else is quick."""
SHOWN = ("LoadState", "ActiveState", "SubState", "Result", "StatusText", "NRestarts", "MainPID", "ExecMainStatus")


@dataclass(frozen=True, slots=True)
class Shown:
    """What systemd says of a unit."""

    loaded: bool
    """Whether there is such a unit."""
    active: str
    """As systemd calls it: active, activating, reloading, inactive, failed."""
    result: str
    """Why it ended: success, exit-code, watchdog, start-limit-hit, …"""
    status: str
    """What the daemon says of itself."""
    restarts: int
    process: int
    """0: none."""
    exit_status: int
    again: bool = False
    """Whether it has just ended and is about to be started again: most likely it always ends so."""

    @property
    def runs(self) -> bool:
        return self.active in ("active", "activating", "reloading")


def is_there() -> bool:
    """Whether systemd runs this machine."""
    return RUNS.is_dir()


class Systemctl:
    """Of the system, or of the user who is logged in."""

    def __init__(self, *, user: bool, folder: Path) -> None:
        """`folder` is where units are put."""
        self._scope = ("--user",) if user else ()
        self._folder = folder

    def install(self, name: str, text: str) -> Path:
        """Put the unit there, have it start with the machine or the log-in, and start it. Raises ServiceError."""
        path = self._folder / name
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            path.chmod(0o644)
        except OSError as error:
            raise ServiceError("service-unwritable", path=path, cause=error.strerror or error) from error
        self._do("daemon-reload")
        self._do("enable", name)
        self._do("reset-failed", name, check=False)
        self._do("restart", "--no-block", name)
        return path

    def uninstall(self, name: str) -> bool:
        """Stop it and take the unit away; whether there was one. Raises ServiceError."""
        path = self._folder / name
        if not path.exists():
            return False
        self._do("disable", "--now", name)
        try:
            path.unlink()
        except OSError as error:
            raise ServiceError("service-unwritable", path=path, cause=error.strerror or error) from error
        self._do("daemon-reload")
        self._do("reset-failed", name, check=False)
        return True

    def show(self, name: str) -> Shown:
        """Raises ServiceError."""
        wanted = ",".join(SHOWN)
        lines = self._do("show", f"--property={wanted}", name).splitlines()
        return shown(dict(line.split("=", 1) for line in lines if "=" in line))

    def _do(self, *command: str, check: bool = True) -> str:
        line = ("systemctl", *self._scope, *command)
        try:
            done = subprocess.run(line, capture_output=True, text=True, timeout=WAIT_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ServiceError("service-systemctl", command=" ".join(line), cause=error) from error
        if check and done.returncode:
            raise ServiceError("service-systemctl", command=" ".join(line), cause=" ".join(done.stderr.split()))
        return done.stdout


def manager(*, user: bool) -> Systemctl:
    """Where the units of the machine, or of the user, lie."""
    return Systemctl(user=user, folder=platformdirs.user_config_path() / USER_UNITS if user else SYSTEM_UNITS)


def shown(said: Mapping[str, str]) -> Shown:
    """Of the properties as `systemctl show` prints them."""
    return Shown(
        loaded=said.get("LoadState") == "loaded",
        active=said.get("ActiveState", ""),
        result=said.get("Result", ""),
        status=said.get("StatusText", ""),
        restarts=int(said.get("NRestarts") or 0),
        process=int(said.get("MainPID") or 0),
        exit_status=int(said.get("ExecMainStatus") or 0),
        again=said.get("SubState") == "auto-restart",
    )
