"""Which talk a person means who names none by its day: the first of all, or the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from digital_life import words

if TYPE_CHECKING:
    import re

Occasion = Literal["first", "last"]
OCCASIONS: tuple[Occasion, ...] = ("first", "last")


def find(question: str) -> Occasion | None:
    """In whatever language; None when it names neither."""
    return next((which for which in OCCASIONS if _found(which, question)), None)


def without(question: str) -> str:
    """`question` without the words that `find` reads."""
    found = next(filter(None, (_found(which, question) for which in OCCASIONS)), None)
    return question[: found.start()] + question[found.end() :] if found else question


def _found(which: Occasion, question: str) -> re.Match[str] | None:
    found = (words.load(language).search(f"recall.{which}-talk", question) for language in words.LANGUAGES)
    return next(filter(None, found), None)
