"""The words in which the home is spoken of, in every language, as the things they stand for."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from digital_life import numerals, words
from digital_life.values import Language

HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[^\W\d_\u3400-\u9fff](?:[^\W_\u3400-\u9fff]|['’](?=\w))*")
HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
NOUNS = ("compound", "thing", "place", "mark")
"""The categories that name something."""
CATEGORIES = (*NOUNS, "tone", "colour", "mode", "quantity", "amount", "act", "form")
"""The first of them wins where two are equally long."""
LONGEST_SLIP = 5
"""Characters of a Chinese word that a recogniser may have written otherwise."""
_UNITS: Mapping[Language, str] = {
    "en": r"\s*(?P<unit>%|per ?cent|°\s?[cf]?|degrees?|kelvin|k\b|minutes?)?",
    "zh": r"\s*(?:(?P<unit>%|°\s?[cC]?|度|成|[kK]|开尔文|开(?!始|到|着)|档|分钟)(?P<half>半)?)?",
}
_UNIT_NAMES = {
    **dict.fromkeys(("%", "percent", "per cent"), "percent"),
    **dict.fromkeys(("degree", "degrees", "度"), "degrees"),
    **dict.fromkeys(("k", "kelvin", "开尔文", "开"), "kelvin"),
    **dict.fromkeys(("minute", "minutes", "分钟"), "minutes"),
    "成": "tenths",
    "档": "step",
}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of what was said."""

    start: int
    end: int
    category: str
    """One of CATEGORIES; "number"; "name": all of a name; "word": not known."""
    key: str
    """What it stands for; of a word, itself."""
    text: str
    value: float = 0.0
    """Of a number."""

    @property
    def is_noun(self) -> bool:
        return self.category in NOUNS


@functools.cache
def _patterns(language: Language) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Category, key and pattern of every entry."""
    table = words.load(language).table
    before, behind = (r"(?<![\w'])(?:", r")(?!\w|'(?!s\b)\w)") if language == "en" else ("(?:", ")")
    return tuple(
        (category, key, re.compile(before + each + behind, re.IGNORECASE))
        for category in CATEGORIES
        for key, written in table[f"home-{category}"].items()
        for each in written  # One by one: an alternative that is shorter would hide the longer ones behind it.
    )


def languages_of(text: str) -> tuple[Language, ...]:
    """Those whose words may be in it."""
    found: list[Language] = []
    if LATIN.search(text):
        found.append("en")
    if HAN.search(text):
        found.append("zh")
    return tuple(found)


def plain(text: str) -> str:
    """As it is compared: lower case, and marks as a recogniser may leave them out."""
    return " ".join(text.casefold().replace("’", "'").replace("_", " ").split())


def tokens(text: str, *, names: Iterable[str] = (), categories: Iterable[str] = CATEGORIES) -> tuple[Token, ...]:
    """All of `text`, which is `plain`, in order; the longest that fits wins. `names` are plain too."""
    wanted = set(categories)
    found = [*_names(text, names)]
    for language in languages_of(text):
        if "act" in wanted:
            found += _numbers(text, language)
        for category, key, pattern in _patterns(language):
            if category in wanted:
                found += [
                    Token(each.start(), each.end(), category, key, each[0])
                    for each in pattern.finditer(text)
                    if each[0].strip()
                ]
    chosen = _without_overlap(found)
    return tuple(sorted([*chosen, *_rest(text, chosen)], key=lambda each: each.start))


def _names(text: str, names: Iterable[str]) -> Iterator[Token]:
    for name in names:
        start = text.find(name)
        while name and start >= 0:
            end = start + len(name)
            if _stands_alone(text, start, end):
                yield Token(start, end, "name", name, name)
            start = text.find(name, end)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Not a part of a longer Latin word."""
    before = start and LATIN.match(text[start]) and (text[start - 1].isalnum() and not HAN.match(text[start - 1]))
    behind = end < len(text) and LATIN.match(text[end - 1]) and text[end].isalnum() and not HAN.match(text[end])
    return not before and not behind


def _without_overlap(found: list[Token]) -> list[Token]:
    """Names first, then the longest, then the first category, then the leftmost."""
    rank = {category: place for place, category in enumerate(CATEGORIES)}
    taken: list[Token] = []
    order = sorted(
        found,
        key=lambda each: (
            each.category != "name",
            each.start - each.end,
            rank.get(each.category, -1),
            each.start,
        ),
    )
    for each in order:
        if not any(each.start < other.end and other.start < each.end for other in taken):
            taken.append(each)
    return taken


def _rest(text: str, chosen: list[Token]) -> Iterator[Token]:
    """What no word of the lexicon covers: Latin words, and stretches of Han."""
    free = list(text)
    for each in chosen:
        free[each.start : each.end] = " " * (each.end - each.start)
    left = "".join(free)
    for pattern in (LATIN, HAN_RUN):
        for found in pattern.finditer(left):
            if found[0] != "s":  # Of "what's", "Anna's".
                yield Token(found.start(), found.end(), "word", found[0], found[0])


