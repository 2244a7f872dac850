"""In which language a page is answered."""

from __future__ import annotations

from digital_life.values import Language
from digital_life.words import LANGUAGES


def language_of(*, asked: str | None, cookie: str | None, accepted: str | None, otherwise: Language) -> Language:
    """The one of the address, else that of the cookie, else the browser's (Accept-Language), else that of the life."""
    for written in (asked, cookie, *_accepted(accepted or "")):
        for language in LANGUAGES:
            if (written or "").lower().partition("-")[0].strip() == language:
                return language
    return otherwise


def _accepted(header: str) -> list[str]:
    """The most wanted first."""
    weighed = []
    for each in header[:500].split(","):
        name, _, weight = each.partition(";")
        weighed.append((_weight(weight), name.strip()))
    return [name for wanted, name in sorted(weighed, key=lambda pair: -pair[0]) if wanted > 0]


def _weight(written: str) -> float:
    _, _, number = written.partition("q=")
    try:
        return min(1.0, max(0.0, float(number))) if number else 1.0
    except ValueError:
        return 0.0
