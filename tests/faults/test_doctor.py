"""Each fault is made for real, the doctor tells it, the line that it gives is typed, and it is content."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest
from daemon_process import IDLE, PROGRAM

from digital_life import config, homecheck, machinecheck, words
from digital_life.backends.process import Program
from digital_life.clock import SystemClock
from digital_life.context import Context
from digital_life.examination import _home as _broker
from digital_life.finding import Finding, Health
from digital_life.memory import copies, waiting
from digital_life.memory.store import Store
from digital_life.mishaps import FILE
from digital_life.values import Language, Reply, Timings, Transcript, Turn
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder
from fakes.mosquitto import Mosquitto

ROOT = Path(__file__).resolve().parents[2]
TYPED = re.compile(r"`([^`]+)`")
HOLDS = """
import sys, time
held = open(sys.argv[1], "a")
print("held", flush=True)
time.sleep(60)
"""
LOCKS = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1])
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(60)
"""
HERE = (Program(os.getpid(), ("digital-life", "run")),)
"""This process as the daemon."""


def at_home(home: Path, *changes: str, language: Language = "en", clock: FakeClock | None = None) -> Context:
    settings = config.load(None, ["web.enabled=false", *changes])
    return Context(settings, home, home, clock or SystemClock(), words.load(language), debug=False)


def ill(context: Context, running: tuple[Program, ...] = ()) -> dict[str, Finding]:
    """What is not well, by its part."""
    found = [*homecheck.check(context, running), *machinecheck.check(context, running)]
    return {each.part: each for each in found if each.health is not Health.WELL}


def type_it(finding: Finding, number: int = 0) -> None:
    """The line that the advice names, in a shell of the person."""
    shell(TYPED.findall(finding.advice)[number].removeprefix("sudo "))


def shell(line: str) -> None:
    path = os.pathsep.join((str(PROGRAM.parent), os.environ["PATH"]))
    subprocess.run(["sh", "-c", line], check=True, env={**os.environ, "PATH": path}, capture_output=True)


def turn(heard: str, began: datetime) -> Turn:
    return Turn(1, began, None, Transcript(heard, "en", 1.0), Reply("I see."), Timings())


def lived(home: Path, *heard: str) -> None:
    """A life with its copy of today."""
    with Store.open(home / copies.LIFE, FakeEmbedder()) as store:
        for each in heard:
            now = datetime.now(UTC)
            store.add_turn(store.begin_conversation(now).id, turn(each, now))
        copies.copy_daily(store, home, datetime.now(UTC).date(), 7)


def remembered(home: Path) -> list[str]:
    with Store.open(home / copies.LIFE, FakeEmbedder()) as store:
        return [each.heard for each in store.all_turns()]