def _numbers(text: str, language: Language) -> Iterator[Token]:
    for each in _number_pattern(language).finditer(text):
        value = _value(each)
        if value is None:
            continue
        unit = _UNIT_NAMES.get(re.sub(r"^°.*", "degree", (each["unit"] or "").strip().casefold()), "")
        if each.groupdict().get("percent"):
            unit = "percent"
        if unit == "tenths":
            value, unit = value * 10, "percent"
        if _is_number(text, each, unit, language):
            yield Token(each.start(), each.end(), "number", unit, each[0], value)


@functools.cache
def _number_pattern(language: Language) -> re.Pattern[str]:
    written = numerals.pattern(language).replace(numerals.DIGITS + "|", "")
    if language == "zh":
        digit = "[零〇一二三四五六七八九]"
        counted = rf"(?P<words>{written})(?:点(?P<point>{digit}))?"
        body = rf"(?P<percent>百分之)?(?:(?P<digits>\d+(?:\.\d+)?)|{counted})"
    else:
        thousands = rf"(?:{written} thousand(?: {written})?)"
        body = (
            rf"(?<![\w.])(?:(?P<digits>\d+(?:[.,]\d+)?)|(?P<words>{thousands}|{written})"
            rf"(?: point (?P<point>{written}))?(?P<half> and a half)?)(?![\w])"
        )
    return re.compile(body + _UNITS[language], re.IGNORECASE)


def _value(found: re.Match[str]) -> float | None:
    if found["digits"]:
        value = float(found["digits"].replace(",", "."))
    else:
        try:
            value = _in_words(found["words"])
            if found["point"]:
                value += numerals.number(found["point"]) / 10
        except ValueError:
            return None
    return value + 0.5 if found["half"] else value


def _in_words(written: str) -> float:
    """Also of thousands, which nobody counts in otherwise."""
    big, thousand, small = written.partition(" thousand")
    if not thousand:
        return numerals.number(written)
    return numerals.number(big) * 1000 + (numerals.number(small) if small.strip() else 0)


def _is_number(text: str, found: re.Match[str], unit: str, language: Language) -> bool:
    """Whether it counts: "one" and 一 stand for much else."""
    if found["digits"] or unit:
        return True
    if language == "en":
        return found["words"].casefold() not in ("one", "a hundred") or bool(
            re.search(r"\b(?:to|at|by)\s*$", text[: found.start()])
        )
    before = text[: found.start()]
    return len(found["words"]) > 1 or bool(re.search(r"(?:到|成|为|至|是)\s*$", before))


def corrected(text: str, known: Mapping[str, str], sound: Callable[[str], str]) -> str:
    """`text` with words of `known` (as they sound: as they are written) in place of others that sound the same.

    Only where something is not understood, and nothing is taken from what is: 谁发 sounds as 水阀 does.
    """
    found = tokens(text)
    strange = _places(each for each in found if each.category == "word")
    fixed = _places(each for each in found if each.category not in (*NOUNS, "word"))
    result, place = "", 0
    while place < len(text):
        longest = min(LONGEST_SLIP, len(text) - place)
        for length in range(longest, 1, -1):
            piece = text[place : place + length]
            here = set(range(place, place + length))
            if not HAN_RUN.fullmatch(piece) or here & fixed or not here & strange:
                continue
            meant = known.get("".join(sound(each) for each in piece))
            if meant and len(meant) == length:
                result, place = result + meant, place + length
                break
        else:
            result, place = result + text[place], place + 1
    return result


def _places(found: Iterable[Token]) -> set[int]:
    return {place for each in found for place in range(each.start, each.end)}


@functools.cache
def chinese_nouns() -> tuple[str, ...]:
    """Those of two characters or more, as they are written; a light is most often named with its place."""
    table = words.load("zh").table
    written = (
        each
        for category in ("thing", "place", "compound")
        for patterns in table[f"home-{category}"].values()
        for pattern in patterns
        for each in _literal(pattern)
    )
    nouns = [each for each in written if len(each) > 1]
    places = (each for patterns in table["home-place"].values() for pattern in patterns for each in _literal(pattern))
    lit = [place + light for place in places for light in _literal(table["home-thing"]["light"][0])]
    return tuple(dict.fromkeys([*nouns, *lit]))


def _literal(pattern: str) -> Iterator[str]:
    """What a pattern without choices matches; one optional part may be there or not."""
    stem = re.sub(r"\(\?!.*?\)$", "", pattern)
    optional = re.fullmatch(r"([\u3400-\u9fff]*)([\u3400-\u9fff])\?([\u3400-\u9fff]*)", stem)
    if optional:
        yield optional[1] + optional[2] + optional[3]
        yield optional[1] + optional[3]
    elif HAN_RUN.fullmatch(stem):
        yield stem
