"""What was asked, without the courtesies around it."""

from __future__ import annotations

import functools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from digital_life import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from digital_life.values import Language, Transcript

_CLAUSES = re.compile(r"(?<!\d)[,.;!?，。；！？]+(?!\d)")


def plain(heard: Transcript) -> str:
    """In lower case, without "um, could you please" before it and "thank you" behind it."""
    return _bare(heard.text, heard.language).casefold()


def readings(heard: Transcript) -> Iterator[Transcript]:
    """What was said, the same without courtesies, and its first clause: "Stop the timer, it's done"."""
    bare = _bare(heard.text, heard.language)
    said = (heard.text, bare, _bare(_CLAUSES.split(bare)[0], heard.language))
    return (replace(heard, text=each) for each in dict.fromkeys(said) if each)


def _bare(said: str, language: Language) -> str:
    before, behind = _courtesies(language)
    plain = said.replace("’", "'").strip(words.AROUND)
    return behind.sub("", before.sub("", plain)).strip(words.AROUND)


@functools.cache
def _courtesies(language: Language) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Before what is asked, and behind it."""
    text = words.load(language)
    before, behind = text.text("asked.before"), text.text("asked.behind")
    return (
        re.compile(rf"^(?:(?:{before})[\s,，、]*)+", re.IGNORECASE),
        re.compile(rf"(?:[\s,，、]*(?:{behind}))+$", re.IGNORECASE),
    )


def without(patterns: Iterable[str], said: str) -> tuple[re.Match[str] | None, str]:
    """The first of `patterns` that is found in `said`, and what is left of it."""
    found = next((each for each in (re.search(pattern, said) for pattern in patterns) if each), None)
    if not found:
        return None, said
    before, behind = said[: found.start()], said[found.end() :]
    joint = " " if before.endswith(" ") else ""
    return found, (before.rstrip() + joint + behind.lstrip()).strip(words.AROUND)
