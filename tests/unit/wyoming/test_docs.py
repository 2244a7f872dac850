"""docs/wyoming.md says what is so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from digital_life import config
from digital_life.offering import STREAMS
from digital_life.wire import events, wire
from digital_life.wyoming import connection, listening, requests, server, turns

DOCS = (Path(__file__).resolve().parents[3] / "docs" / "wyoming.md").read_text(encoding="utf-8")
SAID = " ".join(DOCS.split())


def test_its_settings_are_taken() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)
    assert len(blocks) == 2
    assert all(config.from_table(tomllib.loads(each), where="docs").wyoming.enabled for each in blocks)
    assert f"127.0.0.1, port {config.Wyoming().port}" in SAID


def test_its_limits_are_the_limits() -> None:
    for limit in (
        f"{server.MOST} connections",
        f"{connection.WAITING} requests that wait",
        f"{listening.LONGEST_S:.0f} s of sound",
        f"{requests.SPOKEN:,} characters of speech",
        f"{requests.QUESTION:,} characters of a question",
        f"{events.PAYLOAD_BYTES // 2**20} MiB an event",
        f"{STREAMS} streams",
        f"{listening.AHEAD_S:.0f} s ahead",
        f"says nothing for {wire.IDLE_S:.0f} s",
        f"within {wire.ARRIVING_S:.0f} s",
        f"not read for {wire.TAKING_S:.0f} s",
        f"wait {turns.PATIENCE_S:.0f} s at most",
    ):
        assert limit in SAID, limit
