"""Numbers in English words."""

from __future__ import annotations

# fmt: off
_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]
# fmt: on
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_GROUPS = ["", "thousand", "million", "billion", "trillion"]
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
LONGEST = 15
"""Digits; a longer number is read digit by digit."""


def digits(text: str) -> str:
    """Each digit by its name."""
    return " ".join(_ONES[int(char)] for char in text if char.isdigit())


def cardinal(number: str) -> str:
    """One thousand two hundred and thirty-four point five for "1,234.5", in small letters."""
    whole, _, fraction = number.replace(",", "").partition(".")
    words = digits(whole) if _is_code(whole) else _whole(int(whole))
    return f"{words} point {digits(fraction)}" if fraction else words


def _is_code(whole: str) -> bool:
    return len(whole) > LONGEST or (len(whole) > 1 and whole[0] == "0")


def _whole(number: int) -> str:
    if number == 0:
        return _ONES[0]
    words: list[str] = []
    for power in range(len(_GROUPS) - 1, -1, -1):
        group = number // 1000**power % 1000
        if group:
            if power == 0 and words and group < 100:
                words.append("and")
            words.append(f"{_below_thousand(group)} {_GROUPS[power]}".strip())
    return " ".join(words)


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(rest)
    words = f"{_ONES[hundreds]} hundred"
    return f"{words} and {_below_hundred(rest)}" if rest else words


def _below_hundred(number: int) -> str:
    if number < 20:
        return _ONES[number]
    ten, one = divmod(number, 10)
    return f"{_TENS[ten - 2]}-{_ONES[one]}" if one else _TENS[ten - 2]


def ordinal(number: str) -> str:
    """Twenty-first for "21"."""
    words = cardinal(number)
    last = max(words.rfind(" "), words.rfind("-")) + 1
    return words[:last] + _nth(words[last:])


def _nth(word: str) -> str:
    if word in _ORDINALS:
        return _ORDINALS[word]
    return word[:-1] + "ieth" if word.endswith("y") else word + "th"


def plural(words: str) -> str:
    """Nineteen nineties for "nineteen ninety"."""
    return words[:-1] + "ies" if words.endswith("y") else words + ("es" if words.endswith("x") else "s")


def year(number: str) -> str:
    """Nineteen oh five for "1905", twenty twenty-six for "2026"."""
    century, rest = divmod(int(number), 100)
    if century % 10 == 0 and rest < 10:
        return cardinal(number)
    if rest == 0:
        return f"{_below_hundred(century)} hundred"
    return f"{_below_hundred(century)} {'oh ' if rest < 10 else ''}{_below_hundred(rest)}"


def fraction(above: str, below: str) -> str:
    """Three quarters for "3" and "4"."""
    if int(below) < 2 or len(below) > 2:
        return f"{cardinal(above)} over {cardinal(below)}"
    one = int(above) == 1
    if int(below) == 2:
        part = "half" if one else "halves"
    else:
        part = ("quarter" if int(below) == 4 else ordinal(below)) + ("" if one else "s")
    return f"{cardinal(above)} {part}"


def clock(hour: str, minute: str) -> str:
    """Ten oh five for "10" and "05"."""
    if int(minute) == 0:
        return "midnight" if int(hour) in {0, 24} else cardinal(str(int(hour))) + _on_the_hour(int(hour))
    past = "oh " if int(minute) < 10 else ""
    return f"{_below_hundred(int(hour))} {past}{_below_hundred(int(minute))}"


def _on_the_hour(hour: int) -> str:
    return " o'clock" if hour <= 12 else " hundred"