def damage(path: Path) -> None:
    """All but its first page, so that it is found to be a database."""
    with apsw.Connection(str(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (path.stat().st_size - 4096))


@contextmanager
def program(code: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Another program, from when it says that it is so far."""
    with subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout
            assert running.stdout.readline() == "held\n"
            yield running
        finally:
            running.kill()


@contextmanager
def daemon(home: Path) -> Iterator[subprocess.Popen[str]]:
    """`digital-life run` with a real home, as far as it waits for its wake word."""
    path = os.pathsep.join(str(ROOT / each) for each in ("daemon", "tests", "tests/e2e"))
    line = [sys.executable, str(ROOT / "tests/faults/living.py"), "--home", str(home), "run"]
    environment = {**os.environ, "PYTHONPATH": path, "LANG": "en_GB.UTF-8"}
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as running:
        try:
            assert running.stdout
            while IDLE not in (said := running.stdout.readline()):
                assert said
            yield running
        finally:
            running.kill()


def test_a_life_that_is_well_is_told_to_be(tmp_path: Path) -> None:
    lived(tmp_path, "My cat is black.")
    before = sorted(tmp_path.rglob("*"))
    found = {each.part: each for each in homecheck.check(at_home(tmp_path), ())}
    assert ill(at_home(tmp_path)) == {}
    assert found["memory file"].found.endswith("is whole")
    assert [each for each in sorted(tmp_path.rglob("*")) if not each.name.endswith(("-wal", "-shm"))] == before


def test_where_nothing_is_yet_nothing_is_wrong(tmp_path: Path) -> None:
    assert ill(at_home(tmp_path / "none")) == {}
    assert not (tmp_path / "none").exists()


def test_a_memory_that_is_damaged_is_replaced_by_its_copy_and_what_was_put_aside_is_told(tmp_path: Path) -> None:
    lived(tmp_path, "My cat is black.")
    damage(tmp_path / copies.LIFE)
    found = ill(at_home(tmp_path))["memory file"]
    assert found.health is Health.BROKEN
    assert f"{datetime.now(UTC):%Y-%m-%d}" in found.advice
    assert "stop the daemon" in ill(at_home(tmp_path), HERE)["memory file"].advice
    assert copies.put_aside_files(tmp_path) == []
    type_it(found)
    (aside,) = ill(at_home(tmp_path)).values()
    assert aside.part == "damaged file"
    assert remembered(tmp_path) == ["My cat is black."]
    type_it(aside, 1)
    assert ill(at_home(tmp_path)) == {}


def test_a_memory_of_a_newer_program_or_of_another_one_is_told(tmp_path: Path) -> None:
    with apsw.Connection(str(tmp_path / copies.LIFE)) as connection:
        connection.execute("CREATE TABLE stranger(it)")
    assert "is not the memory of a Digital Life" in ill(at_home(tmp_path))["memory file"].found
    with apsw.Connection(str(tmp_path / copies.LIFE)) as connection:
        connection.execute("PRAGMA user_version = 999")
    assert "update Digital Life" in ill(at_home(tmp_path))["memory file"].found


def test_what_waited_at_the_end_is_kept_by_what_is_typed(tmp_path: Path) -> None:
    lived(tmp_path)
    waits = waiting.Waiting(tmp_path)
    waits.keep([turn("My dog is brown.", datetime.now(UTC))])
    waits.close()
    found = ill(at_home(tmp_path))["waiting"]
    assert found.found.startswith("1 turns wait")
    assert "brown" not in f"{found}"
    type_it(found)
    assert ill(at_home(tmp_path)) == {}
    assert remembered(tmp_path) == ["My dog is brown."]


def test_a_program_that_locks_the_memory_is_named_and_ended(tmp_path: Path) -> None:
    lived(tmp_path)
    waits = waiting.Waiting(tmp_path)
    waits.keep([turn("My dog is brown.", datetime.now(UTC) - timedelta(minutes=5))])
    assert "by themselves" in ill(at_home(tmp_path), HERE)["waiting"].advice
    with program(LOCKS, str(tmp_path / copies.LIFE)) as other:
        found = ill(at_home(tmp_path), HERE)["waiting"]
        assert f"kill {other.pid}" in found.advice
        type_it(found)
        assert other.wait(10) == -signal.SIGTERM
    waits.keep([turn("Just being answered.", datetime.now(UTC))])
    assert ill(at_home(tmp_path), HERE) == {}
    waits.close()


def test_a_file_of_what_waits_that_is_damaged_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / waiting.FILE).write_text("[{")
    type_it(ill(at_home(tmp_path))["waiting"])
    assert ill(at_home(tmp_path)) == {}


def test_files_that_may_not_be_written_are_opened_again(tmp_path: Path) -> None:
    lived(tmp_path)
    (tmp_path / copies.LIFE).chmod(0o400)
    found = ill(at_home(tmp_path))["home folder"]
    assert str(tmp_path / copies.LIFE) in found.found
    type_it(found)
    assert ill(at_home(tmp_path)) == {}


if os.geteuid() == 0:  # nobody else can give a file away

    def test_files_of_another_user_are_given_back(tmp_path: Path) -> None:
        lived(tmp_path)
        os.chown(tmp_path / copies.LIFE, 65534, 65534)
        found = ill(at_home(tmp_path))["home folder"]
        assert found.health is Health.BROKEN
        type_it(found)
        assert ill(at_home(tmp_path)) == {}

    def test_a_home_behind_a_link_of_another_user_is_as_good(tmp_path: Path) -> None:
        home, link = tmp_path / "private", tmp_path / "life"
        home.mkdir()
        lived(home)
        link.symlink_to(home)
        os.chown(link, 65534, 65534, follow_symlinks=False)
        assert ill(at_home(link)) == {}


def test_a_home_of_another_user_is_left_to_them_but_not_one_among_ones_own_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(tmp_path)
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    found = ill(at_home(tmp_path))["home folder"]
    assert f"`sudo -u '#{owner}' digital-life --home {tmp_path} doctor`" in found.advice
    monkeypatch.setenv("HOME", str(tmp_path.parent))
    assert f"`sudo chown -R {owner + 1} {tmp_path}`" in ill(at_home(tmp_path))["home folder"].advice


def test_a_disk_that_became_read_only_is_told_with_its_mount(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lived(tmp_path)
    real = os.statvfs(tmp_path)
    fields = list(real)
    fields[8] = os.ST_RDONLY
    monkeypatch.setattr(os, "statvfs", lambda _path: os.statvfs_result(fields))
    found = ill(at_home(tmp_path))["home folder"]
    mount = re.search(r"remount,rw ([^`]+)`", found.advice)
    assert mount
    assert Path(mount[1]).is_mount()


def test_of_two_daemons_in_one_home_one_is_ended(tmp_path: Path) -> None:
    lock = tmp_path / copies.LOCK
    with program(HOLDS, str(lock), "run"), program(HOLDS, str(lock), "run") as second, program(HOLDS, str(lock)):
        running = homecheck.daemons(tmp_path)
        assert len(running) == 2
        found = ill(at_home(tmp_path), running)["daemon"]
        assert f"kill {second.pid}" in found.advice
        type_it(found)
        assert second.wait(10) == -signal.SIGTERM
        assert "daemon" not in ill(at_home(tmp_path), homecheck.daemons(tmp_path))


def test_one_that_was_killed_is_told_until_it_runs_again_and_then_for_a_day(tmp_path: Path) -> None:
    with daemon(tmp_path) as running:
        assert [each.process for each in homecheck.daemons(tmp_path)] == [running.pid]
        assert "last run" not in ill(at_home(tmp_path), homecheck.daemons(tmp_path))
        running.kill()
    found = ill(at_home(tmp_path))["last run"]
    assert f"digital-life --home {tmp_path} run" in TYPED.findall(found.advice)
    with daemon(tmp_path) as running:
        lately = ill(at_home(tmp_path), homecheck.daemons(tmp_path))
        assert "without being told to within a day: 1" in lately["lately"].found
        running.send_signal(signal.SIGTERM)
        assert running.wait(60) == 0
    assert set(ill(at_home(tmp_path))) == {"lately"}
    later = FakeClock(datetime.now(UTC) + timedelta(days=2))
    assert ill(at_home(tmp_path, clock=later)) == {}


def test_a_clock_that_was_set_back_is_told(tmp_path: Path) -> None:
    lived(tmp_path)
    found = ill(at_home(tmp_path, clock=FakeClock(datetime(1970, 1, 1, tzinfo=UTC))))["clock"]
    assert "1970-01-01" in found.found
    assert "set-ntp true" in found.advice
    assert ill(at_home(tmp_path)) == {}


def test_a_devices_file_that_is_broken_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "devices.toml").write_text("[[")
    assert str(tmp_path / "devices.toml") in ill(at_home(tmp_path))["devices file"].found


def test_a_settings_file_that_is_broken_is_told_with_its_place_and_status(tmp_path: Path) -> None:
    (tmp_path / config.FILE).write_text('[persona]\nnane = "Ada"\n')
    done = subprocess.run(
        [str(PROGRAM), "--home", str(tmp_path), "doctor"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 78
    assert f"{tmp_path / config.FILE}" in done.stderr
    assert "did you mean" in done.stderr


@pytest.mark.parametrize(("part", "enabled"), [("web", "web.enabled=true"), ("metrics", "metrics.enabled=true")])
def test_a_port_that_another_program_has_is_told_until_it_ends(tmp_path: Path, part: str, enabled: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        context = at_home(tmp_path, enabled, f"{part}.port={port}")
        found = ill(context)[part]
        assert f"port {port} is taken" in found.found
        assert f"{part}.port" in found.advice
        assert part not in ill(context, HERE)
    assert part not in ill(context)


def test_an_address_that_is_not_of_this_machine_is_told(tmp_path: Path) -> None:
    found = ill(at_home(tmp_path, "web.enabled=true", "web.host=192.0.2.1"))["web"]
    assert "web.host" in found.found


def test_a_certificate_whose_time_is_over_is_renewed(tmp_path: Path) -> None:
    with ExitStack() as lines:
        lines.enter_context(pytest.MonkeyPatch.context()).chdir(tmp_path)
        made = (
            "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=pi.local "
            "-keyout key.pem -out asked.pem && "
            "openssl x509 -req -in asked.pem -signkey key.pem -days {days} -out it.pem"
        )
        context = at_home(
            tmp_path,
            "web.enabled=true",
            "web.port=0",
            f"web.certificate_file={tmp_path}/it.pem",
            f"web.key_file={tmp_path}/key.pem",
        )
        assert "a file that is not there" in ill(context)["certificate"].found
        shell(made.format(days=3))
        assert ill(context)["certificate"].health is Health.WEAK
        shell(made.format(days=0))
        time.sleep(1.1)  # its time is over at once, but for this second
        found = ill(context)["certificate"]
        assert (found.health, "expired" in found.found) == (Health.BROKEN, True)
        type_it(found)
        assert ill(context) == {}


async def test_a_broker_that_refuses_the_password_is_told_also_without_devices(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("open sesame")
    secret.chmod(0o600)
    with Mosquitto(passwords={"ada": "open sesame"}) as broker:
        context = at_home(
            tmp_path,
            "mqtt.enabled=true",
            "devices.enabled=false",
            f"mqtt.port={broker.port}",
            "mqtt.user=ada",
            f"mqtt.password_file={secret}",
        )
        (well,) = await _broker(context)
        secret.write_text("wrong")
        (refused,) = await _broker(context)
    assert well.health is Health.WELL
    assert refused.health is Health.BROKEN
    assert "open sesame" not in f"{well}{refused}"


def test_a_note_of_mishaps_that_is_damaged_hides_nothing_else(tmp_path: Path) -> None:
    lived(tmp_path)
    (tmp_path / FILE).write_text("{")
    assert ill(at_home(tmp_path)) == {}
