"""A disk that has no room left, or that the kernel has made read-only, under the daemon."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from daemon_process import IDLE, SPEAKING
from living_process import Process

from digital_life.memory import waiting

BACK_S = 10.0
SMALL = 'mount -t tmpfs -o size=3m,mode=700 tmpfs "$0" && exec "$@"'
ERRANT = 'mount -o loop,errors=remount-ro "$0/../disk.img" "$0" && exec "$@"'
"""As most distributions mount the disk: an error in the file system makes it read-only until it is mounted anew."""
IMAGE_BYTES = 16_000_000
READ = """
import sqlite3, sys
life = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
print(*life.execute("PRAGMA quick_check").fetchone(), sep="\\n")
print(*(heard for (heard,) in life.execute("SELECT heard FROM turn ORDER BY id")), sep="\\n")
"""


@pytest.fixture(autouse=True, scope="module")
def _mounts() -> None:
    """The file systems are mounted where nobody else sees them."""
    done = subprocess.run(
        ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"no file system may be mounted here: {done.stderr.strip()}")


@contextmanager
def living(home: Path, mounted: str) -> Iterator[tuple[Process, Path, Path]]:
    """It runs in `home`, which is mounted by that; the home as it is seen from here, and its log."""
    log = home.with_name("log")
    with log.open("wb") as told:
        it = Process(home, ("unshare", "-m", "--propagation", "private", "sh", "-c", mounted, str(home)), told.fileno())
        try:
            it.until(IDLE)
            yield it, Path(f"/proc/{it.pid}/root{home}"), log
        finally:
            it.close()


def says(it: Process, text: str) -> None:
    it.type(text)
    it.until(SPEAKING)
    it.until(IDLE)


def kept(it: Process, home: Path) -> list[str]:
    """SQLite follows /proc/…/root to the file system of whoever asks: it is asked where the disk is mounted."""
    within = ("nsenter", "-t", str(it.pid), "-m", sys.executable, "-c", READ, str(home / "life.db"))
    sound, *heard = subprocess.run(within, capture_output=True, text=True, check=True).stdout.splitlines()
    assert sound == "ok"
    return heard


def wait(holds: Callable[[], bool]) -> float:
    """Until it is so; the seconds it took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < BACK_S
        time.sleep(0.05)
    return time.monotonic() - began


def fill(path: Path) -> None:
    """Until there is not a byte of room."""
    with path.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue


def test_a_full_disk_keeps_the_talk_going_and_all_of_it_as_soon_as_there_is_room(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with living(home, SMALL) as (it, seen, log):
        says(it, "My cat is black.")
        fill(seen / "other")
        for number in range(3):
            says(it, f"Number {number} is {'long ' * 2_000}.")
        says(it, "My dog is brown.")
        assert "wait to be kept" in log.read_text()
        (seen / "other").unlink()
        wait(lambda: "My dog is brown." in kept(it, home))
        assert len(kept(it, home)) == 5
        assert not (seen / waiting.FILE).exists()
        assert it.end(signal.SIGTERM)[0] == 0


def test_a_disk_that_turns_read_only_keeps_the_talk_going_and_what_was_kept(tmp_path: Path) -> None:
    home, image = tmp_path / "home", tmp_path / "disk.img"
    home.mkdir()
    image.touch()
    os.truncate(image, IMAGE_BYTES)
    subprocess.run(["mkfs.ext4", "-q", image], check=True)
    with living(home, ERRANT) as (it, seen, log):
        says(it, "My cat is black.")
        device = next(line.split()[0] for line in mounts(it) if str(home) in line)
        Path(f"/sys/fs/ext4/{Path(device).name}/trigger_fs_error").write_text("1")
        with pytest.raises(OSError, match="Read-only"):
            (seen / "other").touch()
        says(it, "My dog is brown.")
        says(it, "My horse is white.")
        assert "2 turns wait to be kept" in log.read_text()
        assert it.end(signal.SIGTERM)[0] == 0
    with living(home, ERRANT) as (it, _, _):
        assert kept(it, home) == ["My cat is black."]
        says(it, "My bird is blue.")
        assert kept(it, home)[-1] == "My bird is blue."


def mounts(it: Process) -> list[str]:
    return Path(f"/proc/{it.pid}/mounts").read_text().splitlines()
