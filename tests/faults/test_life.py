"""The memory when the power fails, at any instant."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from digital_life.memory.store import Store
from fakes.embedder import FakeEmbedder

KILLS = int(os.environ.get("DIGITAL_LIFE_KILLS", "25"))
ROOT = Path(__file__).resolve().parents[2]

TALKATIVE = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from digital_life.memory.store import Store
from digital_life.memory.records import Diary, Sentence
from digital_life.values import Reply, Timings, Transcript, Turn
from fakes.embedder import FakeEmbedder

now = datetime(2026, 11, 21, tzinfo=UTC)
with Store.open(Path(sys.argv[1]), FakeEmbedder()) as store:
    latest = store.latest_conversation() or store.begin_conversation(now)
    while True:
        told = Turn(1, now, None, Transcript(f"word {len(store.all_turns())}", "en", 1.0), Reply("ok"), Timings())
        number = store.add_turn(latest.id, told)
        print(number, flush=True)
        store.set_summary(latest.id, [Sentence(f"up to {number}", (number,))], to=number)
        store.add_diary(Diary(0, latest.id, now, now, "en", "t", "", (Sentence("s", (number,)),), extract=False), now)
"""


def test_a_power_cut_loses_no_turn_and_damages_nothing(tmp_path: Path) -> None:
    """Each turn whose number was printed was durable before; it must be there after kill -9."""
    path = tmp_path / "life.db"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    chance = random.Random(1)  # noqa: S311 - the same each time
    last = 0
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", TALKATIVE, str(path)], stdout=subprocess.PIPE, text=True, env=environment
        )
        assert process.stdout
        last = int(process.stdout.readline())
        time.sleep(chance.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
        printed = process.stdout.read().split("\n")[:-1]
        process.wait()
        process.stdout.close()
        last = max([last, *map(int, printed)])
        with Store.open(path, FakeEmbedder()) as store:
            assert store.is_sound()
            kept = [turn.id for turn in store.all_turns()]
            assert kept == list(range(1, len(kept) + 1))
            assert len(kept) >= last
            assert len(kept) <= last + 1
            assert len(store.diaries()) <= 1
            for number in (kept[0], kept[-1]):
                assert any(hit.ref == number for hit in store.index.search(f"word {number - 1}"))


def test_a_full_disk_is_told_and_the_life_stays_whole(tmp_path: Path) -> None:
    path = tmp_path / "life.db"
    limited = TALKATIVE.replace("import sys\n", "import resource, signal, sys\n", 1).replace(
        "now = datetime",
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))\nnow = datetime",
        1,
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    done = subprocess.run(
        [sys.executable, "-c", limited, str(path)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )
    assert "apsw" in done.stderr
    last = int(done.stdout.split()[-1])
    with Store.open(path, FakeEmbedder()) as store:
        assert store.is_sound()
        assert len(store.all_turns()) >= last
