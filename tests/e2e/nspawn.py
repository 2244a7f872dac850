"""A machine that a real systemd runs: this one's own root, with all that is written to it forgotten in the end."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

STARTS_S = 60.0
STOPS_S = 10.0
COMMAND_S = 90.0
"""The longest that a command may take inside."""
REFUSALS = ("Operation not permitted", "Permission denied", "Read-only file system")
CGROUPS = (Path("/sys/fs/cgroup/unified"), Path("/sys/fs/cgroup"))
"""Where control groups of the second version are: beside those of the first, or alone."""


class Machine:
    """Its first process is systemd. Network and devices are those of this machine."""

    def __init__(self, root: Path, first: int) -> None:
        self.root = root
        self._enter = ("nsenter", "-t", str(first), "-m", "-p", "-u", "-i", "-C")

    def run(self, *command: str, check: bool = True, environment: Mapping[str, str] | None = None) -> str:
        """What the command prints inside."""
        done = subprocess.run(
            (*self._enter, "env", *(f"{name}={value}" for name, value in (environment or {}).items()), *command),
            capture_output=True, text=True, timeout=COMMAND_S, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert not check or done.returncode == 0, (command, done.stdout, done.stderr)
        return done.stdout

    def shown(self, unit: str) -> dict[str, str]:
        """What systemd says of it."""
        lines = self.run("systemctl", "show", unit).splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)

    def journal(self, *wanted: str) -> list[dict[str, str]]:
        """The entries that match."""
        return [json.loads(line) for line in self.run("journalctl", "-o", "json", "--all", *wanted).splitlines()]

    def until(self, true: Callable[[], bool], what: str, *, wait_s: float) -> float:
        """Wait until it is so; the seconds it took."""
        began = time.monotonic()
        while not true():
            if time.monotonic() - began > wait_s:
                raise AssertionError(f"{what} did not come within {wait_s:.0f} s; the journal ends with\n{self._end()}")
            time.sleep(0.2)
        return time.monotonic() - began

    def _end(self) -> str:
        return self.run("journalctl", "--no-pager", "-n", "40", "-o", "short-precise", check=False)


@contextmanager
def machine(shown: Mapping[Path, Path], *, writable: Sequence[Path] = ()) -> Iterator[Machine]:
    """Boot it. `shown`: what it sees of this machine, and where; of that it may write to `writable`.

    The test is skipped, with the reason, where control groups or mounts are not to be had.
    """
    _needed()
    folder = Path(tempfile.mkdtemp(prefix="nspawn-", dir="/run"))
    group = _control_group(folder.name)
    try:
        root = _overlay(folder)
        _emptied(root)
        options = [f"--bind{'' if each in writable else '-ro'}={each}:{there}" for each, there in shown.items()]
        # The shell enters the group, and becomes what runs in it.
        script = f'echo $$ > {group}/cgroup.procs; exec "$@"'
        with (folder / "console").open("wb") as console:
            process = subprocess.Popen(
            (
                *("bash", "-c", script, "bash", "systemd-nspawn", "-D", str(root), *options, "--quiet"),
                *("--register=no", "--keep-unit", "--link-journal=no", "--resolv-conf=off", "--timezone=off"),
                *("--machine=digital-life-test", "--console=pipe", "--boot", "--", "--unit=multi-user.target"),
            ),
            env={**os.environ, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
            stdin=subprocess.DEVNULL, stdout=console, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            yield _booted(process, folder, root)
        finally:
            _ended(process)
    finally:
        _taken_away(folder, group)


def _needed() -> None:
    for program in ("systemd-nspawn", "nsenter"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed: scripts/setup --tests")
    if os.geteuid() != 0:
        pytest.skip("only root may boot a systemd of its own (mounts and control groups)")


def _control_group(name: str) -> Path:
    for base in CGROUPS:
        if (base / "cgroup.procs").exists():
            try:
                (base / name).mkdir()
            except OSError as error:
                pytest.skip(f"no control group can be made here: {error}")
            return base / name
    pytest.skip("this machine has no control groups of the second version")


def _overlay(folder: Path) -> Path:
    """The root of this machine, over which is written in memory."""
    for command in (
        ("mount", "-t", "tmpfs", "-o", "size=512m,mode=755", "tmpfs", str(folder)),
        ("mkdir", f"{folder}/upper", f"{folder}/work", f"{folder}/root"),
        ("mount", "-t", "overlay", "overlay", "-o", f"lowerdir=/,upperdir={folder}/upper,workdir={folder}/work",
         f"{folder}/root"),
    ):  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"no overlay of the root can be mounted here: {done.stderr.strip()}")
    return folder / "root"


def _emptied(root: Path) -> None:
    """Nothing that this machine would start is started."""
    for wants in (root / "etc/systemd/system").glob("*.wants"):
        shutil.rmtree(wants)
    (root / "etc/machine-id").unlink(missing_ok=True)
    (root / "etc/machine-id").touch()


def _booted(process: subprocess.Popen[bytes], folder: Path, root: Path) -> Machine:
    ends = time.monotonic() + STARTS_S
    while time.monotonic() < ends and process.poll() is None:
        first = _first(process.pid)
        if first:
            booted = Machine(root, first)
            if booted.run("systemctl", "is-system-running", check=False).strip() in ("running", "degraded"):
                return booted
        time.sleep(0.2)
    console = (folder / "console").read_text(errors="replace")
    _ended(process)
    if any(each in console for each in REFUSALS):
        pytest.skip(f"systemd-nspawn may not do here what it needs: {console[-500:].strip()}")
    raise AssertionError(f"systemd did not start: {console[-2000:]}")


def _first(nspawn: int) -> int | None:
    """The process that is the first one inside."""
    with contextlib.suppress(psutil.Error, OSError):
        for child in psutil.Process(nspawn).children(recursive=True):
            status = Path(f"/proc/{child.pid}/status").read_text()
            numbers = next(line for line in status.splitlines() if line.startswith("NSpid:")).split()
            if numbers[-1] == "1" and len(numbers) > 2 and child.name() == "systemd":
                return child.pid
    return None


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOPS_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _taken_away(folder: Path, group: Path) -> None:
    for mounted in (folder / "root", folder):
        subprocess.run(("umount", "-l", str(mounted)), capture_output=True, check=False)
    folder.rmdir()
    for each in sorted(group.rglob("*/"), reverse=True):
        with contextlib.suppress(OSError):
            each.rmdir()
    with contextlib.suppress(OSError):
        group.rmdir()
