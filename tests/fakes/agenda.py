"""A file for the agenda that lies in memory, and a voice that announces to the test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from digital_life.errors import MemoryFileError
from digital_life.tool import Arguments, Tool
from digital_life.values import Entry, Granted, Language, Recall, Transcript, Unasked


class FakeAgendaFile:
    """An AgendaFile and a ListsFile; while it is `broken`, nothing can be written."""

    def __init__(self, *entries: Entry) -> None:
        self.broken = False
        self.kept: dict[int, Entry] = {}
        self._lists: dict[str, tuple[str, ...]] = {}
        self._numbers = 0
        self._put(entries)

    async def entries(self) -> tuple[Entry, ...]:
        return tuple(self.kept.values())

    async def keep(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        self._check()
        return self._put(entries)

    async def drop(self, numbers: Iterable[int]) -> None:
        self._check()
        for each in numbers:
            self.kept.pop(each, None)

    async def lists(self) -> Mapping[str, tuple[str, ...]]:
        return dict(self._lists)

    async def keep_list(self, name: str, items: Sequence[str]) -> None:
        self._check()
        self._lists[name] = tuple(items)
        if not items:
            del self._lists[name]

    def _put(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        put = []
        for each in entries:
            if not each.number:
                self._numbers += 1
            put.append(each if each.number else replace(each, number=self._numbers))
            if not each.number or each.number in self.kept:
                self.kept[put[-1].number] = put[-1]
        return tuple(put)

    def _check(self) -> None:
        if self.broken:
            raise MemoryFileError("life-failed", path="life.db", cause="it was told to")


class FakeAnnouncing:
    """Notes what it is to say; somebody acknowledges when the test says so."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.rang: list[bool] = []
        self.whole = True
        """Whether all of it is heard."""
        self.acknowledged: Callable[[], None] | None = None
        self.rooms: list[tuple[str, int]] = []
        """Where each was asked for, and how often it was said in vain."""

    async def free(self, *, room: str = "") -> None:
        pass

    async def announce(
        self,
        text: str,
        language: Language,  # noqa: ARG002 - the port
        *,
        ring: bool,
        acknowledged: Callable[[], None] | None = None,
        room: str = "",
        again: int = 0,
    ) -> bool:
        self.said.append(text)
        self.rang.append(ring)
        self.rooms.append((room, again))
        self.acknowledged = acknowledged
        return self.whole

    def acknowledge(self) -> None:
        if self.acknowledged:
            self.acknowledged()


class FakeOpenings:
    """Has the given diaries."""

    def __init__(self, *pages: Recall) -> None:
        self._pages = pages
        self.notes: list[Unasked] = []

    async def pages(self) -> tuple[Recall, ...]:
        return self._pages

    async def unasked(self) -> tuple[Unasked, ...]:
        return tuple(self.notes)

    async def note_unasked(self, note: Unasked) -> None:
        self.notes.append(note)


class ToolWishes:
    """Wishes that are granted by tools: what the mind does with what they read, and nothing more."""

    def __init__(self, tools: Sequence[Tool]) -> None:
        self._tools = tools

    def concern(self, wish: Transcript) -> bool:
        return self._read(wish) is not None

    async def grant(self, wish: Transcript) -> Granted | None:
        read = self._read(wish)
        if read is None:
            return None
        tool, arguments = read
        return Granted((await tool.run(wish, **tool.validated(arguments))).said)

    def _read(self, wish: Transcript) -> tuple[Tool, Arguments] | None:
        for tool in self._tools:
            arguments = tool.read(wish) if tool.read else None
            if arguments is not None:
                return tool, arguments
        return None
