"""Where a sentence speaks of a time to come, and what it names of it: the grammar is words/*/when.toml."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from digital_life import numerals, words
from digital_life.values import Language

Groups = Mapping[str, str]
"""What was named, in the words that were used, by the name of the pattern's group."""
_KINDS = ("past", "sure", "adjoining", "following", "lasting")


@dataclass(frozen=True, slots=True)
class Element:
    """A piece of the text that a pattern is of."""

    start: int
    end: int
    kind: str
    groups: Groups


@dataclass(frozen=True, slots=True)
class Expression:
    """What a sentence says of a time."""

    groups: Groups
    also: tuple[Groups, ...]
    """What it says of further times of those days: "every day at eight and at noon"."""
    rest: str
    """The sentence without it."""


Pattern = tuple[str, re.Pattern[str]]
Run = Sequence[Element]
"""Elements that follow upon each other."""


class Grammar:
    """The patterns of one language."""

    def __init__(self, language: Language) -> None:
        self._words = words.load(language)
        self._lists = {name: (piece,) for name, piece in self._words.pairs("when.pieces")}
        self._lists |= {"number": (numerals.pattern(language),), "vague": (numerals.vague(language),)}
        self._terms = tuple(("term", re.compile(each, re.IGNORECASE)) for each in self._filled("term"))
        self._lists["length"] = (self._length(),)
        self._lists["duration"] = (self._length().replace(self._filling("unit"), self._filling("short")),)
        start, end = self._words.texts("when.edges")
        self._patterns = tuple(
            (kind, re.compile(f"{start}(?:{each}){end}", re.IGNORECASE))
            for kind in _KINDS
            for each in self._filled(kind)
        )
        self._joining, self._before, self._after = (
            re.compile(self._words.text(f"when.{key}"), re.IGNORECASE) for key in ("joining", "before", "after")
        )

    def expression(self, text: str) -> Expression | None:
        """What `text` says of one time, of all places where it does; None when it does not."""
        runs = self._runs(text)
        taken = self._taken(text, runs)
        if not taken:
            taken = [element for run in runs for element in run if element.kind == "lasting"][:1]
        if not taken:
            return None
        groups = _united(taken)
        also = _further(taken, runs) if "every" in groups else []
        taken = sorted([*taken, *also], key=lambda each: each.start)
        return Expression(groups, _clocks(also), self._rest(text, taken))

    def terms(self, length: str) -> Iterator[Groups]:
        """The parts of a length of time: "one hour and ten minutes" has two."""
        return (each.groups for each in _sweep(self._terms, length))

    def length(self, text: str) -> str:
        """The first length of time that `text` names; empty when it names none."""
        start, end = self._words.texts("when.edges")
        found = re.search(f"{start}{self._length()}{end}", text, re.IGNORECASE)
        return found[0] if found else ""

    def index(self, key: str, said: str) -> int:
        """The place of the first pattern in the list at `key` that `said` is. Raises ValueError for none."""
        found = (n for n, each in enumerate(self._words.texts(key)) if re.fullmatch(each, said, re.IGNORECASE))
        place = next(found, None)
        if place is None:
            raise ValueError(said)
        return place

    def named(self, table: str, said: str) -> str:
        """The name of the list in `table` that has a pattern for `said`. Raises ValueError for none."""
        for name in self._words.table["when"][table]:
            if any(re.fullmatch(each, said, re.IGNORECASE) for each in self._words.texts(f"when.{table}.{name}")):
                return str(name)
        raise ValueError(said)

    def every(self, key: str, said: str) -> tuple[int, ...]:
        """The places of all patterns in the list at `key` that occur in `said`."""
        return tuple(n for n, each in enumerate(self._words.texts(key)) if re.search(each, said, re.IGNORECASE))

    def mentions(self, key: str, text: str) -> bool:
        """Whether a pattern of the list at `key` occurs in `text` as a word."""
        start, end = self._words.texts("when.edges")
        return any(re.search(f"{start}(?:{each}){end}", text, re.IGNORECASE) for each in self._words.texts(key))

    def figure(self, key: str, said: str) -> int | None:
        """What the pair in the list at `key` says that the word `said` stands for; None when there is none."""
        return next((int(value) for word, value in self._words.pairs(key) if word == said), None)

    def _length(self) -> str:
        term = "|".join(_nameless(each) for each in self._filled("term"))
        plus = "|".join(self._words.texts("when.patterns.plus"))
        return f"(?:{term})(?:(?:{plus})(?:{term}))*"

    def _filled(self, kind: str) -> Iterator[str]:
        for pattern in self._words.texts(f"when.patterns.{kind}"):
            yield re.sub(r"\{([a-z]+)\}", lambda place: self._filling(place[1]), pattern)

    def _filling(self, name: str) -> str:
        alternatives = self._lists.get(name) or self._words.texts(f"when.{name}")
        return f"(?:{'|'.join(alternatives)})"

    def _runs(self, text: str) -> list[list[Element]]:
        runs: list[list[Element]] = []
        for element in _sweep(self._patterns, text):
            if runs and self._joining.fullmatch(text, runs[-1][-1].end, element.start):
                runs[-1].append(element)
            else:
                runs.append([element])
        return runs

    def _taken(self, text: str, runs: Sequence[Run]) -> list[Element]:
        """The elements that speak of one time together; what names a thing for the second time is of another."""
        taken: list[Element] = []
        for run in runs:
            whole = self._is_all(text, run)
            if any(each.kind == "past" for each in run) or not (whole or any(each.kind == "sure" for each in run)):
                continue
            for element in sorted(run, key=lambda each: each.kind != "sure"):
                stands = element.kind != "following" or element is not run[0] or whole
                if element.kind != "lasting" and stands and not _named_again(element, taken):
                    taken.append(element)
        return sorted(taken, key=lambda each: each.start)

    def _is_all(self, text: str, run: Run) -> bool:
        before, after = text[: run[0].start], text[run[-1].end :]
        around = self._before.sub("", before) + self._after.sub("", after)
        return not around.strip(words.AROUND)

    def _rest(self, text: str, taken: Run) -> str:
        pieces, end = [], 0
        for element in taken:
            if not end or not self._joining.fullmatch(text, end, element.start):
                pieces.append(self._trimmed(text[end : element.start], behind=end > 0, before=True))
            end = element.end
        pieces.append(self._trimmed(text[end:], behind=True, before=False))
        return self._words.text("when.glue").join(filter(None, pieces)).strip(words.AROUND)

    def _trimmed(self, piece: str, *, behind: bool, before: bool) -> str:
        """A piece of the rest without the little words that bound the expressions `behind` or `before` which it is."""
        piece = self._after.sub("", piece) if behind else piece
        return (self._before.sub("", piece) if before else piece).strip()


