"""The agenda when the power fails the moment after it was confirmed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from digital_life.memory.store import Store
from fakes.embedder import FakeEmbedder

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("DIGITAL_LIFE_KILLS", "25")) // 5
CONFIRMED = "I will remind you in 10 minutes: call Ada."

REMINDED = """
import asyncio, sys
from pathlib import Path
from digital_life.agenda.agenda import Agenda
from digital_life.agenda.tools import tools
from digital_life.clock import SystemClock
from digital_life.config import Agenda as Settings, Memory
from digital_life.memory.life import Life
from digital_life.values import Transcript
from digital_life.worker import Worker
from fakes.embedder import FakeEmbedder

async def main():
    clock = SystemClock()
    async with Worker("memory") as worker:
        opening = Life.open(Path(sys.argv[1]), worker=worker, embedder=FakeEmbedder, clock=clock, settings=Memory())
        async with opening as life:
            agenda = Agenda(life, clock=clock, settings=Settings(), quiet=lambda now: False)
            reminder, *_ = tools(agenda, life, clock)
            heard = Transcript("Remind me in ten minutes to call Ada.", "en", 1.0)
            while True:
                outcome = await reminder.run(heard, **reminder.read(heard))
                print(outcome.said, flush=True)

asyncio.run(main())
"""


def test_what_was_confirmed_is_there_after_kill_9(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'daemon'}:{ROOT / 'tests'}"}
    confirmed = 0
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", REMINDED, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=environment
        )
        assert process.stdout
        assert process.stdout.readline().strip() == CONFIRMED
        process.send_signal(signal.SIGKILL)
        confirmed += 1 + process.stdout.read().count(f"{CONFIRMED}\n")
        process.wait()
        process.stdout.close()
        with Store.open(tmp_path / "life.db", FakeEmbedder()) as store:
            assert store.is_sound()
            kept = store.agenda.entries()
        assert {each.what for each in kept} == {"call Ada"}
        assert confirmed <= len(kept)
