"""Numbers in Chinese words."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
_PLACES = ["", "十", "百", "千"]
_GROUPS = ["", "万", "亿", "万亿"]
LONGEST = 16
"""Digits; a longer number is read digit by digit."""


def digits(text: str) -> str:
    """Each digit by its name."""
    return "".join(_DIGITS[int(char)] for char in text if char.isdigit())


def cardinal(number: str) -> str:
    """两千零五点五 for "2,005.5"."""
    whole, _, fraction = number.replace(",", "").partition(".")
    words = digits(whole) if _is_code(whole) else _whole(int(whole))
    return f"{words}点{digits(fraction)}" if fraction else words


def counted(number: str) -> str:
    """As `cardinal`, before a measure word: 两, not 二."""
    return "两" if number == "2" else cardinal(number)


def _is_code(whole: str) -> bool:
    return len(whole) > LONGEST or (len(whole) > 1 and whole[0] == "0")


def _whole(number: int) -> str:
    if number == 0:
        return "零"
    words = ""
    for power in range(len(_GROUPS) - 1, -1, -1):
        group = number // 10_000**power % 10_000
        if group:
            if words and (group < 1000 or number // 10_000 ** (power + 1) % 10_000 == 0):
                words += "零"
            alone = group == 2 and power and not words
            words += ("两" if alone else _leading_two(_group(group), first=not words)) + _GROUPS[power]
        # 万亿 and 亿 share their 亿: 一万零一亿.
    return _joined(words)


def _joined(words: str) -> str:
    ten_millions = words.find("万亿")
    if ten_millions >= 0 and "亿" in words[ten_millions + 2 :]:
        words = words.replace("万亿", "万", 1)
    return words.removeprefix("一") if words.startswith("一十") else words


def _group(number: int) -> str:
    words, zero = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if zero and words else "") + _DIGITS[digit] + _PLACES[place]
            zero = False
        else:
            zero = True
    return words


def _leading_two(words: str, *, first: bool) -> str:
    """两千, 两百 and 两万, but 二十 and 一千二百."""
    return "两" + words[1:] if first and words[:2] in {"二千", "二百"} else words


def year(number: str) -> str:
    """二零二六 for "2026"."""
    return digits(number)


def clock(hour: str, minute: str) -> str:
    """十点零五分 for "10" and "05"."""
    spoken = counted(str(int(hour))) + "点"
    if int(minute) == 0:
        return spoken + "整"
    return spoken + ("零" if int(minute) < 10 else "") + cardinal(str(int(minute))) + "分"