_SHARED = {"part", "every", "each"}
"""What may be said twice of one time: "tomorrow morning at seven in the morning"."""
_OF_CLOCK = {"h", "m", "way", "meridiem", "part"}


def _united(elements: Run) -> dict[str, str]:
    return {name: said for element in elements for name, said in element.groups.items()}


def _named_again(element: Element, taken: Run) -> bool:
    """Whether it names what was named; a part of the day behind an hour is of the next: 早上七点和晚上八点."""
    named = _united(taken).keys()
    return bool((named & element.groups.keys()) - _SHARED) or (
        {"part", "h"} <= named and element.groups.keys() == {"part"}
    )


def _further(taken: Run, runs: Sequence[Run]) -> list[Element]:
    """The elements of further times of day that stand beside the first one."""
    return [
        each
        for run in runs
        if any(each in taken for each in run)
        for each in run
        if each not in taken and each.groups.keys() <= _OF_CLOCK
    ]


def _clocks(elements: Run) -> tuple[Groups, ...]:
    """Each hour with the part of the day before it."""
    clocks: list[Groups] = []
    part: Groups = {}
    for element in elements:
        if "h" in element.groups:
            clocks.append({**part, **element.groups})
        part = element.groups if element.groups.keys() == {"part"} else {}
    return tuple(clocks)


@functools.cache
def load(language: Language) -> Grammar:
    return Grammar(language)


def _sweep(patterns: Sequence[Pattern], text: str) -> Iterator[Element]:
    """The elements from left to right, the longest of those that begin at one place."""
    found = [
        Element(each.start(), each.end(), kind, _groups(each))
        for kind, pattern in patterns
        for each in pattern.finditer(text)
        if each[0]
    ]
    end = 0
    for element in sorted(found, key=lambda each: (each.start, -each.end)):
        if element.start >= end:
            end = element.end
            yield element


def _groups(found: re.Match[str]) -> Groups:
    """The groups that took part. A pattern may name a thing at two places: the name of the second ends in a number."""
    return {re.sub(r"_\d$", "", name): said.lower() for name, said in found.groupdict().items() if said is not None}


def _nameless(pattern: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)
