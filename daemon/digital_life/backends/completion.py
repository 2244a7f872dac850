"""A chat completion as a server streams it: bytes in, pieces of the answer out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = b"data:"
DONE = b"[DONE]"
LONGEST_LINE = 1_000_000
"""Bytes; a piece of an answer takes some hundred. What goes on for longer is something else."""
CODE = r"[A-Za-z][\w.-]{0,59}"
"""The kind of an error, one word. Its sentence may repeat what the user said, and is never shown."""


class NoCompletionError(Exception):
    """These bytes are no chat completion."""


class BrokenCompletionError(Exception):
    """The server says, in one word, why it cannot go on."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What an event brings of the answer. Empty: the model thinks, and nothing of it is to be said."""

    text: str


class _Delta(msgspec.Struct):
    content: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None


class _Choice(msgspec.Struct):
    delta: _Delta = msgspec.field(default_factory=_Delta)
    finish_reason: str | None = None


class _Event(msgspec.Struct):
    """As far as it is read here."""

    choices: list[_Choice] | None = None
    error: object = None


class Completion:
    """The stream of one answer, block by block."""

    def __init__(self) -> None:
        self._line = b""
        """What came of a line that has not ended."""
        self.ended = False
        """Whether the server said that this was all."""
        self.begun = False
        """Whether there was anything of a completion."""

    def feed(self, block: bytes) -> list[Piece]:
        """The pieces that this block completes. Raises NoCompletionError, BrokenCompletionError."""
        # Not by str.splitlines: an answer may hold U+2028, which JSON does not escape.
        *lines, self._line = (self._line + block).split(b"\n")
        if len(self._line) > LONGEST_LINE:
            raise NoCompletionError
        return [piece for line in lines if line.startswith(DATA) for piece in self._read(line[len(DATA) :].strip())]

    def _read(self, event: bytes) -> Iterator[Piece]:
        if event == DONE:
            self.ended = self.begun
            return
        try:
            read = msgspec.json.decode(event, type=_Event)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise NoCompletionError from error
        if read.error:
            raise BrokenCompletionError(code(event))
        if read.choices is None:
            raise NoCompletionError
        self.begun = True
        for choice in read.choices[:1]:
            self.ended |= choice.finish_reason is not None
            delta = choice.delta
            if delta.content or delta.reasoning_content or delta.reasoning:
                yield Piece(delta.content or "")


class _Error(msgspec.Struct):
    type: object = None
    code: object = None


class _Answer(msgspec.Struct):
    error: _Error


def code(body: bytes) -> str:
    """The kind of error that a server's answer names, one word; empty when it names none."""
    try:
        error = msgspec.json.decode(body, type=_Answer).error
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return ""
    return next((str(each) for each in (error.code, error.type) if re.fullmatch(CODE, str(each or ""))), "")
