"""Keep a language model from claiming what it did not do: "I have set the timer" without a call that did."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digital_life import words
from digital_life.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from digital_life.values import Language

_END = re.compile(r"[.!?。！？\n]+[\"'”’）)]*\s*")


def is_claim(sentence: str, language: Language) -> bool:
    """Whether it says that something was done, or will be, which only a tool can do."""
    return words.load(language).search("claims.claim", sentence.replace("’", "'")) is not None


async def kept_honest(pieces: AsyncGenerator[str], language: Language) -> AsyncGenerator[str]:
    """The same without sentences that claim; the first is replaced by the admission that nothing was done.

    A sentence is held back only while it may still become a claim: by how it begins. What is held when the model fails
    is said before its error.
    """
    sentences = _Sentences(language)
    try:
        async for piece in pieces:
            for said in sentences.more(piece):
                yield said
    except ModelError:
        for said in sentences.rest():
            yield said
        raise
    for said in sentences.rest():
        yield said


class _Sentences:
    """Cuts a stream where a claim may begin and end."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._words = words.load(language)
        self._held = ""
        self._free = False
        """Whether the sentence under way is surely no claim."""
        self._admitted = False

    def more(self, piece: str) -> Iterator[str]:
        self._held += piece
        while end := _END.search(self._held):
            sentence, self._held = self._held[: end.end()], self._held[end.end() :]
            yield from self._whole(sentence)
            self._free = False
        if self._free or (self._held.strip() and not self._may_claim()):
            self._free = True
            yield from filter(None, [self._held])
            self._held = ""

    def rest(self) -> Iterator[str]:
        yield from self._whole(self._held)

    def _whole(self, sentence: str) -> Iterator[str]:
        if self._free or not is_claim(sentence, self._language):
            yield from filter(None, [sentence])
        elif not self._admitted:
            self._admitted = True
            yield self._words.text("tools.not-done") + " "

    def _may_claim(self) -> bool:
        plain = self._held.replace("’", "'").lstrip()
        return any(each.match(plain) for each in self._words.patterns("claims.begins"))
