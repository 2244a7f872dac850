"""Lists of things, such as the shopping list: the tool `list`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Literal

from digital_life import words
from digital_life.errors import MemoryFileError, ToolError
from digital_life.ports import ListsFile
from digital_life.tool import Outcome
from digital_life.values import Language, Transcript
from digital_life.words import Words

USUAL = "shopping"
"""The list that is meant where none is named."""
Doing = Literal["add", "remove", "show", "clear"]


class Lists:
    """Each list has one name in the file, in whatever language it is spoken of."""

    def __init__(self, file: ListsFile) -> None:
        self._file = file

    async def change(
        self,
        heard: Transcript,
        *,
        action: Annotated[Doing, "what to do with it"],
        what: Annotated[str, "the things"] = "",
        name: Annotated[str, "which list; empty: shopping"] = "",
    ) -> Outcome:
        """Add to, remove from, show or clear a list, such as the shopping list."""
        text = words.load(heard.language)
        name = known_as(name, heard.language)
        said = things(what, heard.language)
        if action in {"add", "remove"} and not said:
            raise ToolError("list-nothing-said")
        try:
            items = (await self._file.lists()).get(name, ())
            match action:
                case "add":
                    return await self._add(name, items, said, text)
                case "remove":
                    return await self._remove(name, items, said, text)
                case "clear":
                    return await self._clear(name, items, text)
                case "show":
                    return _told("shown" if items else "empty", name, items, text)
        except MemoryFileError as error:
            raise ToolError("agenda-not-kept", cause=error) from error

    async def _add(self, name: str, items: Sequence[str], said: Sequence[str], text: Words) -> Outcome:
        await self._file.keep_list(name, [*items, *_without(said, items)])
        return _told("added", name, said, text)

    async def _remove(self, name: str, items: Sequence[str], said: Sequence[str], text: Words) -> Outcome:
        left = _without(items, said)
        gone = [each for each in items if each not in left]
        if not gone:
            return _told("lacks", name, said, text)
        await self._file.keep_list(name, left)
        return _told("removed", name, gone, text)

    async def _clear(self, name: str, items: Sequence[str], text: Words) -> Outcome:
        if items:
            await self._file.keep_list(name, ())
        return _told("empty", name, (), text)


def known_as(name: str, language: Language) -> str:
    """The name of the list in the file."""
    said = name.casefold().strip(words.AROUND)
    patterns = words.load(language).pairs("agenda.list-known")
    return next((key for key, pattern in patterns if re.fullmatch(pattern, said)), said or USUAL)


def things(what: str, language: Language) -> list[str]:
    """Three, of "milk, the eggs and bread"."""
    text = words.load(language)
    parts = re.split(text.text("agenda.list-between"), what)
    plain = (re.sub(text.text("agenda.list-article"), "", each.strip(words.AROUND)) for each in parts)
    return [each for each in plain if each]


def joined(items: Sequence[str], text: Words) -> str:
    """As a person tells them."""
    *first, last = items or ("",)
    return text.text("agenda.list-and").join(filter(None, (text.text("agenda.list-comma").join(first), last)))


def _told(what: str, name: str, items: Sequence[str], text: Words) -> Outcome:
    spoken = dict(text.pairs("agenda.list-names")).get(name) or text.text("agenda.list-name", name=name)
    return Outcome(said=text.text(f"agenda.list-{what}", name=spoken, items=joined(items, text)))


def _without(items: Sequence[str], others: Sequence[str]) -> list[str]:
    """Large and small letters alike."""
    gone = {each.casefold() for each in others}
    return [each for each in items if each.casefold() not in gone]
