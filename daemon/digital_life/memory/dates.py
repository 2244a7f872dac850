"""Which days a person means: "last Tuesday", "上个月15号", as seen from a moment."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from re import Match

from lunardate import LunarDate

from digital_life.numerals import number, vague

LATELY_DAYS = 7
"""What "the other day" and "前几天" reach back."""
FEW = 5
"""Years that "前几年" reaches back."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days, the first and the last included."""

    first: date
    last: date
    vague: bool = field(default=False, compare=False)
    """Whether the person named them only roughly: "lately"."""

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def wider(self, days: int) -> Span:
        return replace(self, first=self.first - days * DAY, last=self.last + days * DAY)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


Reading = Callable[[Match[str], date], Span | None]


def find(text: str, today: date) -> Span | None:
    """The days that `text` names, the most telling expression of it; None when it names none."""
    found = _first(text, today)
    return found[0] if found else None


def without(text: str, today: date) -> str:
    """`text` without the expression that `find` reads."""
    found = _first(text, today)
    return text[: found[1]] + text[found[2] :] if found else text


def named(text: str, today: date) -> str:
    """The expression that `find` reads, as it stands in `text`; empty when there is none."""
    found = _first(text, today)
    return text[found[1] : found[2]] if found else ""


def _first(text: str, today: date) -> tuple[Span, int, int] | None:
    folded = text.lower()
    for pattern, reading in _READINGS:
        found = pattern.search(folded)
        span = _read(reading, found, today) if found else None
        if found and span:
            roughly = span.vague or _VAGUE.fullmatch(found.groupdict().get("n") or "") is not None
            return replace(span, vague=roughly), found.start(), found.end()
    return None


def _read(reading: Reading, found: Match[str], today: date) -> Span | None:
    try:
        return reading(found, today)
    except (ValueError, OverflowError):
        return None  # "Three thousand years ago": no calendar has it.


# Spans.


def _day(day: date) -> Span:
    return Span(day, day)


