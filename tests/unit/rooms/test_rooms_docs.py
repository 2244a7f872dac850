"""docs/rooms.md says what is so."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

from digital_life import cli, config, words
from digital_life.roomdevice import PORTS
from digital_life.talking.session import RETRY_FIRST_S, RETRY_LAST_S, STEADY_S

DOCS = (Path(__file__).resolve().parents[3] / "docs" / "rooms.md").read_text(encoding="utf-8")
SAID = " ".join(DOCS.split())


def test_its_settings_are_taken() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)
    rooms = config.from_table(tomllib.loads(block), where="docs").rooms
    assert [each.kind for each in rooms.devices] == ["wyoming", "esphome"]


def test_its_commands_are_understood() -> None:
    lines = [line for line in DOCS.splitlines() if line.startswith("digital-life rooms")]
    assert {line.split()[2] for line in lines} == {"list", "add", "test", "remove"}
    for line in lines:
        cli._parser(words.load("en")).parse_args(shlex.split(line, comments=True)[1:])


def test_its_ports_and_times_are_those_of_the_code() -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*\| (\d+) \|$", DOCS, re.MULTILINE)
    assert {kind: int(port) for kind, port in rows} == PORTS
    assert f"again after {RETRY_FIRST_S:.0f} s" in SAID
    assert f"up to {RETRY_LAST_S:.0f} s" in SAID
    assert f"again within {STEADY_S:.0f} s" in SAID
