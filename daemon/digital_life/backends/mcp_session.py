"""One connection to an MCP server, https://modelcontextprotocol.io: a program of its own, or an address."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import TextIO

import anyio
from mcp import Client, MCPError, StdioServerParameters, stdio_client
from mcp.client import Transport
from mcp.types import CONNECTION_CLOSED, CallToolResult, TextContent, Tool

from digital_life.backends.mcp_client import LostError, Offered
from digital_life.config import McpServer
from digital_life.errors import ToolError

REFUSAL_CHARACTERS = 200
"""Of what a server says when it refuses: it is told to the model, or even to the user."""


@asynccontextmanager
async def connect(settings: McpServer) -> AsyncGenerator[McpConnection]:
    """Must be left by the task that entered it. Raises whatever a foreign server makes of it."""
    # What a server writes to standard error is not kept: what was said may stand in it.
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: ASYNC230, PTH123 - no file
        async with Client(_server(settings, nowhere), cache=None) as client:
            yield McpConnection(client, settings.name)


class McpConnection:
    """Connection."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._name = name

    async def offered(self) -> tuple[Offered, ...]:
        found: list[Tool] = []
        cursor: str | None = None
        while True:
            page = await self._client.list_tools(cursor=cursor)
            found += page.tools
            cursor = page.next_cursor
            if not cursor:
                return tuple(_offered(each) for each in found)

    async def call(self, tool: str, arguments: Mapping[str, object]) -> str:
        try:
            result = await self._client.call_tool(tool, dict(arguments))
        except (anyio.ClosedResourceError, anyio.BrokenResourceError) as error:
            raise LostError from error
        except MCPError as error:
            if error.code == CONNECTION_CLOSED:
                raise LostError from error
            raise ToolError("mcp-refused", server=self._name, cause=error) from error
        said = _text(result)
        if result.is_error:
            raise ToolError("mcp-refused", server=self._name, cause=said[:REFUSAL_CHARACTERS])
        return said


def _server(settings: McpServer, errors: TextIO) -> str | Transport:
    if settings.address:
        return settings.address
    program, *arguments = settings.command
    command = StdioServerParameters(command=program, args=arguments, env=settings.environment)
    return stdio_client(command, errlog=errors)


def _offered(tool: Tool) -> Offered:
    hints = tool.annotations
    reads_at_home = hints is not None and hints.read_only_hint is True and hints.open_world_hint is False
    return Offered(tool.name, tool.description or tool.title or tool.name, tool.input_schema, acts=not reads_at_home)


def _text(result: CallToolResult) -> str:
    """What of it can be read; pictures and sounds cannot."""
    said = "\n".join(each.text for each in result.content if isinstance(each, TextContent))
    told = {name: each for name, each in (result.structured_content or {}).items() if each is not None}
    return said or (json.dumps(told, ensure_ascii=False) if told else "")
