"""The latest lines of the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from digital_life.errors import RequestError
from digital_life.log import Line, Recent
from digital_life.web.resource import Call, Download, Resource

LEVELS: Final = ("INFO", "WARNING", "ERROR")


@dataclass(frozen=True, slots=True)
class Lines:
    lines: list[Line]
    last: int
    """Ask for those after it next time."""


def resources(recent: Recent) -> tuple[Resource, ...]:
    async def follow(call: Call) -> Lines:
        after = _number(call.query.get("after", "0"))
        lines = recent.since(after, level=_level(call))
        newest = recent.since(0)
        return Lines(lines, newest[-1].number if newest else 0)

    async def keep(call: Call) -> Download:
        text = "".join(f"{_written(each)}\n" for each in recent.since(0, level=_level(call)))
        return Download(text.encode(), "digital-life.log", "text/plain; charset=utf-8")

    return Resource("GET", "/api/logs", follow), Resource("GET", "/api/logs/file", keep)


def _level(call: Call) -> str:
    level = call.query.get("level", "INFO")
    if level not in LEVELS:
        raise RequestError("logs-level", level=level)
    return level


def _number(written: str) -> int:
    if not (written.isascii() and written.isdecimal() and len(written) <= 15):
        raise RequestError("web-number", written=written)
    return int(written)


def _written(line: Line) -> str:
    when = datetime.fromtimestamp(line.at, UTC).isoformat(timespec="milliseconds")
    return f"{when} {line.level:<7} {line.name}: {line.text}"
