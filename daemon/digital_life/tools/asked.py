"""What was asked, without the courtesies around it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from digital_life import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from digital_life.values import Transcript
    from digital_life.words import Words

_CLAUSES = re.compile(r"(?<!\d)[,.;!?，。；！？]+(?!\d)")


def plain(heard: Transcript) -> str:
    """In lower case, without "um, could you please" before it and "thank you" behind it."""
    return _bare(heard.text, words.load(heard.language)).casefold()


def readings(heard: Transcript) -> Iterator[Transcript]:
    """What was said, the same without courtesies, and its first clause: "Stop the timer, it's done"."""
    text = words.load(heard.language)
    bare = _bare(heard.text, text)
    said = (heard.text, bare, _bare(_CLAUSES.split(bare)[0], text))
    return (replace(heard, text=each) for each in dict.fromkeys(said) if each)


def _bare(said: str, text: Words) -> str:
    said = said.replace("’", "'").strip(words.AROUND)
    said = re.sub(rf"^(?:(?:{text.text('asked.before')})[\s,，、]*)+", "", said, flags=re.IGNORECASE)
    said = re.sub(rf"(?:[\s,，、]*(?:{text.text('asked.behind')}))+$", "", said, flags=re.IGNORECASE)
    return said.strip(words.AROUND)


def without(patterns: Iterable[str], said: str) -> tuple[re.Match[str] | None, str]:
    """The first of `patterns` that is found in `said`, and what is left of it."""
    found = next((each for each in (re.search(pattern, said) for pattern in patterns) if each), None)
    if not found:
        return None, said
    before, behind = said[: found.start()], said[found.end() :]
    joint = " " if before.endswith(" ") else ""
    return found, (before.rstrip() + joint + behind.lstrip()).strip(words.AROUND)
