"""A real MCP server: `python mcp_kitchen.py [PORT]`, over its standard streams or over HTTP."""

from __future__ import annotations

import os
import sys
import time
from typing import Annotated, Literal

from mcp.server.mcpserver import MCPServer
from mcp.types import ToolAnnotations
from pydantic import Field

kitchen = MCPServer("kitchen", log_level="CRITICAL")


@kitchen.tool(annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False))
def stock(
    what: Annotated[str, Field(description="what is sought")],
    shelf: Literal["upper", "lower"] | None = None,
    least: int = 1,
    tags: list[str] | None = None,
) -> str:
    """How much there is of something.

    All of it is counted.
    """
    del tags
    return f"{least + 2} {what}, {shelf or 'anywhere'}"


@kitchen.tool()
def larder() -> str:
    """What the larder is like."""
    return os.environ.get("LARDER", "empty")


@kitchen.tool(name="boil-water")
def boil_water() -> None:
    """Boil water."""


@kitchen.tool()
def cook(dishes: list[str]) -> str:
    """Cook dishes."""
    return ", ".join(dishes)


@kitchen.tool()
def burn() -> str:
    """Burn the kitchen down in the middle of an answer."""
    os._exit(3)


@kitchen.tool()
def wait() -> str:
    """Take very long."""
    time.sleep(0.7)
    return "late"


@kitchen.tool()
def spill() -> str:
    """Spill the milk."""
    raise ValueError("milk")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        kitchen.run("streamable-http", host="127.0.0.1", port=int(sys.argv[1]))
    else:
        kitchen.run("stdio")
