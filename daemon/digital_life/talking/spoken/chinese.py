"""Written Chinese as it is said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digital_life.talking.spoken.chinese_numbers import cardinal, clock, counted, digits, year
from digital_life.talking.spoken.plain import chinese_sound, plain
from digital_life.talking.spoken.tables import CHINESE, any_of

if TYPE_CHECKING:
    from collections.abc import Callable

    Match = re.Match[str]

_NUMBER = r"\d{1,18}(?:,\d{3}){0,5}(?:\.\d{1,18})?"
_NOT_IN_NUMBER = r"(?<![\d.])"
_UNIT = any_of(CHINESE.units)
_SIGNS = any_of(sign for sign in CHINESE.currencies if not sign.isalpha())
_MONEY = any_of(CHINESE.currencies)
_DASH = "[-–—~\u2212至]"
_MINUS = "[-\u2212]"
_HALVES = ("上午", "下午", "晚上", "早上", "中午", "凌晨", "傍晚", "夜里")
_BELOW_ZERO = {"°C", "°F", "°"}


def say(written: str) -> str:
    """`written` in words: no digit, no sign, only the marks that shape how it is said."""
    text = plain(written)
    for pattern, spoken in _RULES:
        text = pattern.sub(spoken, text)
    return chinese_sound(text)


def _date(match: Match) -> str:
    if not (1 <= int(match["month"]) <= 12 and 1 <= int(match["day"]) <= 31):
        return match[0]
    return f"{year(match['year'])}年{_short(match['month'])}月{_short(match['day'])}日"


def _short(number: str) -> str:
    """三 for "03"."""
    return cardinal(str(int(number)))


def _year(match: Match) -> str:
    """四位数: a year, unless it is a round number of them (1000年前, 3000年历史)."""
    number = match[1]
    spoken = cardinal(number) if number.endswith("00") and match["span"] else year(number)
    return f"{spoken}年"


def _time(match: Match) -> str:
    if int(match["hour"]) > 24:
        return f"{cardinal(match['hour'])}比{cardinal(match['minute'])}"
    spoken = _half(match) + clock(match["hour"], match["minute"])
    if match["second"]:
        spoken = spoken.replace("点整", "点零分") + _padded(match["second"]) + "秒"
    return spoken


def _padded(number: str) -> str:
    return ("零" if 0 < int(number) < 10 else "") + _short(number)


def _hour(match: Match) -> str:
    return _half(match) + counted(match["hour"]) + "点"


def _half(match: Match) -> str:
    """The half of the day, unless it was said already: 晚上8:30 pm."""
    if match["half"] is None or match.string[max(0, match.start() - 3) : match.start()].rstrip().endswith(_HALVES):
        return ""
    return "上午" if match["half"] in "aA" else "下午"


def _score(match: Match) -> str:
    return f"{cardinal(match[1])}比{cardinal(match[2])}"


def _money(match: Match) -> str:
    amount, magnitude = match["amount"], match["magnitude"] or ""
    return f"{_minus(match)}{_amount(amount)}{magnitude}{CHINESE.currencies[match['sign']]}"


def _amount(number: str) -> str:
    """Without the noughts of small change: 5.50 is 五点五."""
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return counted(number)


def _minus(match: Match) -> str:
    return "负" if match["minus"] else ""


def _percent(match: Match) -> str:
    whole = "百" if match["sign"] == "%" else "千"
    return f"{_minus(match)}{whole}分之{cardinal(match['amount'])}"


def _unit(match: Match) -> str:
    unit = CHINESE.units[match["unit"]]
    minus = "零下" if match["minus"] and match["unit"] in _BELOW_ZERO else _minus(match)
    return f"{minus}{counted(match['amount'])}{unit}"


def _digit_by_digit(match: Match) -> str:
    return digits(match[0])


def _telephone(match: Match) -> str:
    groups = re.findall(r"\d+", match[0])
    return ("加" if match[0][0] == "+" else "") + "，".join(map(digits, groups))


def _version(match: Match) -> str:
    spoken = "点".join(cardinal(part) for part in match["parts"].split("."))
    return f"版本{spoken}" if match["v"] else spoken


def _plain_number(match: Match) -> str:
    number = match[0]
    return digits(number) if number.isdigit() and len(number) >= 11 else cardinal(number)


def _named_sign(match: Match) -> str:
    return CHINESE.symbols[match[0]]


def _rule(pattern: str, spoken: Callable[[Match], str] | str) -> tuple[re.Pattern[str], Callable[[Match], str] | str]:
    return re.compile(pattern), spoken


_HALF = r"(?P<half>[aApP])\.?[mM]\b\.?"
_OF_YEARS = r"(?P<span>前|后|来|间|多|的?历史)?"
# In this order: each finds what the ones before it have left. Every repetition is bounded, or starts
# where nothing of its kind stands before it: the time stays linear.
_RULES = [
    # Dates and times
    _rule(
        r"(?<!\d)(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)日?(?:T(?=\d))?",
        _date,
    ),
    _rule(
        rf"(?<!\d)(\d{{4}}) ?{_DASH} ?(\d{{4}})(?= ?(?:年|赛季|学年|财年))",
        lambda match: f"{year(match[1])}到{year(match[2])}",
    ),
    _rule(rf"(?<!\d)(\d{{4}}) ?年(?={_OF_YEARS})", _year),
    _rule(r"(?<=[^\d]年)0(?=[1-9] ?月)|(?<=月)0(?=[1-9] ?[日号])", ""),
    _rule(rf"(?<!\d)(\d{{1,2}}:\d{{2}}) ?{_DASH} ?(?=\d{{1,2}}:\d)", r"\1到"),
    _rule(rf"(?<=[年月日号点时分]) ?{_DASH} ?(?=\d)", "到"),
    _rule(rf"((?:{any_of(CHINESE.scores)})[^\d:]{{0,4}}\d{{1,4}}) ?: ?(?=\d)", r"\1比"),
    _rule(
        rf"(?<![\d:.])(?P<hour>\d{{1,2}}):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:])(?: ?{_HALF})?",
        _time,
    ),
    _rule(rf"(?<![\d:.])(?P<hour>1[0-2]|[1-9]) ?{_HALF}", _hour),
    _rule(r"(?<![\d:])(\d{1,4}) ?: ?(\d{1,4})(?![\d:])", _score),
    # Telephones, rooms, codes
    _rule(
        rf"((?:{any_of(CHINESE.named)})[^\d。！？]{{0,4}})(\d{{1,30}})(?=[^\d.,-]|$)",
        lambda match: match[1] + digits(match[2]),
    ),
    _rule(r"(?<![\d.])\+\d{1,15}(?:[- ]?\d{2,11}(?!\d)){0,5}", _telephone),
    _rule(r"(?<![\d.-])(?:0\d{2,3}-\d{7,8}|[48]00-\d{3,4}-\d{3,4}|1\d{2}[- ]\d{4}[- ]\d{4})(?![\d-])", _telephone),
    _rule(rf"(?<![\d.])\d{{3,4}}(?=(?:{any_of(CHINESE.rooms)}))", _digit_by_digit),
    # Money, percentages, units
    _rule(rf"(?P<minus>{_MINUS}?)(?P<sign>{_SIGNS}) ?(?P<amount>{_NUMBER}) ?(?P<magnitude>[千万亿]{{1,2}})?", _money),
    _rule(
        rf"(?P<minus>(?<!\d){_MINUS}|){_NOT_IN_NUMBER}(?P<amount>{_NUMBER})(?P<magnitude>[千万亿]{{1,2}})?"
        rf" ?(?P<sign>(?:{_MONEY}))(?![A-Za-z])",
        _money,
    ),
    # Versions
    _rule(r"(?<![A-Za-z])(?P<v>[vV])(?P<parts>\d{1,6}(?:\.\d{1,6}){0,6})", _version),
    _rule(rf"{_NOT_IN_NUMBER}(?P<v>)(?P<parts>\d{{1,9}}(?:\.\d{{1,9}}){{2,6}})(?!\d)", _version),
    # Ranges: 3-5%, 3%-5%, 3-5公里
    _rule(rf"(?<![\d.-])({_NUMBER}) ?{_DASH} ?({_NUMBER})%", lambda m: f"百分之{cardinal(m[1])}到{cardinal(m[2])}"),
    _rule(rf"(?<=[\d%]) {_MINUS} (?=\d)", "减"),
    _rule(rf"(?<![\d.-])({_NUMBER}%?) ?{_DASH} ?(?=\d)", r"\1到"),
    _rule(rf"(?P<minus>{_MINUS}?){_NOT_IN_NUMBER}(?P<amount>{_NUMBER}) ?(?P<sign>[%‰])", _percent),
    _rule(rf"(?P<minus>(?<!\d){_MINUS}|){_NOT_IN_NUMBER}(?P<amount>{_NUMBER}) ?(?P<unit>{_UNIT})(?![A-Za-z])", _unit),
    _rule(r"和/或", "和或"),
    _rule(r"(?<![.…])(?:…+|\.{2,})(?=[\u4e00-\u9fff])", "，"),
    _rule(
        r"(?<![\d./])(?:(\d{1,9}) )?(\d{1,9})[/\u2044](\d{1,9})(?![\d/])",
        lambda m: (f"{cardinal(m[1])}又" if m[1] else "") + f"{cardinal(m[3])}分之{cardinal(m[2])}",
    ),
    _rule(r"(?<!\d)(?:#|№) ?(\d{1,9})(?!\d)号?", lambda match: f"{cardinal(match[1])}号"),
    _rule(r"\^(\d{1,9})", lambda m: f"的{cardinal(m[1])}次方"),
    # Plain numbers
    _rule(rf"(?<!\d){_MINUS}(?=\d)", "负"),
    _rule(
        rf"(?<![\d.:点第负])2(?= ?[{CHINESE.counted}])(?! ?(?:{any_of(CHINESE.not_counted)}))",
        "两",
    ),
    _rule(r"(?<=\d) ?\* ?(?=\d)", "×"),
    _rule(rf"(?<!\d){_NUMBER}(?!\d)", _plain_number),
    _rule(r"\d+", _digit_by_digit),
    _rule(any_of(CHINESE.symbols), _named_sign),
]
