"""What reasoning models think aloud, taken out of the pieces of an answer."""

from __future__ import annotations

OPENING = "<think>"
CLOSING = "</think>"


class Thoughts:
    """Give it the pieces as they come; it gives back what is to be said, without white space before it."""

    def __init__(self) -> None:
        self._held = ""
        """The beginning of a mark, perhaps."""
        self._thinking = False
        self._begun = False

    def feed(self, piece: str) -> str:
        """What of the pieces so far can be said now and was not before."""
        self._held += piece
        ready = ""
        while self._mark in self._held:
            before, _, self._held = self._held.partition(self._mark)
            ready += "" if self._thinking else before
            self._thinking = not self._thinking
        keep = _overlap(self._held, self._mark)
        rest, self._held = self._held[: len(self._held) - keep], self._held[len(self._held) - keep :]
        return self._said(ready if self._thinking else ready + rest)

    def end(self) -> str:
        """What was held back in vain."""
        return "" if self._thinking else self._said(self._held)

    @property
    def _mark(self) -> str:
        return CLOSING if self._thinking else OPENING

    def _said(self, ready: str) -> str:
        said = ready if self._begun else ready.lstrip()
        self._begun |= bool(said)
        return said


def _overlap(text: str, mark: str) -> int:
    """How many characters at the end of `text` may be the beginning of `mark`."""
    return next((n for n in range(min(len(mark) - 1, len(text)), 0, -1) if mark.startswith(text[-n:])), 0)
