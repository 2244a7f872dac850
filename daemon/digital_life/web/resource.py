"""What can be asked of the web server: a method, a path, and what answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from digital_life.errors import RequestError
from digital_life.words import Words

T = TypeVar("T")
Method = Literal["GET", "POST", "PUT", "DELETE"]


@dataclass(frozen=True, slots=True)
class Call:
    """One request, by somebody who may ask."""

    words: Words
    """In the language of the page."""
    path: Mapping[str, str] = field(default_factory=dict)
    """What stands at the `{places}` of the resource's path."""
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    """JSON, at most 1 MiB; empty for a resource that takes a file."""
    file: Path | None = None
    """What was sent to a resource that takes a file; it is gone when the resource has answered."""

    def read(self, kind: type[T]) -> T:
        """The body as such a value. Raises RequestError."""
        try:
            return msgspec.json.decode(self.body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise RequestError("web-body", cause=error) from error

    def number(self, name: str) -> int:
        """The number at that place of the path. Raises RequestError."""
        if not (self.path[name].isascii() and self.path[name].isdecimal()) or len(self.path[name]) > 15:
            raise RequestError("web-number", written=self.path[name])
        return int(self.path[name])


@dataclass(frozen=True, slots=True)
class Download:
    """An answer that the browser keeps as a file of that name."""

    content: bytes | Path
    """A file is sent piece by piece, and deleted afterwards."""
    name: str
    kind: str
    """Its media type."""


@dataclass(frozen=True, slots=True)
class Resource:
    method: Method
    path: str
    """Such as "/api/diaries/{number}"."""
    answer: Callable[[Call], Awaitable[object]]
    """What it returns goes out as JSON (anything that msgspec encodes), None as 204, a Download as a file.

    A RequestError or another DigitalLifeError is told as {"error": sentence} in the language of the page.
    """
    takes_file: bool = False
    """Whether the body is a file of any size, kept beside the life while the resource answers."""
