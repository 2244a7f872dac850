"""What the web says about something."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Annotated

from digital_life import words
from digital_life.errors import ToolError
from digital_life.tool import Arguments, Outcome, Tool
from digital_life.tools.asked import plain
from digital_life.values import Transcript

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digital_life.ports import WebSearch
    from digital_life.tools.permission import Permission
    from digital_life.values import WebPage
    from digital_life.words import Words

PAGES = 3
TOKENS = 120
"""What the language model is given at most: a small one reads slowly, and more confuses it."""
LETTERS = 4
"""Of an alphabet make a token; a digit or a Chinese character is one."""


def tools(web: WebSearch | None, permission: Permission) -> tuple[Tool, ...]:
    """`web` is None where no address of one is set."""

    async def search(heard: Transcript, *, what: Annotated[str, "what to look up, in a few words"]) -> Outcome:
        """Look something up on the web: news, prices, opening hours, what changes."""
        if web is None:
            raise ToolError("search-no-address")

        async def ask() -> Outcome:
            text = words.load(heard.language)
            pages = await web.search(what, heard.language)
            found = told(pages, text)
            return Outcome(found=found) if found else Outcome(said=text.text("search.nothing", what=what))

        return await permission.through("search", heard, ask)

    # It acts: what goes out to the internet cannot be taken back, so never on suspicion.
    return (Tool.of(search, read=read, guess=lambda heard: {"what": plain(heard)}, guests=True),)


def read(heard: Transcript) -> Arguments | None:
    found = words.load(heard.language).match("search.asked", plain(heard))
    return {"what": found["what"].strip(words.AROUND)} if found else None


def told(pages: Iterable[WebPage], text: Words) -> str:
    """The best of them, each with its site, as much as the language model can take."""
    useful = [each for each in pages if each.title or each.snippet][:PAGES]
    room = TOKENS // max(1, len(useful))
    return "\n".join(_cut(_line(each, text), room) for each in useful)


def tokens(char: str) -> float:
    """How much of a token `char` is, about."""
    return 1 / LETTERS if char.isascii() and not char.isdigit() else 1


def _line(page: WebPage, text: Words) -> str:
    site = page.site.removeprefix("www.")
    return text.text("search.page", site=site, title=_clean(page.title), snippet=_clean(page.snippet)).strip()


def _clean(marked: str) -> str:
    """Without tags, addresses and white space; control characters would end the message to the model."""
    plainly = re.sub(r"<[^<>]*>|https?://\S+|<\|[^|]*\|>", " ", html.unescape(marked))
    return " ".join("".join(each if each.isprintable() else " " for each in plainly).split())


def _cut(line: str, room: int) -> str:
    """At most `room` tokens of it, ending with a whole word."""
    taken = 0.0
    for at, char in enumerate(line):
        taken += tokens(char)
        if taken > room:
            cut = line[:at]
            return (cut.rpartition(" ")[0] if char.isascii() and " " in cut else cut) + " …"
    return line
