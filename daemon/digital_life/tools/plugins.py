"""Tools that others wrote: installed packages with an entry point of the group "digital_life.tools"."""

from __future__ import annotations

import inspect
import logging
from dataclasses import replace
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from digital_life.errors import ToolError
from digital_life.tool import Arguments, Outcome, Tool

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from digital_life.values import Transcript

log = logging.getLogger(__name__)

GROUP = "digital_life.tools"


def load(names: Iterable[str]) -> tuple[Tool, ...]:
    """Those of the entry points `names`; one that is missing or broken is left out, with a warning."""
    return tuple(tool for name in names for tool in _loaded(name))


def _loaded(name: str) -> tuple[Tool, ...]:
    found = next(iter(entry_points(group=GROUP, name=name)), None)
    if found is None:
        log.warning("%s", ToolError("plugin-missing", name=name))
        return ()
    try:
        return tuple(_guarded(tool) for tool in _tools(found.load()))
    except Exception as error:  # noqa: BLE001 - whatever foreign code does, the rest starts
        log.warning("%s", ToolError("plugin-broken", name=name, cause=f"{type(error).__name__}: {error}"))
        return ()


def _tools(offered: object) -> Iterator[Tool]:
    """Of a Tool, of a function that can be one, or of what gives several. Raises TypeError."""
    if isinstance(offered, Tool):
        yield offered
    elif inspect.iscoroutinefunction(offered):
        yield Tool.of(offered)
    elif callable(offered):
        for each in offered():
            yield from _tools(each)
    else:
        raise TypeError(f"{offered!r} is no tool")


def _guarded(tool: Tool) -> Tool:
    """The same, but what goes wrong in it is a ToolError."""

    async def run(heard: Transcript, **arguments: object) -> Outcome:
        try:
            return await tool.run(heard, **arguments)
        except ToolError:
            raise
        except Exception as error:
            raise ToolError("plugin-failed", name=tool.name, cause=error) from error

    def read(heard: Transcript) -> Arguments | None:
        try:
            return tool.read(heard) if tool.read else None
        except Exception as error:  # noqa: BLE001 - the language model finds them instead
            # Not the error itself: what was said may stand in it.
            log.warning("%s", ToolError("plugin-failed", name=tool.name, cause=type(error).__name__))
            return None

    return replace(tool, run=run, read=read if tool.read else None)
