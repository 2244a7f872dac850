"""Sealing when the power fails, at any instant, and when the disk is full."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from digital_life.errors import MemoryFileError, PeopleError
from digital_life.memory import cipher, copies, resealing
from digital_life.memory.waiting import Waiting
from digital_life.people.file import PeopleFile
from digital_life.seal import Seal
from fakes.sealed import heard, key_in, telling, told_home

KILLS = int(os.environ.get("DIGITAL_LIFE_KILLS", "25"))
ROOT = Path(__file__).resolve().parents[2]
KILLED = """
import os, signal, sys
from pathlib import Path
from digital_life import seal
from digital_life.errors import MemoryFileError
from digital_life.memory import copies, resealing

home, former, to, last = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
CHANGES = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "sqlite3.connect"}
seen = 0

def look(event, arguments):
    global seen
    if event in CHANGES and any(str(home) in str(each) for each in arguments):
        seen += 1
        if seen == last:
            os.kill(os.getpid(), signal.SIGKILL)

with copies.used(home, alone=True):
    keys = [seal.read(former), seal.read(to)]
    sys.addaudithook(look)
    resealing.reseal(home, seal=keys[0], to=keys[1])
print(seen)
"""
"""Ends at the change of a file of that number; 0: never, and tells how many there are."""


def killed(home: Path, former: Seal | None, to: Seal | None, *, at: int) -> int:
    """How many changes there were; 0 where it was killed."""
    path = os.pathsep.join(str(ROOT / each) for each in ("daemon", "tests"))
    keys = [str(each.path) if each else "" for each in (former, to)]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(home), *keys, str(at)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert done.returncode in (0, -9), done.stderr
    return int(done.stdout or 0)


def whole_under(home: Path, key: Seal | None) -> None:
    assert heard(home, key) == ["I am allergic to ragwort."]
    assert heard(home / "lives" / "Jarvis", key) == ["My aunt is called Wilhelmina."]
    waiting = Waiting(home, key)
    assert [each.heard.text for each in waiting.load()] == ["There is quicklime in the shed."]
    waiting.close()
    assert [each.name for each in PeopleFile(home, key).prints()] == ["Wilhelmina"]
    assert len(copies.copies(home)) == 1
    assert cipher.is_sealed(copies.copies(home)[0]) == (key is not None)


@pytest.mark.parametrize("what", ["seal", "unseal", "rekey"])
def test_killed_at_any_moment_all_of_it_is_under_one_key_or_none(what: str, tmp_path: Path) -> None:
    key, new = key_in(tmp_path), key_in(tmp_path, "new")
    former, to = {"seal": (None, key), "unseal": (key, None), "rekey": (key, new)}[what]
    told_home(tmp_path / "told", former)
    shutil.copytree(tmp_path / "told", tmp_path / "home")
    changes = killed(tmp_path / "home", former, to, at=0)
    assert changes > 30
    before = after = 0
    for at in sorted({1 + round(each * (changes - 1) / KILLS) for each in range(KILLS + 1)}):
        home = tmp_path / f"home-{at}"
        shutil.copytree(tmp_path / "told", home)
        assert killed(home, former, to, at=at) == 0
        with copies.used(home):
            assert not resealing.is_under_way(home)
        is_done = cipher.head_of(home / "life.db") != cipher.head_of(tmp_path / "told" / "life.db")
        whole_under(home, to if is_done else former)
        if is_done and to:
            assert telling(home) == set()
        before, after = before + (not is_done), after + is_done
        shutil.rmtree(home)
    assert before
    assert after


def test_on_a_full_disk_nothing_is_changed_and_it_is_told(tmp_path: Path) -> None:
    home, key = tmp_path / "home", key_in(tmp_path)
    told_home(home)
    limited = "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n" + KILLED.replace(
        "keys = [", "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)); keys = ["
    )
    path = os.pathsep.join(str(ROOT / each) for each in ("daemon", "tests"))
    done = subprocess.run(
        [sys.executable, "-c", limited, str(home), "", str(key.path), "0"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert "nothing was changed" in done.stderr
    assert key.derived(cipher.KEY).hex() not in done.stderr
    assert not resealing.is_under_way(home)
    whole_under(home, None)


def test_without_the_key_nothing_of_a_sealed_home_is_changed(tmp_path: Path) -> None:
    """Not by opening it, not by what waits, and not by a life that is damaged besides."""
    home, key = tmp_path / "home", key_in(tmp_path)
    told_home(home, key)
    before = {each: each.read_bytes() for each in home.rglob("*") if each.is_file()}
    for other in (None, key_in(tmp_path, "other")):
        with pytest.raises(MemoryFileError, match=r"memory\.key_file"):
            heard(home, other)
        with pytest.raises(PeopleError, match=r"memory\.key_file"):
            PeopleFile(home, other).prints()
    after = {each: each.read_bytes() for each in home.rglob("*") if each.is_file()}
    assert after == before
