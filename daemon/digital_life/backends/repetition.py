"""Whisper's one bad habit with short sound: it says a phrase twice, or many times."""

from __future__ import annotations

import re

DOUBLED_FROM = 6
"""Letters of a phrase from which said twice is the habit; "bye bye" is meant."""
LOOPED_FROM = 3
"""Times from which also a shorter phrase is the habit."""
CUT_FROM = 10
"""Letters of a last time that was cut short."""
HAN = re.compile(r"[\u3400-\u9fff]")


def said_once(text: str) -> str:
    """`text` without its repetitions where it is one phrase over and over, the last perhaps cut; else as it is."""
    letters = [(each.start(), each.group().lower()) for each in re.finditer(r"\w", text)]
    for period in range(1, len(letters)):
        if _is_habit(len(letters), period) and _repeats(letters, period):
            start = letters[period][0]
            if _begins_word(text, start):
                return text[:start].rstrip()
    return text


def _is_habit(count: int, period: int) -> bool:
    """Whether `count` letters that repeat after `period` are more than a person's own emphasis."""
    again = count - period
    return again >= CUT_FROM or (again >= period and (period >= DOUBLED_FROM or count // period >= LOOPED_FROM))


def _repeats(letters: list[tuple[int, str]], period: int) -> bool:
    return all(letters[n][1] == letters[n - period][1] for n in range(period, len(letters)))


def _begins_word(text: str, at: int) -> bool:
    return bool(HAN.match(text[at])) or not text[at - 1].isalnum()
