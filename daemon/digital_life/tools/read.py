"""Texts of one's own, read aloud."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Annotated

from digital_life import words
from digital_life.errors import ToolError
from digital_life.tool import Arguments, Outcome, Tool
from digital_life.tools.asked import plain
from digital_life.values import Transcript

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digital_life.ports import Documents

CHARACTERS = {"en": 3_000, "zh": 900}
"""What is read at once: three minutes and a half."""
LIKE = 0.6
"""From so much likeness on, 0 to 1, a name is what was said: a recogniser writes it as it sounds."""


def tools(documents: Documents) -> tuple[Tool, ...]:
    async def read_aloud(heard: Transcript, *, path: Annotated[str, "name of the text"]) -> Outcome:
        """Read one of the user's own text files aloud."""
        text = words.load(heard.language)
        name = nearest(path, await documents.names())
        if name is None:
            raise ToolError("document-missing", name=path)
        document = await documents.read(name, characters=CHARACTERS[heard.language])
        if not document.text.strip():
            return Outcome(said=text.text("read.empty", name=_stem(name)))
        key = "read.whole" if document.whole else "read.beginning"
        return Outcome(said=text.text(key, name=_stem(name), text=document.text.strip()))

    return (Tool.of(read_aloud, name="read", read=read, guess=lambda heard: {"path": plain(heard)}, acts=False),)


def read(heard: Transcript) -> Arguments | None:
    found = words.load(heard.language).match("read.asked", plain(heard))
    return {"path": found["path"].strip(words.AROUND)} if found else None


def nearest(said: str, names: Iterable[str]) -> str | None:
    """The name that `said` is or sounds like; None when it is like none of them."""
    wanted = _letters(said)
    scored = [
        (max(_likeness(wanted, each) for each in (_letters(_stem(name)), _letters(name))), name) for name in names
    ]
    score, best = max(scored, default=(0.0, ""), key=lambda each: each[0])
    return best if score >= LIKE else None


def _likeness(wanted: str, name: str) -> float:
    return difflib.SequenceMatcher(None, wanted, name, autojunk=False).ratio()


def _stem(name: str) -> str:
    """What a person calls it: neither its folder nor its kind."""
    return name.rpartition("/")[2].rpartition(".")[0]


def _letters(name: str) -> str:
    return "".join(re.findall(r"\w+", name.casefold().replace("_", " ")))
