"""Tools of MCP servers: each server is kept running, and one that is down says so when it is called."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol

from digital_life import words
from digital_life.errors import ConfigError, ToolError, ungrouped
from digital_life.tool import Outcome, Parameter, Tool
from digital_life.values import Transcript

if TYPE_CHECKING:
    from digital_life.config import McpServer
    from digital_life.ports import Clock

log = logging.getLogger(__name__)

START_S = 4.0
"""For so long the start waits for the servers; one that comes later brings its tools later."""
RETRY_FIRST_S = 1.0
RETRY_LAST_S = 300.0
"""Waits between two attempts to start a server: the first, and the longest."""
LOOK_S = 60.0
"""Between two looks whether a server is still there, and what it offers."""
ABOUT_CHARACTERS = 160
"""Of a description: every tool stands in the prompt."""
FOUND_CHARACTERS = 1_500
"""Of an answer: the rest would not fit into the prompt of a small model."""
KINDS: Mapping[str, type] = {"string": str, "integer": int, "number": float, "boolean": bool}
"""Types of JSON Schema that a small model can write."""


class LostError(Exception):
    """The server is gone."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A tool as a server offers it."""

    name: str
    about: str
    schema: Mapping[str, object]
    """JSON Schema of its arguments."""
    acts: bool
    """Whether it may change anything, or tells anybody outside what was asked."""


class Connection(Protocol):
    async def offered(self) -> tuple[Offered, ...]: ...

    async def call(self, tool: str, arguments: Mapping[str, object]) -> str:
        """Raises LostError when the server is gone, ToolError when it refuses."""
        ...


Connect = Callable[["McpServer"], AbstractAsyncContextManager[Connection]]


class McpTools:
    """What all the servers offer."""

    def __init__(self, servers: Sequence[_Server]) -> None:
        self._servers = servers

    def tools(self, taken: Collection[str] = ()) -> tuple[Tool, ...]:
        """Of now: a server that starts late, or has learned something, offers more later.

        A tool whose name is `taken`, or is that of another server's tool, has its server's name before it.
        """
        names = Counter([*taken, *(tool.name for server in self._servers for tool in server.tools)])
        return tuple(
            replace(tool, name=f"{server.name}_{tool.name}") if names[tool.name] > 1 else tool
            for server in self._servers
            for tool in server.tools
        )


@asynccontextmanager
async def open_mcp(settings: Sequence[McpServer], clock: Clock) -> AsyncGenerator[McpTools]:
    """Start all servers and keep them running. Raises ConfigError when the package that speaks to them is missing."""
    servers = [_Server(each, _library(), clock) for each in settings]
    with ungrouped():
        async with asyncio.TaskGroup() as tasks:
            keeping = [tasks.create_task(each.keep(), name=f"mcp.{each.name}") for each in servers]
            with suppress(TimeoutError):
                async with asyncio.timeout(START_S):
                    for each in servers:
                        await each.tried.wait()
            try:
                yield McpTools(servers)
            finally:
                for task in keeping:
                    task.cancel()


def _library() -> Connect:
    try:
        from digital_life.backends.mcp_session import connect  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise ConfigError("mcp-missing", cause=error) from error
    return connect


