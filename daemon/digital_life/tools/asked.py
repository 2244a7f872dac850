"""What was asked, without the courtesies around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digital_life import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digital_life.values import Transcript


def plain(heard: Transcript) -> str:
    """In lower case, without "um, could you please" before it and "thank you" behind it."""
    text = words.load(heard.language)
    said = heard.text.casefold().replace("’", "'").strip(words.AROUND)
    said = re.sub(rf"^(?:(?:{text.text('asked.before')})[\s,，、]*)+", "", said)
    said = re.sub(rf"(?:[\s,，、]*(?:{text.text('asked.behind')}))+$", "", said)
    return said.strip(words.AROUND)


def without(patterns: Iterable[str], said: str) -> tuple[re.Match[str] | None, str]:
    """The first of `patterns` that is found in `said`, and what is left of it."""
    found = next((each for each in (re.search(pattern, said) for pattern in patterns) if each), None)
    if not found:
        return None, said
    before, behind = said[: found.start()], said[found.end() :]
    joint = " " if before.endswith(" ") else ""
    return found, (before.rstrip() + joint + behind.lstrip()).strip(words.AROUND)
