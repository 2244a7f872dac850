"""Whether it says something by itself, and what: rarely, and only to somebody who is surely there."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from digital_life import words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from digital_life.config import Proactive as Settings
    from digital_life.values import Recall, Unasked


def may_speak(now: datetime, away: timedelta | None, said: Sequence[Unasked], settings: Settings) -> bool:
    """Whether the person, who has just spoken after so long, may be spoken to. `away` is None when nobody knows."""
    today = sum(each.at.date() == now.date() for each in said)
    long_away = away is None or away >= timedelta(hours=settings.absence_hours)
    return long_away and today < settings.a_day


def open_page(pages: Sequence[Recall], said: Sequence[Unasked]) -> Recall | None:
    """The first of these diaries that left something open and was not asked about yet."""
    asked = {each.diary for each in said}
    return next((each for each in pages if each.ref not in asked and _is_open(each.text)), None)


def title(page: Recall) -> str:
    return page.text.partition("\n")[0].rstrip(words.AROUND)


def _is_open(text: str) -> bool:
    """In whatever language it was written."""
    patterns = (each for language in words.LANGUAGES for each in words.load(language).texts("proactive.open"))
    return any(re.search(each, text, re.IGNORECASE) for each in patterns)
