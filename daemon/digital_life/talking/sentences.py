"""Split a token stream into sentences fit to be spoken."""

from __future__ import annotations

import re

from digital_life.talking.spoken.languages import is_han
from digital_life.talking.spoken.tables import ENGLISH

FIRST_WORDS = 2
"""Words before a comma that the first piece needs: "Well," alone sounds lost, "Of course," does not."""
FIRST_HAN = 4
"""The same in Chinese characters: about one second of speech, in which the next piece is made ready."""
LONG = 200
"""Latin letters after which any clause ends a piece: about 13 s of speech, made in one go."""
HAN_WEIGHT = 200 / 60
"""A Chinese character takes as long to say as this many Latin letters."""
VERY_LONG = 2 * LONG
"""Letters after which a piece ends between any two words: a text without punctuation must be heard too."""
TAIL = 40
"""Characters looked back on for an abbreviation; the longest has 9."""
MARKER = 16
"""A list marker stands within this many characters of the beginning of its line."""

FULL_WIDTH_ENDS = frozenset("。！？")
FULL_WIDTH_CLAUSES = frozenset("，、；：")
ENDS = frozenset(".!?…。！？")
CLAUSES = frozenset(",;:—–-，、；：")
TIGHT_CLAUSES = frozenset("—，、；：")
"""These end a clause without white space after them."""
OPENING = frozenset("“‘（([{「『【《")
CLOSING = "”’）)]}」』】》\"'*_`~"
_CLOSING = frozenset(CLOSING)
_SETTLED = frozenset(" \t\r\n") | ENDS | CLAUSES | _CLOSING
"""A piece can only end after one of these, unless it is very long."""

_LAST_WORD = re.compile(r"[^\s(\[\"'“‘（*_]*\Z")
_INITIALS = re.compile(r"(?:[a-z]\.)*[a-z]")
_LIST_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,3}")


class Sentences:
    """Cuts a stream of text into pieces; what it returns depends on the text, never on how it was chopped.

    A full-width end cuts at once, unless a bracket or quotation mark is open. Every other end is cut
    when the next visible character shows that it was one, so white space stays with the piece before it.
    A fenced block of code is one piece.
    """

    def __init__(self) -> None:
        self._first = True
        self._begin()

    def feed(self, piece: str) -> list[str]:
        """The pieces that `piece` completes."""
        done: list[str] = []
        for char in piece:
            if self._ends_before(char):
                done.append(self._take())
            self._add(char)
            if self._ends_at_once(char):
                done.append(self._take())
        return done

    def close(self) -> list[str]:
        """What is left; the next text begins anew."""
        left = [self._take()] if self._chars else []
        self._first = True
        return left

    def _begin(self) -> None:
        self._chars: list[str] = []
        self._line = 0
        """Where the last line begins."""
        self._fresh_line = False
        self._fenced = False
        self._open = 0
        self._quoted = False
        self._words = 0
        self._han = 0

    def _take(self) -> str:
        piece = "".join(self._chars)
        self._first = False
        self._begin()
        return piece

    def _add(self, char: str) -> None:
        before = self._chars[-1] if self._chars else " "
        self._chars.append(char)
        self._count(char, before)
        if char == "\n":
            self._line, self._fresh_line = len(self._chars), True
        elif not char.isspace():
            self._fresh_line = False
        if char == "`" and self._chars[-3:] == ["`"] * 3 and self._chars[-4:-3] != ["`"]:
            self._fenced = not self._fenced and not "".join(self._chars[self._line : -3]).strip()

    def _count(self, char: str, before: str) -> None:
        if is_han(char):
            self._han += 1
        elif char.isalnum() and not (before.isalnum() or before in "'’.-"):
            self._words += 1
        if char in OPENING:
            self._open += 1
        elif char == '"':
            self._quoted = not self._quoted
        elif char in _CLOSING:
            self._open = max(0, self._open - 1)

    @property
    def _length(self) -> float:
        return len(self._chars) + self._han * (HAN_WEIGHT - 1)

    def _speakable(self) -> bool:
        return bool(self._words or self._han)

    def _clause_will_do(self) -> bool:
        if self._first:
            return self._words >= FIRST_WORDS or self._han >= FIRST_HAN
        return self._length >= LONG

    def _ends_at_once(self, char: str) -> bool:
        if self._fenced or self._open or self._quoted or not self._speakable():
            return False
        return char in FULL_WIDTH_ENDS or (char in FULL_WIDTH_CLAUSES and self._clause_will_do())

    def _ends_before(self, char: str) -> bool:
        if char.isspace() or self._fenced or not self._speakable():
            return False
        if self._fresh_line:
            return True
        if self._chars[-1] in _SETTLED and self._ends_after_mark(char):
            return True
        return self._length >= VERY_LONG and (is_han(char) or self._chars[-1].isspace())

    def _ends_after_mark(self, char: str) -> bool:
        tail = "".join(self._chars[-TAIL:])
        body = tail.rstrip()
        spaced = len(body) < len(tail)
        if not spaced and (char in _CLOSING or char in ENDS or char == body[-1]):
            return False
        bare = body.rstrip(CLOSING)
        mark = bare[-1:]
        if mark in ENDS:
            return self._is_end(bare, char, spaced=spaced)
        return mark in CLAUSES and self._clause_will_do() and _is_clause(bare, char, spaced=spaced)

    def _is_end(self, bare: str, char: str, *, spaced: bool) -> bool:
        mark = bare[-1]
        if mark in FULL_WIDTH_ENDS:
            return True
        if char.islower() or not (spaced or is_han(char)):
            return False
        return mark != "." or bare.endswith("..") or not self._is_abbreviated(bare[:-1], char)

    def _is_abbreviated(self, before: str, char: str) -> bool:
        """Whether the full stop after `before` belongs to a shortened word, an initial or a list marker."""
        found = _LAST_WORD.search(before)
        word = found[0].lower() if found else ""
        if _LIST_NUMBER.fullmatch(word):
            begins = "".join(self._chars[self._line : self._line + MARKER]).lstrip(" \t\n*_>#-+(")
            return begins.startswith(word + ".") or is_han(char)
        if char.isdigit() and word in ENGLISH.before_numbers:
            return True
        return word in ENGLISH.titles or _INITIALS.fullmatch(word) is not None


def _is_clause(bare: str, char: str, *, spaced: bool) -> bool:
    mark, before = bare[-1], bare[-2:-1]
    if char.isdigit() and before.isdigit() and not spaced:
        return False
    if mark in "–-":
        # A dash with white space on both sides; "5 - 3" is arithmetic.
        return spaced and before.isspace() and not char.isdigit()
    return spaced or mark in TIGHT_CLAUSES or is_han(char)
