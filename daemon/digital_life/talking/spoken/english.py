"""Written English as it is said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digital_life.talking.spoken.english_numbers import (
    cardinal,
    clock,
    digits,
    fraction,
    ordinal,
    plural,
    year,
)
from digital_life.talking.spoken.plain import english_sound, plain
from digital_life.talking.spoken.tables import ENGLISH, any_of

if TYPE_CHECKING:
    from collections.abc import Callable

    Match = re.Match[str]

_NUMBER = r"\d{1,18}(?:,\d{3}){0,5}(?:\.\d{1,18})?"
_NOT_IN_NUMBER = r"(?<![\d.])"
_MONTH = any_of(ENGLISH.months)
_SIGNS = any_of(sign for sign in ENGLISH.currencies if not sign.isalpha())
_CODES = any_of(sign for sign in ENGLISH.currencies if sign.isalpha())
_ROMAN = {"II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10, "XI": 11, "XII": 12}
_ROMAN |= {"XIII": 13, "XIV": 14, "XV": 15, "XVI": 16}
_LONGEST_PATH = 30
"""Characters of an address after its host that are read out; nobody remembers more."""


def say(written: str) -> str:
    """`written` in words: no digit, no sign, only the marks that shape how it is said."""
    text = plain(written)
    for pattern, spoken in _RULES:
        text = pattern.sub(spoken, text)
    return english_sound(text)


def _address(match: Match) -> str:
    host, slash, path = match["host"].partition("/")
    tail = path.rstrip("/.,;:!?)'\"")
    end = match["host"][len(match["host"].rstrip(".,;:!?")) :]
    if len(tail) > _LONGEST_PATH or "?" in tail or "%" in tail:
        tail = ""
    said = _spelt(host.rstrip(".,;:!?)'\"")) + (f" slash {_spelt(tail)}" if slash and tail else "")
    return said + end


def _mail(match: Match) -> str:
    end = match[2][len(match[2].rstrip(".-")) :]
    return f"{_spelt(match[1])} at {_spelt(match[2].rstrip('.-'))}{end}"


def _spelt(address: str) -> str:
    for sign, name in ((".", " dot "), ("/", " slash "), ("-", " dash "), ("_", " underscore "), ("+", " plus ")):
        address = address.replace(sign, name)
    return re.sub(r"[^\w ]", " ", address)


def _iso_date(match: Match) -> str:
    return _date(match["year"], match["month"], match["day"]) or match[0]


def _slash_date(match: Match) -> str:
    """Month first, as in America, unless only the day can be first."""
    first, second = match["first"], match["second"]
    said = _date(match["year"], first, second) or _date(match["year"], second, first)
    return said or match[0]


_MONTHS = [name for short, name in ENGLISH.months.items() if len(short) == 3]


def _date(in_year: str, month: str, day: str) -> str | None:
    """None when there is no such month or day."""
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return None
    return f"{_MONTHS[int(month) - 1]} {ordinal(str(int(day)))}, {year(in_year)}"


def _month_day(match: Match) -> str:
    said = f"{ENGLISH.months[match['month']]} {ordinal(match['day'])}"
    return f"{said}, {year(match['year'])}" if match["year"] else said


def _day_month(match: Match) -> str:
    said = f"{ordinal(match['day'])} of {ENGLISH.months[match['month']]}"
    return f"{said} {year(match['year'])}" if match["year"] else said


def _month_year(match: Match) -> str:
    return f"{ENGLISH.months[match['month']]} {year(match['year'])}"


def _time(match: Match) -> str:
    hour, minute, second, half = match["hour"], match["minute"], match["second"], match["half"]
    if int(hour) > 24:
        return f"{cardinal(hour)} to {cardinal(minute)}"
    whole_hour = half and int(minute) == 0
    said = cardinal(str(int(hour))) if whole_hour else clock(hour, minute)
    if second:
        said += f" and {cardinal(str(int(second)))} {'second' if int(second) == 1 else 'seconds'}"
    return said + _half(half)


def _hour(match: Match) -> str:
    return cardinal(match["hour"]) + _half(match["half"])


def _half(letter: str | None) -> str:
    """None: no half of the day was written."""
    return f" {letter[0].lower()}.m." if letter else ""


def _score(match: Match) -> str:
    return f"{cardinal(match[1])} to {cardinal(match[2])}"


def _money(match: Match) -> str:
    one, many, cent, cents = ENGLISH.currencies[match["sign"]]
    minus = "minus " if match["minus"] else ""
    amount = match["amount"]
    if match["magnitude"]:
        return f"{minus}{cardinal(amount)} {ENGLISH.magnitudes[match['magnitude']]} {many}"
    whole, _, part = amount.partition(".")
    if part and len(part) != 2:
        return f"{minus}{cardinal(amount)} {many}"
    return minus + _notes_and_coins(whole, int(part or 0), (one, many), (cent, cents))


def _notes_and_coins(whole: str, part: int, notes: tuple[str, str], coins: tuple[str, str]) -> str:
    said = f"{cardinal(whole)} {notes[whole != '1']}"
    if not part:
        return said
    change = f"{cardinal(str(part))} {coins[part != 1]}"
    return change if whole == "0" else f"{said} and {change}"


def _telephone(match: Match) -> str:
    groups = re.findall(r"\d+", match[0])
    if sum(map(len, groups)) < 7:
        return match[0]
    return ("plus " if match[0][0] == "+" else "") + ", ".join(map(digits, groups))


def _version(match: Match) -> str:
    said = " point ".join(cardinal(part) for part in match["parts"].split("."))
    return f"version {said}" if match["v"] else said


def _unit(match: Match) -> str:
    one, many = ENGLISH.units[match["unit"]]
    return f"{cardinal(match['amount'])} {one if match['amount'] == '1' or match['joined'] else many}"


def _fraction(match: Match) -> str:
    said = fraction(match["above"], match["below"])
    return f"{cardinal(match['whole'])} and {said.replace('one ', 'a ', 1)}" if match["whole"] else said


def _decade(match: Match) -> str:
    return plural(year(match[1]) if match[1] else cardinal(match[2]))


def _plain_number(match: Match) -> str:
    number = match[0]
    if not number.isdigit():
        return cardinal(number)
    if len(number) == 4 and "1100" <= number <= "2099":
        return year(number)
    return digits(number) if len(number) >= 10 else cardinal(number)


def _regnal(match: Match) -> str:
    number = str(_ROMAN[match[2]])
    return f"{match[1]} the {ordinal(number)}" if match[1] in ENGLISH.regnal else f"{match[1]} {cardinal(number)}"


def _short(match: Match) -> str:
    """The full stop of a title goes; that of another short word stays when the sentence ends there."""
    word = match["word"].lower()
    if word in ENGLISH.titles:
        return ENGLISH.titles[word]
    spoken = ENGLISH.shortened[word]
    return spoken if match["more"] is not None or spoken.endswith(".") else spoken + "."


def _named_sign(match: Match) -> str:
    return f" {ENGLISH.symbols[match[0]]} "


def _rule(pattern: str, spoken: Callable[[Match], str] | str) -> tuple[re.Pattern[str], Callable[[Match], str] | str]:
    return re.compile(pattern), spoken


_MAGNITUDES = any_of(ENGLISH.magnitudes)
_HALF = r"(?P<half>[aApP])\.?[mM]\b\.?"
_HOST = rf"(?:[A-Za-z0-9-]{{1,63}}\.){{1,4}}(?:{any_of(ENGLISH.domains)})(?![\w-])(?:/[!-~]{{0,500}})?"
_SHORT_WORD = any_of([*ENGLISH.titles, *ENGLISH.shortened])
# In this order: each finds what the ones before it have left. Every repetition is bounded, or starts
# where nothing of its kind stands before it: the time stays linear.
_RULES = [
    _rule(r"(?<![A-Za-z0-9.+_-])([A-Za-z0-9.+_-]{1,64})@([A-Za-z0-9.-]{1,255})", _mail),
    _rule(r"https?://(?:www\.)?(?P<host>[!-~]{1,2000})", _address),
    _rule(r"(?<![\w@.])www\.(?P<host>[!-~]{1,2000})", _address),
    _rule(rf"(?<![\w@.-])(?P<host>{_HOST})", _address),
    # Dates and times
    _rule(r"(?<!\d)(\d{1,2}:\d{2}|\d{1,2} ?[ap]m) ?[-–—~] ?(?=\d{1,2}(?::\d|[ap]m))", r"\1 to "),
    _rule(
        r"(?<!\d)(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)(?:T(?=\d))?",
        _iso_date,
    ),
    _rule(r"(?<!\d)(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4})(?!\d)", _slash_date),
    _rule(
        rf"\b(?P<month>{_MONTH})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![:.]\d|\w)"
        r"(?:,? (?P<year>\d{4})(?!,?\d))?",
        _month_day,
    ),
    _rule(
        rf"(?<![\d.:])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})\b"
        r"(?:,? (?P<year>\d{4})(?!\d))?",
        _day_month,
    ),
    _rule(rf"\b(?P<month>{_MONTH})\.?,? (?P<year>[12]\d{{3}})(?!\d)", _month_year),
    _rule(
        rf"(?<![\d:.])(?P<hour>\d{{1,2}}):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:])(?: ?{_HALF})?",
        _time,
    ),
    _rule(rf"(?<![\d:.])(?P<hour>1[0-2]|[1-9]) ?{_HALF}", _hour),
    _rule(r"(?<![\d:])(\d{1,4}):(\d{1,4})(?![\d:])", _score),
    # Money
    _rule(rf"({_SIGNS})({_NUMBER}) ?[-–—] ?\1?(?=\d)", r"\2 to \1"),
    _rule(
        rf"(?P<minus>[-\u2212]?)(?P<sign>{_SIGNS}) ?(?P<amount>{_NUMBER})(?: ?(?P<magnitude>{_MAGNITUDES})(?!\w))?",
        _money,
    ),
    _rule(
        rf"(?P<minus>(?<!\w)[-\u2212]|){_NOT_IN_NUMBER}(?P<amount>{_NUMBER})(?: (?P<magnitude>{_MAGNITUDES}))?"
        rf" ?(?P<sign>{_SIGNS}|(?:{_CODES})(?!\w))",
        _money,
    ),
    # Telephones, before ranges
    _rule(r"\+\d{1,15}(?:[-. ]?\(?\d{2,5}\)?(?!\d)){0,5}", _telephone),
    _rule(r"(?<![\d.-])(?:1-)?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}(?![\d.-]\d|\d)", _telephone),
    _rule(r"(?<![\d.-])\d{3}-\d{4}(?![\d.-]\d|\d)", _telephone),
    # Versions
    _rule(r"(?<!\w)(?P<v>[vV])(?P<parts>\d{1,6}(?:\.\d{1,6}){0,6})", _version),
    _rule(rf"{_NOT_IN_NUMBER}(?P<v>)(?P<parts>\d{{1,9}}(?:\.\d{{1,9}}){{2,6}})(?!\d)", _version),
    # Ranges and arithmetic; the numbers themselves are said further down.
    _rule(rf"(?<![\w.])({_NUMBER}%?) ?[–—~] ?(?={_SIGNS}|\d)()", r"\1 to "),
    _rule(r"(?<=\d) [-\u2212] (?=\d)", " minus "),
    _rule(rf"(?<![\w.-])({_NUMBER}%?)-(?=\d)", r"\1 to "),
    _rule(r"(?<=\d) ?x ?(?=\d{1,6} ?(?:px|m|cm|mm)?(?!\w))", " by "),
    _rule(r"(?<![\w)])[-\u2212](?=\.?\d)", "minus "),
    _rule(r"(?<=\d) ?\* ?(?=\d)", " times "),
    _rule(r"(?<!\w)(\d)['′] ?(\d{1,2})[\"″]", r"\1 ft \2 "),
    # Numbers with something after them; "30s" is a time, "the 30s" and "'30s" are years.
    _rule(r"(?<!\w)'?([12]\d{2}0)'?s(?!\w)|(?:(?<=the )|')(\d0)'?s(?!\w)", _decade),
    _rule(rf"{_NOT_IN_NUMBER}(?P<amount>{_NUMBER})(?P<joined>-?) ?(?P<unit>{any_of(ENGLISH.units)})(?!\w)", _unit),
    _rule(
        rf"{_NOT_IN_NUMBER}(\d{{1,15}}(?:,\d{{3}}){{0,4}})(?:st|nd|rd|th)(?!\w)",
        lambda match: ordinal(match[1].replace(",", "")),
    ),
    _rule(r"(?<!\d)24/7(?!\d)", "twenty-four seven"),
    _rule(r"(?<![\d./])(?:(?P<whole>\d{1,9}) )?(?P<above>\d{1,9})[/\u2044](?P<below>\d{1,9})(?![\d/])", _fraction),
    _rule(r"(?:No\.?|#|№) ?(?=\d)", " number "),
    _rule(rf"\b({any_of([*ENGLISH.regnal, *ENGLISH.parts])}) ({any_of(_ROMAN)})(?!\w)", _regnal),
    # Short words and signs with a sense of their own
    _rule(r"(?i:(?<=\band)/(?=or\b))", " "),
    _rule(r"\b([CF])#", r"\1 sharp"),
    _rule(r"(?<![.…])(?:…|\.{2,})(?= ?[a-z])", ","),
    _rule(
        rf"\b(?P<word>(?i:{any_of(ENGLISH.before_numbers)}))\. ?(?=\d)",
        lambda match: ENGLISH.before_numbers[match["word"].lower()] + " ",
    ),
    _rule(rf"(?<![\w.])(?i:(?P<word>{_SHORT_WORD}))\.(?P<more>(?=,| ?[a-z]))?", _short),
    _rule(r"#(?=[^\W\d])", " hashtag "),
    # Plain numbers
    _rule(r"(?<![\d])\.(\d{1,18})(?!\d)", lambda match: f" point {digits(match[1])}"),
    _rule(r"(?<=[^\W\d_])-?(?=\d)|(?<=\d)(?=[^\W\d_])", " "),
    _rule(rf"(?<!\d){_NUMBER}(?!\d)", _plain_number),
    _rule(r"\d+", lambda match: f" {digits(match[0])} "),
    _rule(any_of(ENGLISH.symbols), _named_sign),
]
