"""Days that are named by something else: "the day after my birthday", 搬家前两周.

What they hang on is looked up in the memory; here is only what is said of it, and what days it makes.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from digital_life import words
from digital_life.memory import coming
from digital_life.memory.dates import DAY, Span
from digital_life.memory.foreign import language_of
from digital_life.memory.sentences import split
from digital_life.memory.terms import telling
from digital_life.numerals import number, vague
from digital_life.words import AROUND

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

Unit = Literal["day", "week", "weekend", "month", "year"]
ROUGHLY_DAYS = 3
"""Each way: what somebody means who counts in weeks or months."""
_UNITS: dict[str, Unit] = {
    "day": "day", "night": "day", "evening": "day", "morning": "day", "天": "day", "日": "day", "晚": "day",
    "week": "week", "周": "week", "星期": "week", "礼拜": "week", "个星期": "week", "个礼拜": "week",
    "weekend": "weekend", "周末": "weekend", "month": "month", "月": "month", "个月": "month",
    "year": "year", "年": "year",
}  # fmt: skip
_UNIT = "(?P<unit>day|night|evening|morning|weekend|week|month|year)"
_ZH_UNIT = "(?P<unit>周末|个?星期|个?礼拜|周|个?月|天|日|晚|年)"
_WHAT = r"(?P<anchor>(?!(?:last|next|this|that|it|then|now|tomorrow|yesterday|today)\b)[\w'’ -]+)"
_ZH_WHAT = r"(?P<anchor>[^\W\d_]{1,12}?)"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?P<n>the(?: (?:very )?next)?|an?|{vague('en')})\s+{_UNIT}s?\s+(?P<side>after|before|following)\s+{_WHAT}",
        rf"\b(?:on )?the {_UNIT}(?: when| that)? (?P<anchor>(?:i|we)\s+(?!was\b|were\b)[\w'’ -]+)",
        r"\bon (?P<anchor>(?:my|our) (?:[\w'’-]+ ){0,3}(?:birthday|anniversary|wedding)\b)",
        r"\bon the day of (?P<anchor>(?:my|our|the) [\w'’ -]+)",
        rf"{_ZH_WHAT}的?(?:之|以)?(?P<side>前|后)的?(?:那个?)?(?P<n>{vague('zh')}|一)?{_ZH_UNIT}",
        rf"{_ZH_WHAT}的?(?P<side>第二|次|后一|前一){_ZH_UNIT}",
        rf"{_ZH_WHAT}的?(?:那个?|当){_ZH_UNIT}",
    )
)
_CUT = re.compile(
    r"\s(?:what|where|who|when|how|which|did|do|does|was|were|is|are|tell|can|could|with|at|in)\b.*", re.IGNORECASE
)
"""What does not belong to a noun that is an anchor."""
_ZH_LEAD = re.compile("^(?:你还记得|还记得|请问|告诉我|那么?|在|(?:我们?)在)*")
_ZH_NO_ANCHOR = re.compile(
    "^(?:[我你们他她它]*|[今昨明前后那这哪每整第几]|.*(?:[天周月年]|(?<![生念节假])日|[以之])|.*(?:什么|哪|谁).*)$"
)


@dataclass(frozen=True, slots=True)
class Anchored:
    """Days, by what they hang on."""

    anchor: str
    """In the user's words: "my birthday", "we moved"."""
    unit: Unit
    count: int
    """So many of the units after it, before it where negative; 0: its own."""
    exact: bool
    """Whether they were counted: "two weeks after" is a day, "the week after" seven of them."""


def find(text: str) -> Anchored | None:
    """The first such expression in `text`; None where there is none."""
    for pattern in _PATTERNS:
        found = pattern.search(text.replace("’", "'"))
        made = _read(found) if found else None
        if made:
            return made
    return None


def _read(found: re.Match[str]) -> Anchored | None:
    parts = found.groupdict()
    anchor = _anchor(found["anchor"])
    if not anchor:
        return None
    side = parts.get("side") or ""
    way = 0 if not side else -1 if side.startswith(("before", "前")) else 1
    counted = (parts.get("n") or "").strip().lower()
    definite = not counted or counted.startswith("the")
    count = 1 if definite or counted in {"a", "an"} else number(counted)
    return Anchored(anchor, _UNITS[(parts.get("unit") or "day").lower()], way * count, exact=bool(way) and not definite)