def _month(year: int, month: int) -> Span:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return Span(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _year(year: int) -> Span:
    return Span(date(year, 1, 1), date(year, 12, 31))


def _week(today: date, back: int) -> Span:
    monday = today - (today.weekday() + 7 * back) * DAY
    return Span(monday, monday + 6 * DAY)


def _weekend(today: date, back: int) -> Span:
    monday = _week(today, back).first
    return Span(monday + 5 * DAY, monday + 6 * DAY)


def _part(span: Span, part: str) -> Span:
    """The beginning, middle or end of a month."""
    if part in {"early", "beginning", "start", "初"}:
        return Span(span.first, span.first + 9 * DAY)
    if part in {"mid", "middle", "中", "中旬"}:
        return Span(span.first + 10 * DAY, span.first + 19 * DAY)
    if part in {"late", "end", "底", "末"}:
        return Span(span.first + 20 * DAY, span.last)
    return span


def _past(make: Callable[[int], Span | None], today: date) -> Span | None:
    """Of the day that comes every year, the latest that has begun: memories lie behind."""
    this_year = make(today.year)
    return this_year if this_year and this_year.first <= today else make(today.year - 1)


def _date(year: int, month: int, day: int) -> Span | None:
    try:
        return _day(date(year, month, day))
    except ValueError:
        return None


def _months_back(today: date, months: int) -> date:
    span = _month(today.year, today.month - months)
    return min(span.first.replace(day=1) + (today.day - 1) * DAY, span.last)


def _back(today: date, count: int, unit: str) -> Span:
    match unit:
        case "day" | "night" | "天" | "日":
            return _day(today - count * DAY)
        case "week" | "周" | "星期" | "礼拜":
            return _day(today - 7 * count * DAY)
        case "month" | "月":
            return _day(_months_back(today, count))
        case _:
            return _day(_months_back(today, 12 * count))


# Feasts: the span of one year, from its number.


def _nth(year: int, month: int, weekday: int, n: int) -> Span:
    first = date(year, month, 1)
    return _day(first + ((weekday - first.weekday()) % 7 + 7 * (n - 1)) * DAY)


def _easter(year: int) -> date:
    """Gauss's rule in Butcher's form, for the Gregorian calendar."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    moon = (32 + 2 * e + 2 * i - h - k) % 7
    month, day = divmod(h + moon - 7 * ((a + 11 * h + 22 * moon) // 451) + 114, 31)
    return date(year, month, day + 1)


def _lunar(year: int, month: int, day: int, days: int = 1) -> Span:
    first = LunarDate(year, month, day).to_solar_date()
    return Span(first, first + (days - 1) * DAY)


def _fixed(month: int, day: int, days: int = 1) -> Callable[[int], Span]:
    return lambda year: Span(date(year, month, day), date(year, month, day) + (days - 1) * DAY)


def _eve_of_spring(year: int) -> Span:
    return _day(_lunar(year, 1, 1).first - DAY)


_FEASTS: dict[str, Callable[[int], Span]] = {
    r"christmas eve|平安夜": _fixed(12, 24),
    r"christmas|圣诞节?": _fixed(12, 25),
    r"new year'?s eve|跨年": _fixed(12, 31),
    r"chinese new year|lunar new year|spring festival|春节|过年": lambda year: _lunar(year, 1, 1, 7),
    r"除夕|年夜": _eve_of_spring,
    r"new year'?s?(?: day)?|元旦": _fixed(1, 1),
    r"valentine'?s(?: day)?|情人节": _fixed(2, 14),
    r"halloween|万圣节": _fixed(10, 31),
    r"thanksgiving|感恩节": lambda year: _nth(year, 11, 3, 4),
    r"easter|复活节": lambda year: _day(_easter(year)),
    r"mother'?s day|母亲节": lambda year: _nth(year, 5, 6, 2),
    r"father'?s day|父亲节": lambda year: _nth(year, 6, 6, 3),
    r"independence day|fourth of july": _fixed(7, 4),
    r"国庆节?|十一假期|黄金周|national day": _fixed(10, 1, 7),
    r"五一|劳动节|labou?r day": _fixed(5, 1, 5),
    r"妇女节": _fixed(3, 8),
    r"儿童节|六一": _fixed(6, 1),
    r"教师节": _fixed(9, 10),
    r"双十一|光棍节": _fixed(11, 11),
    r"清明节?": _fixed(4, 4, 3),
    r"元宵节?|lantern festival": lambda year: _lunar(year, 1, 15),
    r"端午节?|dragon boat festival": lambda year: _lunar(year, 5, 5),
    r"七夕节?": lambda year: _lunar(year, 7, 7),
    r"中秋节?|mid-?autumn(?: festival)?": lambda year: _lunar(year, 8, 15),
    r"重阳节?": lambda year: _lunar(year, 9, 9),
}
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12, "春天": 3, "夏天": 6, "秋天": 9, "冬天": 12}

# The patterns, the most telling first.

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_SHORT = {name[:3]: n for n, name in enumerate(_MONTHS, 1)} | {"sept": 9}
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
_UNSURE = ("april", "march", "mar", "may", "june", "august")
_BEFORE_MONTH = ("in", "of", "last", "this", "late", "mid", "since", "early", "until", "during", "about")
_MONTH_ALONE = (
    f"(?P<month>{'|'.join(each for each in [*_MONTHS, *_SHORT] if each not in _UNSURE)}"
    + "".join(rf"|(?<=\b{before}[ -])(?:{'|'.join(_UNSURE)})" for before in _BEFORE_MONTH)
    + rf"|(?:{'|'.join(_UNSURE)})(?=\s+\d{{4}}))\b\.?"
)
"""Alone these are mostly verbs, or somebody's name."""
_TEENS = "tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth"
_UNITS = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
_DAY = (
    rf"(?P<day>\d{{1,2}}(?:st|nd|rd|th)?|twenty[ -](?:{_UNITS})|thirty[ -]first|twentieth|thirtieth|{_TEENS}|{_UNITS})"
)
_PARTS = "early|mid|late|beginning|start|middle|end"
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_WEEKDAY = rf"(?P<weekday>{'|'.join(_DAYS)})"
_VAGUE = re.compile("a few|few|several|(?:a )?couple(?: of)?|好?几")
"""Numbers that nobody counted."""
_N = f"(?P<n>{vague('en')})"
_ZH_N = f"(?P<n>{vague('zh')})"
_ZH_MONTH = "(?P<month>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])"
_ZH_DAY = "(?P<day>3[01]|[12]\\d|[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_ZH_YEAR = "(?P<year>\\d{4}|[〇零一二三四五六七八九]{4})"
_ZH_WEEK = "(?:星期|周|礼拜)"
_ZH_WEEKDAY = "(?P<weekday>[一二三四五六日天])(?!个|次|年|月|起|边|样|点|些)"
_NO_NAME = "".join(rf"(?<!\b{before} )" for before in ("a", "an", "every", "each", "black", "good"))
"""Before a weekday that is that one day: "a Sunday roast" has none."""
_WHICH = {"last": 1, "past": 1, "previous": 1, "this": 0}
_ZH_BACK = {"上上": 2, "上": 1, "这": 0, "本": 0, "今": 0}
_ZH_YEARS = {"今年": 0, "去年": 1, "前年": 2, "大前年": 3}


def _month_number(name: str) -> int:
    return _SHORT.get(name, 0) or _SHORT[name[:3]]


def _zh_weekday(written: str) -> int:
    return "一二三四五六日天".index(written) if written != "天" else 6


def _named_day(found: Match[str], today: date) -> Span | None:
    month, day = _month_number(found["month"]), number(found["day"])
    if found["year"]:
        return _date(int(found["year"]), month, day)
    return _past(lambda year: _date(year, month, day), today)


def _named_month(found: Match[str], today: date) -> Span | None:
    month, part = _month_number(found["month"]), found["part"] or ""
    if found["year"]:
        return _part(_month(int(found["year"]), month), part)
    back = 1 if found["which"] == "last" and month >= today.month else 0
    if back:
        return _part(_month(today.year - 1, month), part)
    return _past(lambda year: _part(_month(year, month), part), today)


def _weekday(found: Match[str], today: date) -> Span:
    """The latest such day that is over; with "this" the one of this week, which begins on Monday."""
    if found["which"] == "this":
        return _day(_week(today, 0).first + _DAYS.index(found["weekday"]) * DAY)
    return _day(_weekday_latest(found["weekday"], today))


def _weekday_before_last(found: Match[str], today: date) -> Span:
    return _day(_weekday_latest(found["weekday"], today) - 7 * DAY)


def _weekdays_ago(found: Match[str], today: date) -> Span:
    """As "two Fridays ago"."""
    latest = _weekday_latest(found["weekday"], today)
    return _day(latest - 7 * (number(found["n"]) - 1) * DAY)


def _weekday_latest(name: str, today: date) -> date:
    return today - ((today.weekday() - _DAYS.index(name) - 1) % 7 + 1) * DAY


def _weekday_of_week(found: Match[str], today: date) -> Span:
    """As "two weeks ago on Friday"; "Friday two weeks ago"; "Friday last week"."""
    groups = found.groupdict()
    back = number(groups["n"]) if groups.get("n") else 1
    return _day(_week(today, back).first + _DAYS.index(found["weekday"]) * DAY)


def _zh_named_day(found: Match[str], today: date) -> Span | None:
    month, day = number(found["month"]), number(found["day"])
    if found["year"]:
        return _date(number(found["year"]), month, day)
    if found["relative"]:
        return _date(today.year - _ZH_YEARS[found["relative"]], month, day)
    return _past(lambda year: _date(year, month, day), today)


def _zh_named_month(found: Match[str], today: date) -> Span | None:
    month, part = number(found["month"]), found["part"] or ""
    if found["year"]:
        return _part(_month(number(found["year"]), month), part)
    if found["relative"]:
        return _part(_month(today.year - _ZH_YEARS[found["relative"]], month), part)
    return _past(lambda year: _part(_month(year, month), part), today)


def _zh_weekday_of_week(found: Match[str], today: date) -> Span:
    return _day(_week(today, _ZH_BACK[found["back"]]).first + _zh_weekday(found["weekday"]) * DAY)


def _zh_weekday_alone(found: Match[str], today: date) -> Span:
    return _day(today - (today.weekday() - _zh_weekday(found["weekday"])) % 7 * DAY)


def _zh_month_of(found: Match[str], today: date) -> Span:
    span = _month(today.year, today.month - _ZH_BACK[found["back"]])
    return _part(span, found["part"] or "")


def _zh_month_of_day(found: Match[str], today: date) -> Span | None:
    span = _month(today.year, today.month - _ZH_BACK[found["back"]])
    return _date(span.first.year, span.first.month, number(found["day"]))


def _feast(make: Callable[[int], Span]) -> Reading:
    def read(found: Match[str], today: date) -> Span | None:
        said = found["which"] or ""
        if said in _ZH_YEARS:
            return make(today.year - _ZH_YEARS[said])
        if said == "this ":
            return make(today.year)
        if found["year"]:
            return make(number(found["year"]))
        return _past(make, today)

    return read


def _season(found: Match[str], today: date) -> Span | None:
    month = _SEASONS[found["season"]]

    def of(year: int) -> Span:
        return Span(_month(year, month).first, _month(year, month + 2).last)

    year = found["year"]
    if year:
        return of(number(year))
    if found["which"] in _ZH_YEARS:
        return of(today.year - _ZH_YEARS[found["which"]])
    return _past(of, today)


def _season_before_last(found: Match[str], today: date) -> Span:
    month = _SEASONS[found["season"]]
    ended = _month(today.year, month + 2).last < today
    year = today.year - (1 if ended else 2)
    return Span(_month(year, month).first, _month(year, month + 2).last)


def _past_years(_found: Match[str], today: date) -> Span:
    return Span(_year(today.year - FEW).first, _year(today.year - 1).last, vague=True)


def _anniversary(found: Match[str], today: date) -> Span:
    return _day(_months_back(today, 12 * number(found["n"])))


def _fixed_day(back: int) -> Reading:
    return lambda _found, today: _day(today - back * DAY)


def _last_days(_found: Match[str], today: date) -> Span:
    return Span(today - LATELY_DAYS * DAY, today - DAY, vague=True)


def _half_year_ago(_found: Match[str], today: date) -> Span:
    return _day(_months_back(today, 6))


def _today_of(found: Match[str], today: date) -> Span:
    """As "this time last year"."""
    return _day(_months_back(today, 12 * _ZH_YEARS.get(found["which"] or "", 1)))


def _part_of_year(found: Match[str], today: date) -> Span:
    """Two months at its beginning, in its middle or at its end; of the latest year in which they have begun."""
    part, which = found["part"], found["which"] or ""
    month = 1 if part in {"beginning", "start", "初"} else 6 if part in {"middle", "中"} else 11
    if which in _ZH_YEARS or which == "last":
        return _months(today.year - _ZH_YEARS.get(which, 1), month)
    this_year = _months(today.year, month)
    return this_year if this_year.first <= today else _months(today.year - 1, month)


def _months(year: int, month: int) -> Span:
    return Span(_month(year, month).first, _month(year, month + 1).last)


def _day_alone(found: Match[str], today: date) -> Span | None:
    """The latest day of that number: this month's, or the last one's where it is still to come."""
    day = number(found["day"])
    this_month = _date(today.year, today.month, day)
    if this_month and this_month.first <= today:
        return this_month
    last = _month(today.year, today.month - 1).first
    return _date(last.year, last.month, day)


def _past_units(found: Match[str], today: date) -> Span:
    """As "in the past three weeks"."""
    return Span(_back(today, number(found["n"]), found["unit"]).first, today)


_READINGS: tuple[tuple[re.Pattern[str], Reading], ...] = tuple(
    (re.compile(pattern), reading)
    for pattern, reading in (
        # A date in figures.
        (
            r"\b(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})\b",
            lambda found, _today: _date(int(found["year"]), int(found["month"]), int(found["day"])),
        ),
        # A day of a month by name.
        (
            rf"\b{_MONTH}\s+(?:the\s+)?{_DAY}\b(?:,?\s+(?:of\s+)?(?P<year>\d{{4}}))?",
            _named_day,
        ),
        (
            rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+(?:of\s+)?(?P<year>\d{{4}}))?",
            _named_day,
        ),
        (f"(?:{_ZH_YEAR}年|(?P<relative>今年|去年|前年|大前年)的?)?{_ZH_MONTH}月{_ZH_DAY}[号日]?", _zh_named_day),
        (f"(?P<back>上上|上|这|本)个?月的?{_ZH_DAY}[号日]", _zh_month_of_day),
        (f"{_ZH_N}年前的今天", _anniversary),
        # Feasts and seasons.
        *(
            (
                (
                    rf"(?:(?P<which>今年|去年|前年|大前年|this |last )的?)?(?:{names})"
                    rf"(?!月|班|路|中学|大街)(?:\s+(?:of\s+|in\s+)?(?P<year>\d{{4}}))?"
                ),
                _feast(make),
            )
            for names, make in _FEASTS.items()
        ),
        # Days of a week.
        (rf"\b{_N}\s+weeks?\s+ago,?\s+(?:on\s+)?{_WEEKDAY}\b", _weekday_of_week),
        (rf"\b{_WEEKDAY},?\s+{_N}\s+weeks?\s+ago\b", _weekday_of_week),
        (rf"\b{_WEEKDAY}\s+(?:of\s+)?last\s+week\b", _weekday_of_week),
        (rf"\blast\s+week,?\s+(?:on\s+)?{_WEEKDAY}\b", _weekday_of_week),
        (rf"\b(?:the\s+)?{_WEEKDAY}\s+before\s+last\b", _weekday_before_last),
        (rf"\b(?:(?P<which>last|this|past|previous|on)\s+){_WEEKDAY}\b", _weekday),
        (f"(?P<back>上上|上|这|本)个?{_ZH_WEEK}{_ZH_WEEKDAY}", _zh_weekday_of_week),
        (
            r"\b(?:the\s+)?(?P<which>last|this|past|previous)\s+weekend\b",
            lambda found, today: _weekend(today, 1 if found["which"] != "this" else 0),
        ),
        (rf"\b{_N}\s+{_WEEKDAY}s\s+ago\b", _weekdays_ago),
        (r"\bweekend\s+before\s+last\b", lambda _found, today: _weekend(today, 2)),
        ("(?P<back>上上|上|这|本)个?周末", lambda found, today: _weekend(today, _ZH_BACK[found["back"]])),
        # So long ago.
        (r"\bthe\s+(?:day|night)\s+before\s+(?:yesterday|last)\b", _fixed_day(2)),
        (r"\bhalf\s+a\s+year\s+ago\b|半年(?:以|之)?前", _half_year_ago),
        (r"\bthis\s+time\s+(?P<which>last)\s+year\b", _today_of),
        ("(?P<which>去年|前年|大前年)的?今[天日]", _today_of),
        (
            rf"\b{_N}\s+(?P<unit>day|night|week|month|year)s?\s+(?:ago|back|earlier)\b",
            lambda found, today: _back(today, number(found["n"]), found["unit"]),
        ),
        (r"\ba\s+fortnight\s+ago\b", _fixed_day(14)),
        (rf"\b(?:in|over|during)\s+the\s+(?:last|past)\s+{_N}\s+(?P<unit>day|week|month|year)s?\b", _past_units),
        (f"(?:最近|过去|这){_ZH_N}个?(?P<unit>天|{_ZH_WEEK}|月|年)(?!前)", _past_units),
        (
            f"{_ZH_N}个?(?P<unit>天|日|星期|周|礼拜|月|年)(?:以|之)?前",
            lambda found, today: _back(today, number(found["n"]), found["unit"]),
        ),
        ("大前[天日儿]", _fixed_day(3)),
        ("前[天日晚儿]", _fixed_day(2)),
        (r"\byesterday\b|\blast\s+(?:night|evening)\b|昨[天日晚儿]", _fixed_day(1)),
        # Weeks, months and years.
        (
            r"\b(?P<part>beginning|start|middle|end)\s+of\s+(?:the\s+|this\s+|(?P<which>last)\s+)year\b",
            _part_of_year,
        ),
        ("(?P<which>今年|去年|前年|大前年)?的?(?<!\\d)年(?P<part>初|中|底|末)", _part_of_year),
        (r"\bweek\s+before\s+last\b", lambda _found, today: _week(today, 2)),
        (r"\b(?P<which>last|this|past|previous)\s+week\b", lambda found, today: _week(today, _WHICH[found["which"]])),
        (f"(?P<back>上上|上|这|本)个?{_ZH_WEEK}", lambda found, today: _week(today, _ZH_BACK[found["back"]])),
        (
            (
                r"\b(?:(?P<part>early|mid|late|beginning|start|middle|end)\s+(?:of\s+|in\s+)?)?"
                r"(?P<which>last|this|past|previous)\s+month\b"
            ),
            lambda found, today: _part(_month(today.year, today.month - _WHICH[found["which"]]), found["part"] or ""),
        ),
        ("(?P<back>上上|上|这|本)个?月(?:的?(?P<part>初|中旬|中|底|末))?", _zh_month_of),
        (
            (
                rf"\b(?:(?P<part>{_PARTS})[\s-]+(?:of\s+|in\s+)?)?(?:(?P<which>last|this)\s+)?"
                rf"{_MONTH_ALONE}(?:\s+(?:of\s+)?(?P<year>\d{{4}}))?"
            ),
            _named_month,
        ),
        (
            f"(?:{_ZH_YEAR}年|(?P<relative>今年|去年|前年|大前年)的?)?{_ZH_MONTH}月份?(?![天兔饼亮球])(?P<part>初|中旬|中|底|末)?(?!\\w*前)",
            _zh_named_month,
        ),
        (
            "(?<![一二三四五六七八九十0-9上这本个])月(?P<part>初|中旬|底|末)",
            lambda found, today: _part(_month(today.year, today.month), found["part"]),
        ),
        (
            (
                r"(?:(?P<which>今年|去年|前年|大前年|last |this )的?|\bin\s+(?:the\s+)?)"
                rf"(?P<season>{'|'.join(_SEASONS)})"
                r"(?:\s+(?:of\s+)?(?P<year>\d{4}))?"
            ),
            _season,
        ),
        (rf"\b(?P<season>{'|'.join(_SEASONS)})\s+before\s+last\b", _season_before_last),
        (r"\byear\s+before\s+last\b", lambda _found, today: _year(today.year - 2)),
        (
            r"\b(?P<which>last|this|past|previous)\s+year\b",
            lambda found, today: _year(today.year - _WHICH[found["which"]]),
        ),
        ("前[几些]年|早几年|早些年", _past_years),
        ("大前年|前年|去年|今年", lambda found, today: _year(today.year - _ZH_YEARS[found[0]])),
        (
            rf"\b(?:in|during|since)\s+(?P<year>(?:19|20)\d\d)\b|{_ZH_YEAR.replace('year', 'zh')}年",
            lambda found, _today: _year(number(found["year"] or found["zh"])),
        ),
        (r"\b(?:the\s+other\s+day|lately|recently)\b|前几天|前些天|这几天|前阵子|前两天|最近", _last_days),
        (
            r"\b(?:today|tonight|this\s+(?:morning|afternoon|evening)|earlier\s+on|just\s+now)\b|今[天日早晚儿]|刚才|刚刚",
            _fixed_day(0),
        ),
        # A day of a month alone.
        (
            (
                rf"\bon\s+the\s+{_DAY.replace('(?:st|nd|rd|th)?', '(?:st|nd|rd|th)')}"
                r"(?![\w-]|\s+(?:floor|time|day|page|of|try))"
            ),
            _day_alone,
        ),
        (
            "(?<![\\d月一二三四五六七八九十第])(?P<day>3[01]|[12]\\d|[1-9])[号日](?!线|楼|门|店|院|机|馆|厅|桌|房|车|球|选|台|本|元|文|语)",
            _day_alone,
        ),
        # A weekday alone: the latest one.
        (
            "(?:星期|礼拜|周)(?P<weekday>[一二三四五六日天])(?![个次年月起边样点些\\w]*(?:乐队|乐团|餐厅|酒吧))(?![个次年月])",
            _zh_weekday_alone,
        ),
        (
            rf"{_NO_NAME}\b(?P<which>)?{_WEEKDAY}(?!'s\s+(?:is|was|has)\b)\b",
            _weekday,
        ),
    )
)
