"""What the doctor says of a language server, and of the home."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from digital_life import config, words
from digital_life.backends.openai_http import UNLIKELY
from digital_life.clock import SystemClock
from digital_life.context import Context
from digital_life.examination import Finding, Health, _home, _server
from fakes.completions import Completions, answers, completions
from fakes.house import House
from fakes.mosquitto import Mosquitto, free_port


@pytest.fixture
async def server() -> AsyncGenerator[Completions]:
    async with completions() as it:
        yield it


def context(tmp_path: Path, *changes: str) -> Context:
    settings = config.load(None, [f"llm.server.{change}" for change in changes])
    return Context(settings, tmp_path, tmp_path, SystemClock(), words.load("en"), debug=False)


async def examined(tmp_path: Path, *changes: str) -> Finding:
    (finding,) = await _server(context(tmp_path, *changes))
    return finding


async def test_without_a_server_nothing_is_said_of_one(tmp_path: Path) -> None:
    assert await _server(context(tmp_path)) == []


async def test_a_server_that_does_well_is_told_with_its_model_and_speed(server: Completions, tmp_path: Path) -> None:
    server.chats = answers(*UNLIKELY)
    finding = await examined(tmp_path, f"address={server.address}")
    assert finding.health is Health.WELL
    assert f"{server.address}: qwen (of 1)" in finding.found
    assert "it keeps to grammars" in finding.found


async def test_a_server_without_grammars_is_a_pity_only_where_nothing_else_writes(
    server: Completions, tmp_path: Path
) -> None:
    finding = await examined(tmp_path, f"address={server.address}")
    assert finding.health is Health.WELL
    assert "no grammars" in finding.found
    finding = await examined(tmp_path, f"address={server.address}", "local=false")
    assert "llm.server.local = true" in finding.advice


@pytest.mark.parametrize(("local", "health"), [("true", Health.WEAK), ("false", Health.BROKEN)])
async def test_a_server_that_is_gone_is_worse_where_nothing_stands_in(
    tmp_path: Path, local: str, health: Health
) -> None:
    finding = await examined(tmp_path, "address=http://127.0.0.1:1/v1", f"local={local}")
    assert finding.health is health
    assert "cannot be reached" in finding.found


async def test_a_key_that_others_can_read_is_advised_against(server: Completions, tmp_path: Path) -> None:
    server.chats = answers(*UNLIKELY)
    key = tmp_path / "key"
    key.write_text("secret")
    key.chmod(0o644)
    finding = await examined(tmp_path, f"address={server.address}", f"key_file={key}")
    assert finding.advice == f"others on this machine can read the key; type `chmod 600 {key}`"
    assert "secret" not in str(dataclasses.asdict(finding))


def at_home(tmp_path: Path, port: int) -> Context:
    settings = config.load(None, ["mqtt.enabled=true", f"mqtt.port={port}"])
    return Context(settings, tmp_path, tmp_path, SystemClock(), words.load("en"), debug=False)


async def test_without_a_broker_in_the_settings_nothing_is_said_of_the_home(tmp_path: Path) -> None:
    assert await _home(context(tmp_path)) == []


async def test_the_devices_of_the_home_are_counted(tmp_path: Path) -> None:
    with Mosquitto() as broker:
        (empty,) = await _home(at_home(tmp_path, broker.port))
        with House(broker.port) as house:
            (well,) = await _home(at_home(tmp_path, broker.port))
            house.offline(house["Living room lamp"])
            await asyncio.sleep(0.2)
            (weak,) = await _home(at_home(tmp_path, broker.port))
    assert (empty.health, "devices.toml" in empty.advice) == (Health.WEAK, True)
    assert (well.health, well.found.endswith(" 0 of them offline")) == (Health.WELL, True)
    assert (weak.health, weak.found.endswith(" 1 of them offline")) == (Health.WEAK, True)


async def test_a_broker_that_is_not_there_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digital_life.household.VISIT_S", 0.5)
    (finding,) = await _home(at_home(tmp_path, free_port()))
    assert finding.health is Health.BROKEN
    assert "[mqtt]" in finding.found