def _anchor(said: str) -> str:
    if language_of(said) == "en":
        clause = re.match(r"(?:i|we|he|she|they)\b", said, re.IGNORECASE)
        return (said if clause else _CUT.sub("", said)).strip(AROUND)
    plain = _ZH_LEAD.sub("", said).strip(AROUND)
    return "" if _ZH_NO_ANCHOR.match(plain) else plain


def is_asked(text: str) -> bool:
    """Whether `text` asks what was on such days: a reminder for one of them, or a mere mention, does not."""
    asks = words.load(language_of(text)).search("questions.anchored", text) is not None
    return asks and find(text) is not None


def told(anchor: str, found: Iterable[tuple[str, date]], today: date) -> Span | None:
    """When it was, of texts and the days on which they were said: the one said last that names both it and a day.

    Of what comes every year, the last time.
    """
    about = set(telling(anchor))
    best: tuple[date, Span] | None = None
    for text, said in found:
        for sentence in split(text):
            span = coming.find(sentence, said) if about and about <= set(telling(sentence)) else None
            if span and find(sentence) is None and (best is None or said >= best[0]):
                best = said, span
    if best is None:
        return None
    return Span(latest(best[1].first, today), latest(best[1].last, today)) if is_yearly(anchor) else best[1]


def is_yearly(anchor: str) -> bool:
    return words.load(language_of(anchor)).search("questions.yearly", anchor) is not None


def latest(day: date, today: date) -> date:
    """Of a day that comes every year, the last one that has been; 29 February becomes the 28th."""
    this_year = _in_year(day, today.year)
    return this_year if this_year <= today else _in_year(day, today.year - 1)


def _in_year(day: date, year: int) -> date:
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))


def days(anchored: Anchored, anchor: Span) -> Span:
    """The days that are meant, when the anchor was on `anchor`."""
    start = anchor.last if anchored.count > 0 else anchor.first
    match anchored.unit:
        case "day":
            there = start + anchored.count * DAY
            return Span(there, there if anchored.count else anchor.last, vague=anchor.vague)
        case "weekend":
            return _weekend(start, anchored.count)
        case "week" if not anchored.count:
            monday = start - start.weekday() * DAY
            return Span(monday, monday + 6 * DAY)
        case unit:
            length = {"week": 7, "month": 30, "year": 365}[unit]
            return _stretch(start, anchored, length)


def _stretch(start: date, anchored: Anchored, length: int) -> Span:
    """As "two weeks after", which is about a day, or "the week after", which is all of it."""
    there = start + anchored.count * length * DAY
    if anchored.exact:
        return Span(there, there, vague=True).wider(ROUGHLY_DAYS)
    first, last = sorted((there, start + (DAY if anchored.count > 0 else -DAY)))
    return Span(first, last)


def _weekend(start: date, count: int) -> Span:
    """The first one after it, the last one before it, or its own."""
    saturday = start + (5 - start.weekday()) * DAY
    if count > 0 and saturday <= start:
        saturday += 7 * DAY
    if count < 0:
        saturday -= 7 * DAY * (1 if saturday + DAY >= start else 0)
    step = (abs(count) - 1) * 7 if count else 0
    saturday += (step if count > 0 else -step) * DAY
    return Span(saturday, saturday + DAY)


def asks_for(anchored: Anchored) -> str:
    """The question for the day of the anchor."""
    language = language_of(anchored.anchor)
    text = words.load(language)
    anchor = yours(anchored.anchor)
    if is_yearly(anchored.anchor):
        return text.text("questions.when-yearly", anchor=anchor)
    clause = re.match(r"(?:you|he|she|they)\b", anchor, re.IGNORECASE)
    return text.text("questions.when-clause" if clause else "questions.when", anchor=anchor)


def yours(anchor: str) -> str:
    """As the companion says it: "your birthday"."""
    for mine, other in words.load(language_of(anchor)).pairs("questions.yours"):
        anchor = re.sub(mine, other, anchor, flags=re.IGNORECASE)
    return anchor
