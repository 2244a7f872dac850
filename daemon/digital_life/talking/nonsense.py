"""Notice that a language model says the same over and over."""

from __future__ import annotations

import re

WORD = re.compile(r"[㐀-䶿一-鿿]|[^\W㐀-䶿一-鿿]+")
"""A Chinese character, or letters and digits that stand together."""
TIMES = 3
"""So often in a row a phrase must come; a long sentence three times is never meant."""
SPAN = 32
"""So many words all of it must take: "no, no, no", laughter, "let it be, let it be" and birthday songs are shorter."""
LONGEST = 80
"""Words of the longest phrase that is looked for: some lines."""


class Repetition:
    """Looks at a text as it comes. `before` is how many words came before what is repeated."""

    def __init__(self) -> None:
        self.before = 0
        self._words: list[str] = []
        self._rest = ""
        """Behind the last whole word."""
        self._same = [0] * (LONGEST + 1)
        """For each length of a phrase: how many of the last words are the same as those so many before them."""

    def feed(self, piece: str) -> bool:
        """Whether the text ends in a phrase that was said too often."""
        self._rest += piece.casefold()
        found = list(WORD.finditer(self._rest))
        whole = [each for each in found if each.end() < len(self._rest)]
        if whole:
            self._rest = self._rest[whole[-1].end() :]
        return any(self._add(each.group()) for each in whole)

    def _add(self, word: str) -> bool:
        words = self._words
        words.append(word)
        for length in range(1, min(LONGEST, len(words) - 1) + 1):
            self._same[length] = self._same[length] + 1 if word == words[-1 - length] else 0
            span = self._same[length] + length
            # A number may have any digits; whoever loops does so with words.
            if span >= max(TIMES * length, SPAN) and any(each.isalpha() for each in words[-length:]):
                self.before = len(words) - span
                return True
        return False
