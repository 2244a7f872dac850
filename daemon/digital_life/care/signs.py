"""Signs of a psychological crisis in what was said: rules in plain text, and for each alarm the rule that raised it."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from importlib import resources
from typing import TYPE_CHECKING, Any

from digital_life.values import Concern, Sign

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

TABLES = ("english", "chinese")
"""Every line is held against both: what was said may mix them, or be taken for the other."""
PLACE = re.compile(r"<([a-z-]+)>")
"""Where a pattern of the tables names one of its `parts`."""
HINTS = 2
"""So many different hints are a sign of level 1."""
LONGEST = 400
"""Characters that are looked at together: what is said in half a minute, or typed in a few lines."""
SENTENCE = re.compile(rf"[^。.!?！？\n]{{0,{LONGEST}}}[。.!?！？\n]{{0,3}}")
QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"'})


@dataclass(frozen=True, slots=True)
class Rule:
    """Words that are a sign."""

    name: str
    level: int
    """0: a hint, which counts beside another one."""
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Guard:
    """Words around a sign that make it none."""

    name: str
    where: str
    """In which part of the line it stands: before, match, after, clause, sentence or line."""
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    """What in the line makes the sign one all the same; None: nothing."""
    signs: frozenset[str]
    """Those that it makes harmless."""

    def excuses(self, rule: Rule, around: Mapping[str, str]) -> bool:
        if rule.name not in self.signs or not self.pattern.search(around[self.where]):
            return False
        return self.unless is None or not self.unless.search(around["line"])


@dataclass(frozen=True, slots=True)
class Table:
    """The rules of one language."""

    version: str
    rewrites: tuple[tuple[re.Pattern[str], str], ...]
    """What is written in many ways is written in one before the rules look at it."""
    characters: Mapping[int, int]
    """The same for single characters."""
    edge: re.Pattern[str]
    """What stands between two clauses."""
    stop: re.Pattern[str]
    """What stands between two sentences."""
    rules: tuple[Rule, ...]
    guards: tuple[Guard, ...]

    def plain(self, said: str) -> str:
        """`said` as the rules read it."""
        text = unicodedata.normalize("NFKC", said).translate(QUOTES).casefold().translate(self.characters)
        text = " ".join(text.split())
        for pattern, instead in self.rewrites:
            text = pattern.sub(instead, text)
        return " ".join(text.split())

    def signs(self, said: str) -> Iterator[Sign]:
        line = self.plain(said)
        for rule in self.rules:
            for found in rule.pattern.finditer(line):
                around = self._around(found, line)
                if not any(guard.excuses(rule, around) for guard in self.guards):
                    yield Sign(rule.name, rule.level, found.group().strip())

    def _around(self, found: re.Match[str], line: str) -> dict[str, str]:
        """What stands before and after the words in their own clause, that clause, its sentence, and the line."""
        clause = _between(self.edge, found, line)
        return {
            "before": line[clause.start : found.start()],
            "match": found.group(),
            "after": line[found.end() : clause.stop],
            "clause": line[clause],
            "sentence": line[_between(self.stop, found, line)],
            "line": line,
        }


def look(said: str) -> Concern:
    """How much what was said gives cause for concern, and why: the same for the same words, always."""
    tables = [_table(name) for name in TABLES]
    pieces = list(_pieces(said))
    found = dict.fromkeys(sign for table in tables for piece in pieces for sign in table.signs(piece))
    signs = tuple(_weighed(found))
    level = max((sign.level for sign in signs), default=0)
    return Concern(level, signs, "+".join(table.version for table in tables))


def _weighed(found: Iterable[Sign]) -> Iterator[Sign]:
    """The signs, and the hints where there are several: one alone tells nothing."""
    hints = [sign for sign in found if not sign.level]
    yield from (sign for sign in found if sign.level)
    if len({hint.name for hint in hints}) >= HINTS:
        yield from (replace(hint, level=1) for hint in hints)


def _pieces(said: str) -> Iterator[str]:
    """`said` itself, or where it is longer than anybody speaks, as many whole sentences at a time as are not."""
    piece = ""
    for sentence in SENTENCE.findall(said):
        if piece and len(piece) + len(sentence) > LONGEST:
            yield piece
            piece = ""
        piece += sentence
    yield piece


def _between(edge: re.Pattern[str], found: re.Match[str], line: str) -> slice:
    """From the last edge before the words to the first one behind them."""
    start = max((each.end() for each in edge.finditer(line, 0, found.start())), default=0)
    after = edge.search(line, found.end())
    return slice(start, after.start() if after else len(line))


@functools.cache
def _table(name: str) -> Table:
    written = tomllib.loads((resources.files(__package__) / f"{name}.toml").read_text(encoding="utf-8"))
    parts: Mapping[str, str] = _parts(written["parts"])
    characters = written.get("characters", {"from": "", "to": ""})
    return Table(
        version=f"{name}-{written['version']}",
        rewrites=tuple((re.compile(pattern), instead) for pattern, instead in written["rewrites"]),
        characters=str.maketrans(characters["from"], characters["to"]),
        edge=re.compile(written["edge"]),
        stop=re.compile(written["stop"]),
        rules=tuple(
            Rule(name, rule["level"], _any(rule["patterns"], parts)) for name, rule in written["signs"].items()
        ),
        guards=tuple(
            _guard(name, guard, parts, frozenset(written["signs"])) for name, guard in written["guards"].items()
        ),
    )


def _guard(name: str, written: Mapping[str, Any], parts: Mapping[str, str], signs: frozenset[str]) -> Guard:
    return Guard(
        name=name,
        where=written["where"],
        pattern=_any(written["patterns"], parts),
        unless=_any(written["unless"], parts) if "unless" in written else None,
        signs=frozenset(written.get("only", signs)) - frozenset(written.get("spares", ())),
    )


def _parts(written: Mapping[str, str]) -> dict[str, str]:
    """Each part with the parts that it names, which stand above it, in their places."""
    parts: dict[str, str] = {}
    for name, pattern in written.items():
        parts[name] = f"(?:{_filled(pattern, parts)})"
    return parts


def _any(patterns: Sequence[str], parts: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(_filled(pattern, parts) for pattern in patterns))


def _filled(pattern: str, parts: Mapping[str, str]) -> str:
    return PLACE.sub(lambda place: parts[place[1]], pattern)
