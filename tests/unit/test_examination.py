"""What the doctor says of a language server."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from digital_life import config, words
from digital_life.backends.openai_http import UNLIKELY
from digital_life.clock import SystemClock
from digital_life.context import Context
from digital_life.examination import Finding, Health, _server
from fakes.completions import Completions, answers, completions


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
