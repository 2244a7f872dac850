"""A life that Litestream streams away from its host: the host is lost, and another one goes on with it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from test_memory_commands import run

from fakes.mosquitto import free_port

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "peers" / "litestream"
NOT_TO_BE_HAD = 69
WAIT_S = 60.0
"""For anything; a machine that tests other things too is slow."""
ALONE = {"PATH": os.environ["PATH"]}
"""Certificates and accounts of clouds that this machine may name are no matter."""
KEYS = "      access-key-id: tests\n      secret-access-key: tests\n"
NOT_PLAIN = "file is not a database"
STREAMS = ("snapshot complete", NOT_PLAIN)
QUESTION = "Which novel about love am I reading?"
TITLE = "Silent Separation"


@pytest.fixture(scope="module")
def programs() -> Path:
    done = subprocess.run([SCRIPT, "install"], capture_output=True, text=True, check=False)
    if done.returncode == NOT_TO_BE_HAD:
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


@pytest.fixture
def home(tmp_path: Path, data_dir: Path) -> Path:
    folder = tmp_path / "home"
    run(folder, "import", str(data_dir / "memory" / "memory_bank_en.json"), "--user", "Emily")
    return folder


@pytest.fixture(params=["folder", "objects"])
def replica(request: pytest.FixtureRequest, programs: Path, tmp_path: Path) -> Iterator[str]:
    """Where it is streamed to, as Litestream's settings say it."""
    if request.param == "folder":
        yield f"      type: file\n      path: {tmp_path}/replica\n"
        return
    with storing(programs) as address:
        yield (
            "      type: s3\n      bucket: lives\n      path: emily\n      region: us-east-1\n"
            f"      endpoint: {address}\n      force-path-style: true\n{KEYS}"
        )


@contextmanager
def storing(programs: Path) -> Iterator[str]:
    """An object storage with the bucket `lives`; its address."""
    port = free_port()
    command: list[str | Path] = [programs / "moto_server", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        address = f"http://127.0.0.1:{port}"

        def has_the_bucket() -> bool:
            try:
                return httpx.put(f"{address}/lives", trust_env=False).is_success
            except httpx.TransportError:
                return False

        try:
            until(has_the_bucket)
            yield address
        finally:
            server.kill()


class Litestream:
    def __init__(self, programs: Path, folder: Path, life: Path, replica: str) -> None:
        self._program = programs / "litestream"
        self._life = life
        self._log = folder / "litestream.log"
        self._settings = folder / "litestream.yml"
        self._settings.write_text(
            f"dbs:\n  - path: {life}\n    replica:\n{replica}      sync-interval: 100ms\n", encoding="utf-8"
        )

    @contextmanager
    def streaming(self) -> Iterator[None]:
        """Killed in the end, as when the host is lost."""
        command: list[str | Path] = [self._program, "replicate", "-config", self._settings]
        with self._log.open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log, env=ALONE) as process:
            try:
                until(lambda: any(each in self._log.read_text() for each in STREAMS) or process.poll() is not None)
                assert process.poll() is None, self._log.read_text()
                yield
            finally:
                process.kill()

    @property
    def said(self) -> str:
        return self._log.read_text()

    def sync(self) -> None:
        """Return when all that was written lies elsewhere, for which it needs a few of its intervals."""
        time.sleep(2.0)

    def restore(self, to: Path) -> Path:
        command: list[str | Path] = [
            self._program,
            "restore",
            "-config",
            self._settings,
            "-o",
            to / "life.db",
            self._life,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=ALONE)
        assert done.returncode == 0, done.stderr
        return to


def until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.1)


def titles(home: Path) -> int:
    """How many of its memories name the novel."""
    return run(home, "memory", "search", TITLE).count(TITLE)


def test_a_host_is_lost_and_another_goes_on_with_its_life(
    programs: Path, home: Path, replica: str, tmp_path: Path
) -> None:
    litestream = Litestream(programs, tmp_path, home / "life.db", replica)
    with litestream.streaming():
        run(home, "memory", "edit", "user", typed="The user is called Emily and paints.\n")
        litestream.sync()
    before = run(home, "memory", "stats")
    shutil.rmtree(home)
    other = litestream.restore(tmp_path / "other")
    assert run(other, "memory", "stats") == before
    assert "is called Emily and paints" in run(other, "memory", "show", "user")
    found = json.loads(run(other, "memory", "recall", "--json", QUESTION).splitlines()[0])
    assert TITLE in found["text"]


def test_what_is_forgotten_while_it_is_streamed_is_said_to_stay_and_is_gone_with_the_copy(
    programs: Path, home: Path, tmp_path: Path
) -> None:
    replica = f"      type: file\n      path: {tmp_path}/replica\n"
    litestream = Litestream(programs, tmp_path, home / "life.db", replica)
    with litestream.streaming():
        litestream.sync()
        told = run(home, "memory", "forget", TITLE, typed="yes\n", fails=True)
        assert "delete what that program has copied" in told
        litestream.sync()
    assert titles(home) == 0  # and whoever opens the file alone writes the bytes over
    assert not any(TITLE.encode() in path.read_bytes() for path in home.glob("life.db*"))

    shutil.rmtree(tmp_path / "replica")
    shutil.rmtree(home / ".life.db-litestream")
    with litestream.streaming():
        litestream.sync()
    assert titles(litestream.restore(tmp_path / "other")) == 0


def test_a_sealed_life_is_neither_streamed_nor_harmed(programs: Path, home: Path, tmp_path: Path) -> None:
    key = ("--set", f"memory.key_file={tmp_path / 'key'}")
    run(home, *key, "memory", "seal")
    before = run(home, *key, "memory", "search", TITLE)
    litestream = Litestream(programs, tmp_path, home / "life.db", f"      type: file\n      path: {tmp_path}/replica\n")
    with litestream.streaming():
        run(home, *key, "memory", "edit", "user", typed="The user is called Emily and paints.\n")
        litestream.sync()
    assert NOT_PLAIN in litestream.said
    assert not list((tmp_path / "replica").rglob("*.ltx"))
    assert run(home, *key, "memory", "search", TITLE) == before
    assert "is called Emily and paints" in run(home, *key, "memory", "show", "user")