class _Server:
    """One server, started again whenever it is lost."""

    def __init__(self, settings: McpServer, connect: Connect, clock: Clock) -> None:
        self._settings = settings
        self._connect = connect
        self._clock = clock
        self._connection: Connection | None = None
        self._lost = asyncio.Event()
        self._offered: tuple[Offered, ...] = ()
        self.tools: tuple[Tool, ...] = ()
        """What it offered last: they stay when it is lost, and say so."""
        self.tried = asyncio.Event()
        """Whether it has been started, or that has failed."""

    @property
    def name(self) -> str:
        return self._settings.name

    async def keep(self) -> None:
        wait = RETRY_FIRST_S
        while True:
            try:
                await self._serve()
            except Exception as error:  # noqa: BLE001 - whatever a foreign program does, the talk goes on
                if self._connection or not self.tried.is_set():  # said once, not at every attempt
                    log.warning("%s (%s)", ToolError("mcp-down", server=self.name), _cause(error))
            if self._connection:
                wait, self._connection = RETRY_FIRST_S, None
            self.tried.set()
            await self._clock.sleep(wait)
            wait = min(RETRY_LAST_S, wait * 2)

    async def _serve(self) -> None:
        """Until it is lost. Raises LostError, or whatever the connection does."""
        async with (
            asyncio.timeout(self._settings.timeout_s) as patience,
            self._connect(self._settings) as connection,
        ):
            self._take(await connection.offered())
            patience.reschedule(None)
            self._lost.clear()
            self._connection = connection
            self.tried.set()
            while not await self._is_lost_within(LOOK_S):
                async with asyncio.timeout(self._settings.timeout_s):
                    self._take(await connection.offered())
            raise LostError

    async def _is_lost_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._lost.wait()
        return self._lost.is_set()

    def _take(self, offered: tuple[Offered, ...]) -> None:
        if offered != self._offered:
            self._offered = offered
            wanted = [each for each in offered if not self._settings.tools or each.name in self._settings.tools]
            self.tools = tuple(tool for tool in map(self._tool, wanted) if tool)

    def _tool(self, offered: Offered) -> Tool | None:
        async def run(heard: Transcript, **arguments: object) -> Outcome:
            found = await self._call(offered.name, arguments)
            if not found:
                return Outcome(said=words.load(heard.language).text("plugins.done"))
            return Outcome(found=found[:FOUND_CHARACTERS])

        parameters, left_out = parameters_of(offered.schema)
        missing = sorted(name for name in left_out if name in _required(offered.schema))
        if missing:
            log.warning("%s", ToolError("mcp-tool-left-out", server=self.name, tool=offered.name, name=missing[0]))
            return None
        for name in left_out:
            log.warning("%s", ToolError("mcp-argument-left-out", server=self.name, tool=offered.name, name=name))
        about = offered.about.strip().splitlines()[0][:ABOUT_CHARACTERS] if offered.about.strip() else offered.name
        return Tool(re.sub(r"\W+", "_", offered.name), about, parameters, run, acts=offered.acts)

    async def _call(self, tool: str, arguments: Mapping[str, object]) -> str:
        """Raises ToolError."""
        connection = self._connection
        if connection is None:
            raise ToolError("mcp-down", server=self.name)
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                return await connection.call(tool, arguments)
        except TimeoutError as error:
            raise ToolError("mcp-slow", server=self.name) from error
        except LostError as error:
            if connection is self._connection:
                self._lost.set()
            raise ToolError("mcp-down", server=self.name) from error


def parameters_of(schema: Mapping[str, object]) -> tuple[tuple[Parameter, ...], tuple[str, ...]]:
    """The arguments that a model can write, and the names of those that it cannot."""
    properties = schema.get("properties")
    known = properties if isinstance(properties, Mapping) else {}
    required = _required(schema)
    kinds = {str(name): _kind(each) for name, each in known.items()}
    parameters = tuple(
        Parameter(name, kind, _about(known[name]), required=name in required) for name, kind in kinds.items() if kind
    )
    return parameters, tuple(name for name, kind in kinds.items() if not kind)


def _required(schema: Mapping[str, object]) -> Collection[object]:
    required = schema.get("required")
    return required if isinstance(required, list) else ()


def _kind(schema: object) -> object:
    """The type, or the Literal of strings, that `schema` describes; None when it is another."""
    if not isinstance(schema, Mapping):
        return None
    choices = schema.get("enum")
    if isinstance(choices, list):
        are_texts = bool(choices) and all(isinstance(each, str) for each in choices)
        return Literal[tuple(choices)] if are_texts else None
    either = schema.get("anyOf") or schema.get("oneOf")
    if isinstance(either, list):
        return _only(_kind(each) for each in either if each != {"type": "null"})
    named = schema.get("type")
    names = named if isinstance(named, list) else [named]
    return _only(KINDS.get(str(each)) for each in names if each != "null")


def _only(kinds: Iterable[object]) -> object:
    found = list(kinds)
    return found[0] if len(found) == 1 else None


def _about(schema: object) -> str:
    about = schema.get("description") if isinstance(schema, Mapping) else None
    return str(about).strip().split("\n", 1)[0][:ABOUT_CHARACTERS] if about else ""


def _cause(error: BaseException) -> str:
    """The first error of a group says what happened."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}".split("\n", 1)[0]
