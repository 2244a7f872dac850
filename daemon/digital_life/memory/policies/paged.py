"""Paged memory: a context of fixed size, and functions by which the model pages in what lies outside of it.

Packer et al., "MemGPT: Towards LLMs as Operating Systems" (arXiv:2310.08560): a working context that the model appends
to and replaces in; a queue of messages with a recursive summary at its head; a warning when the window is 70 % full and
a flush of half of it when it is full; recall storage (all that was said, searched by words) and archival storage
(searched by meaning), both answered a page at a time; errors go back to the model. The summary and the calls are the
model's part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from digital_life.memory.records import Hit

WARNING = 0.7
FLUSHED = 0.5
"""Shares of the window: from the first on the model is warned; when it is full the second is put out of it."""
PAGE = 5
"""Results at a time."""
WORKING = 2_000
"""Characters of the working context."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Message:
    turn: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Queue:
    """What stands before the model after its instructions and its working context."""

    window: int
    """Tokens that there is room for."""
    messages: tuple[Message, ...] = ()
    summarised: tuple[int, ...] = ()
    """Turns that the summary at its head tells of."""

    @property
    def tokens(self) -> int:
        return sum(each.tokens for each in self.messages)

    @property
    def is_pressed(self) -> bool:
        """Whether the model is to be warned that it will lose sight of the oldest."""
        return self.tokens >= WARNING * self.window

    def with_message(self, message: Message) -> Queue:
        """Flushed when it would be full: the oldest half of the window goes into the summary."""
        grown = replace(self, messages=(*self.messages, message))
        return grown.flushed() if grown.tokens > self.window else grown

    def flushed(self) -> Queue:
        kept = list(self.messages)
        gone: list[int] = []
        while len(kept) > 1 and sum(each.tokens for each in kept) > FLUSHED * self.window:
            gone.append(kept.pop(0).turn)
        return replace(self, messages=tuple(kept), summarised=(*self.summarised, *gone))


class ContextError(ValueError):
    """What the model asked of its working context cannot be done; it is told so."""


def appended(context: str, text: str, *, most: int = WORKING) -> str:
    """Raises ContextError when there is no room."""
    grown = f"{context}\n{text}".strip()
    if len(grown) > most:
        raise ContextError(f"{len(grown)} > {most}")
    return grown


def replaced(context: str, old: str, new: str, *, most: int = WORKING) -> str:
    """Raises ContextError when `old` is not in it, or there is no room."""
    if not old or old not in context:
        raise ContextError(old)
    return appended("", context.replace(old, new, 1), most=most)


@dataclass(frozen=True, slots=True)
class Results(Generic[T]):
    """One page of what a search found."""

    found: tuple[T, ...]
    page: int
    """From 0."""
    pages: int


def page(found: Sequence[T], number: int, *, size: int = PAGE) -> Results[T]:
    """Page `number`; one that there is not is empty."""
    return Results(tuple(found[number * size : (number + 1) * size]), number, -(-len(found) // size))


def ranked(hits: Sequence[Hit]) -> list[int]:
    """Turns as two searches bring them, page by page in turn: by words in recall storage, by meaning in the archive.

    The stand-in for a model, which would write the searches itself and read until it has what it wants.
    """
    turns = [hit for hit in hits if hit.kind == "turn"]
    by_words = sorted((hit for hit in turns if hit.matched), key=lambda hit: (-hit.matched, -hit.ref))
    by_meaning = sorted(turns, key=lambda hit: (-hit.cosine, -hit.ref))
    most = max(page(by_words, 0).pages, page(by_meaning, 0).pages)
    found = [hit for n in range(most) for search in (by_meaning, by_words) for hit in page(search, n).found]
    return list(dict.fromkeys(hit.ref for hit in found))
