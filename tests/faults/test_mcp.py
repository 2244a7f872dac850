"""Tools of real MCP servers, over their standard streams and over HTTP, which die, refuse and fall silent."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from digital_life.backends import mcp_client
from digital_life.backends.mcp_client import McpTools, open_mcp
from digital_life.clock import SystemClock
from digital_life.config import McpServer
from digital_life.errors import ConfigError, ToolError
from digital_life.tool import Outcome, Tool
from digital_life.values import Transcript

KITCHEN = Path(__file__).resolve().parents[1] / "fakes" / "mcp_kitchen.py"
HEARD = Transcript("", "en", 1.0)


def kitchen(**settings: Any) -> McpServer:
    table = {"name": "kitchen", "command": (sys.executable, str(KITCHEN))} | settings
    return McpServer(**table)


def named(servers: McpTools, name: str) -> Tool:
    return {each.name: each for each in servers.tools()}[name]


async def call(servers: McpTools, name: str, **arguments: object) -> Outcome:
    tool = named(servers, name)
    return await tool.run(HEARD, **tool.validated(arguments))


async def refusal(servers: McpTools, name: str, **arguments: object) -> str:
    with pytest.raises(ToolError) as raised:
        await call(servers, name, **arguments)
    return raised.value.key


async def until_it_answers(servers: McpTools) -> Outcome:
    while True:
        try:
            return await call(servers, "stock", what="eggs")
        except (ToolError, KeyError):
            await asyncio.sleep(0.02)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The start waits for the kitchen however slow this machine is; a lost one is started again at once."""
    monkeypatch.setattr(mcp_client, "START_S", 60.0)
    monkeypatch.setattr(mcp_client, "RETRY_FIRST_S", 0.05)


@asynccontextmanager
async def http_kitchen(port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(sys.executable, str(KITCHEN), str(port))
    try:
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                await writer.wait_closed()
                break
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_its_tools_become_tools(caplog: pytest.LogCaptureFixture) -> None:
    async with open_mcp([kitchen()], SystemClock()) as servers:
        tools = {each.name: each for each in servers.tools()}
        assert tools.keys() == {"stock", "larder", "boil_water", "burn", "wait", "spill"}
        stock = tools["stock"]
        assert (stock.about, stock.acts, tools["burn"].acts) == ("How much there is of something.", False, True)
        assert [(each.name, each.required) for each in stock.parameters] == [
            ("what", True),
            ("shelf", False),
            ("least", False),
        ]
        assert stock.parameters[0].about == "what is sought"
        assert stock.parameters[1].choices == ("upper", "lower")
        assert (await call(servers, "stock", what="eggs", least="4", shelf="upper")).found == "6 eggs, upper"
        assert (await call(servers, "boil_water")).said == "Done."
    assert "cook of kitchen is left out" in caplog.text
    assert "argument tags of stock" in caplog.text


async def test_only_the_tools_that_are_named_are_taken() -> None:
    async with open_mcp([kitchen(tools=("stock",))], SystemClock()) as servers:
        assert [each.name for each in servers.tools()] == ["stock"]


async def test_its_environment_is_of_the_settings() -> None:
    async with open_mcp([kitchen(environment={"LARDER": "full"})], SystemClock()) as servers:
        assert (await call(servers, "larder")).found == "full"


async def test_names_that_collide_get_their_servers_before_them() -> None:
    only = {"tools": ("stock", "burn")}
    async with open_mcp([kitchen(name="one", **only), kitchen(name="two", **only)], SystemClock()) as servers:
        assert [each.name for each in servers.tools()] == ["one_stock", "one_burn", "two_stock", "two_burn"]
    async with open_mcp([kitchen(**only)], SystemClock()) as servers:
        assert [each.name for each in servers.tools(taken={"stock"})] == ["kitchen_stock", "burn"]


async def test_what_it_refuses_is_told() -> None:
    async with open_mcp([kitchen()], SystemClock()) as servers:
        assert await refusal(servers, "spill") == "mcp-refused"
        assert (await call(servers, "stock", what="milk")).found == "3 milk, anywhere"


async def test_one_that_takes_too_long_is_given_up() -> None:
    async with open_mcp([kitchen()], SystemClock()) as servers:
        slow = named(servers, "wait")
        servers._servers[0]._settings = kitchen(timeout_s=0.2)
        with pytest.raises(ToolError) as raised:
            await slow.run(HEARD)
        assert raised.value.key == "mcp-slow"


async def test_a_server_that_dies_in_the_middle_is_told_and_started_again(caplog: pytest.LogCaptureFixture) -> None:
    async with open_mcp([kitchen()], SystemClock()) as servers:
        assert await refusal(servers, "burn") == "mcp-down"
        assert await refusal(servers, "stock", what="eggs") == "mcp-down"
        assert (await until_it_answers(servers)).found == "3 eggs, anywhere"
    assert caplog.text.count("kitchen is not there") == 1


async def test_a_server_that_died_unseen_is_found_by_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcp_client, "LOOK_S", 0.05)
    clock = SystemClock()
    async with open_mcp([kitchen()], clock) as servers:
        first = servers._servers[0]._connection
        with pytest.raises(ToolError):
            await named(servers, "burn").run(HEARD)
        servers._servers[0]._lost.clear()
        await until_it_answers(servers)
        assert servers._servers[0]._connection is not first


async def test_one_over_http_dies_in_the_middle_and_comes_back(port: int) -> None:
    server = kitchen(command=(), address=f"http://127.0.0.1:{port}/mcp")
    async with http_kitchen(port), open_mcp([server], SystemClock()) as servers:
        assert (await call(servers, "stock", what="eggs")).found == "3 eggs, anywhere"
        assert await refusal(servers, "burn") == "mcp-down"
        async with http_kitchen(port):
            assert (await until_it_answers(servers)).found == "3 eggs, anywhere"


async def test_one_that_cannot_be_started_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    servers = [kitchen(name="nowhere", command=("/nowhere/at-all",)), kitchen()]
    async with open_mcp(servers, SystemClock()) as opened:
        assert (await call(opened, "stock", what="eggs")).found == "3 eggs, anywhere"
    assert "nowhere is not there" in caplog.text


async def test_one_that_never_answers_holds_up_the_start_for_moments_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcp_client, "START_S", 0.05)
    async with open_mcp([kitchen(name="deaf", command=("sleep", "60"))], SystemClock()) as servers:
        assert servers.tools() == ()


async def test_one_that_starts_late_brings_its_tools_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcp_client, "START_S", 0.0)
    async with open_mcp([kitchen()], SystemClock()) as servers:
        assert servers.tools() == ()
        assert (await until_it_answers(servers)).found == "3 eggs, anywhere"


async def test_without_the_package_it_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "digital_life.backends.mcp_session", None)
    with pytest.raises(ConfigError, match="pip install mcp"):
        async with open_mcp([kitchen()], SystemClock()):
            pass


async def test_without_servers_nothing_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "digital_life.backends.mcp_session", None)
    async with open_mcp([], SystemClock()) as servers:
        assert servers.tools() == ()
