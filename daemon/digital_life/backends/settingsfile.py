"""The user's settings file, changed without losing a comment."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.container import Container
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, Comment, InlineTable, Item, Table, Trivia, Whitespace

from digital_life import config
from digital_life.errors import ConfigError
from digital_life.keys import Kept
from digital_life.malformed import WRITTEN
from digital_life.worker import Worker

NONE = "none"
"""Etag of a file that is not there."""
PRIVATE = 0o600
"""Mode of a new file: what somebody says of themselves is for nobody else."""
Holder = Table | InlineTable | Container


class SettingsFile:
    def __init__(self, path: Path, *, worker: Worker) -> None:
        self.path = path
        """Need not be there: the first change makes it."""
        self._worker = worker

    async def read(self) -> Kept:
        """What it says now. Raises ConfigError."""
        return await self._worker.run(lambda: read(self.path))

    async def write(self, changes: Mapping[str, object], *, etag: str | None = None) -> Kept:
        """Change those keys, None: as if the file did not name it. Nothing is written unless all of it can be.

        With `etag` it is refused when the file is not the one that was read. Raises ConfigError.
        """
        return await self._worker.run(lambda: write(self.path, changes, etag=etag))


def read(path: Path) -> Kept:
    content = _content(path)
    return Kept(_table(content, path), _etag(content), writable=_writable(path))


def write(path: Path, changes: Mapping[str, object], *, etag: str | None = None) -> Kept:
    path = path.resolve()  # where it is a link, what it leads to is written
    before = _content(path)
    kept = _etag(before)
    if etag not in {None, kept}:
        raise ConfigError("settings-changed", path=path)
    wanted = _table(before, path)
    for key, value in changes.items():
        _put(wanted, key.split("."), value)
    meant = config.from_table(wanted, where=str(path))
    after = _edited(before, changes, path)
    # What was made of an unusual file is believed only when it says exactly what was meant.
    if config.from_table(_table(after, path), where=str(path)) != meant:
        raise ConfigError("settings-form", path=path, keys=", ".join(changes))
    if after != (before or b""):
        _replace(path, after, unless_changed_from=kept)
    return read(path)


def changed(text: str, changes: Mapping[str, object]) -> str:
    """The same file with those keys, None: without; comments, order and blank lines stay."""
    for key, value in changes.items():
        # Read anew for each: a document whose lines were moved no longer knows where its keys are.
        text = _changed(text, key.split("."), value)
    return text


def _changed(text: str, path: list[str], value: object) -> str:
    *parents, name = path
    document = tomlkit.parse(text)
    tables = list(_tables(document, parents))
    holder = next((each for each in tables if name in each), None)
    records = isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)
    if holder is not None and value is None:
        _remove(holder, name)
        _remove_emptied(document, parents)
    elif holder is not None:
        _set(holder, name, value)
    elif value is not None:
        written = [each for each in tables if not _is_implied(each)]
        if records or not written:
            return _with_table(text, path, value)
        _add(written[-1], name, value)
    return document.as_string()


def _tables(container: Holder, parents: Sequence[str]) -> Iterator[Holder]:
    """Every place where that table is written: TOML lets a table be continued further down."""
    if not parents:
        yield container
        return
    for key, item in _body(container):
        if key is not None and key.key == parents[0] and isinstance(item, Table | InlineTable):
            yield from _tables(item, parents[1:])


def _is_implied(holder: Holder) -> bool:
    """Whether only the heads of tables within it are written, as [llm.server] alone."""
    if not (isinstance(holder, Table) and holder.is_super_table()):
        return False
    return not any(key is not None and key.is_dotted() for key, _ in _body(holder)) and all(
        isinstance(item, Table | AoT) for key, item in _body(holder) if key is not None
    )


def _body(holder: Holder) -> list[Any]:
    """Its lines: pairs of a key, None for a comment or blank line, and what stands there."""
    return holder.body if isinstance(holder, Container) else holder.value.body


def _add(holder: Holder, name: str, value: object) -> None:
    """Below its last key, above the comments that belong to what follows."""
    holder[name] = _item(value)
    body = _body(holder)
    at = next(n for n, (key, _) in enumerate(body) if key is not None and key.key == name)
    above = at
    while above and body[above - 1][0] is None:
        above -= 1
    if 0 < above < at:  # comments below the head of a table without keys belong to that
        body.insert(above, body.pop(at))


def _set(holder: Holder, name: str, value: object) -> None:
    old = holder[name]
    if isinstance(value, Mapping) and isinstance(old, Table):
        _update(old, value)
    elif isinstance(value, list) and isinstance(old, AoT):
        _set_records(holder, name, value)
    elif not _same(old, value):
        holder[name] = _item(value, lines=isinstance(old, Array) and "\n" in old.as_string())


def _update(table: Table, value: Mapping[str, object]) -> None:
    for gone in [each for each in table if each not in value]:
        _remove(table, gone)
    for name, written in value.items():
        if name not in table:
            table[name] = _item(written)
        else:
            _set(table, name, written)


def _set_records(holder: Holder, name: str, records: list[Mapping[str, object]]) -> None:
    """[[tables]] that go on keep their comments."""
    tables = holder[name]
    called = [_called(each) for each in records]
    for at in reversed(range(len(tables))):
        if _called(tables[at]) not in called:
            del tables[at]
    while len(tables) > len(records):
        del tables[-1]
    for table, record in zip(tables, records, strict=False):
        _update(table, record)
    for record in records[len(tables) :]:
        tables.append(_item_table(record))
    if not records:
        del holder[name]


def _called(record: Mapping[str, object]) -> object:
    """What tells one record from another: its name or its file."""
    return record.get("name") or record.get("model") or record.get("path")


def _remove(holder: Holder, name: str) -> None:
    """The line goes; a comment at its end stays where it was."""
    item = holder[name]
    comment = item.trivia.comment if isinstance(item, Item) and not isinstance(item, AoT | Table) else ""
    if not comment:
        del holder[name]
        return
    body = _body(holder)
    at = next(n for n, (key, _) in enumerate(body) if key is not None and key.key == name)
    body[at] = (None, Comment(Trivia(item.trivia.indent, "", comment, item.trivia.trail)))


def _remove_emptied(document: tomlkit.TOMLDocument, parents: list[str]) -> None:
    """A head under which nothing stands any more."""
    for depth in range(len(parents), 0, -1):
        for outer in list(_tables(document, parents[: depth - 1])):
            for key, item in _body(outer):
                if key is not None and key.key == parents[depth - 1] and isinstance(item, Table) and _is_empty(item):
                    _drop(outer, key, item)


def _is_empty(table: Table) -> bool:
    return all(key is None and not isinstance(item, Comment) for key, item in table.value.body)


def _drop(outer: Holder, key: object, table: Table) -> None:
    """With the blank line above it."""
    body = _body(outer)
    at = next(n for n, (each, item) in enumerate(body) if each is key and item is table)
    body[at] = (None, Whitespace(""))
    _trim(body[:at])


def _trim(body: list[Any]) -> None:
    """Without the blank lines at its end."""
    while body and isinstance(body[-1][1], Whitespace):
        body.pop()
    last = body[-1][1] if body else None
    if isinstance(last, Table):
        _trim(last.value.body)
    elif isinstance(last, AoT):
        _trim(last[-1].value.body)


def _with_table(text: str, path: list[str], value: object) -> str:
    """A table of its own at the end of the file: nothing that stands there is moved."""
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        heads = [(f"[[{'.'.join(path)}]]", record) for record in value]
    else:
        heads = [(f"[{'.'.join(path[:-1])}]", {path[-1]: value})]
    for head, table in heads:
        apart = "" if not text else "\n" if text.endswith("\n") else "\n\n"
        text += f"{apart}{head}\n{_item_table(table).as_string()}"
    return text


def _item(value: object, *, lines: bool = False) -> Item:
    """`lines`: a list is written an entry a line."""
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        for name, each in value.items():
            table[name] = _item(each)
        return table
    if isinstance(value, list):
        array = tomlkit.array()
        array.extend([_item(each) for each in value])
        return array.multiline(lines or any(isinstance(each, Mapping) for each in value))
    return tomlkit.item(value)


def _item_table(record: Mapping[str, object]) -> Table:
    table = tomlkit.table()
    for name, value in record.items():
        table[name] = _item(value)
    return table


def _same(old: object, value: object) -> bool:
    plain = old.unwrap() if isinstance(old, Item) else old
    return plain == value and isinstance(plain, bool) == isinstance(value, bool)


def _edited(before: bytes | None, changes: Mapping[str, object], path: Path) -> bytes:
    try:
        return changed((before or b"").decode(), changes).encode()
    except (TOMLKitError, TypeError, ValueError, KeyError, StopIteration, RecursionError) as error:
        raise ConfigError("settings-form", path=path, keys=", ".join(changes)) from error


def _put(table: dict[str, Any], path: list[str], value: object) -> None:
    *parents, name = path
    for parent in parents:
        table = table.setdefault(parent, {})
    if value is None:
        table.pop(name, None)
    else:
        table[name] = value


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError("config-unreadable", path=path, cause=error) from error


def _table(content: bytes | None, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads((content or b"").decode())
    except WRITTEN as error:
        raise ConfigError("config-unreadable", path=path, cause=error) from error


def _etag(content: bytes | None) -> str:
    return NONE if content is None else hashlib.sha256(content).hexdigest()


def _writable(path: Path) -> bool:
    """Whether it, or a new one in its place, can be written."""
    path = path.resolve()
    folder = next(each for each in path.parents if each.exists())
    return os.access(folder, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def _replace(path: Path, content: bytes, *, unless_changed_from: str) -> None:
    """All of it or nothing, whenever the power goes."""
    if not _writable(path):
        raise ConfigError("settings-unwritable", path=path, cause=os.strerror(13))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        fresh = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                os.fchmod(file.fileno(), path.stat().st_mode & 0o7777 if path.exists() else PRIVATE)
                file.flush()
                os.fsync(file.fileno())
            if _etag(_content(path)) != unless_changed_from:
                raise ConfigError("settings-changed", path=path)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
        _sync(path.parent)
    except OSError as error:
        raise ConfigError("settings-unwritable", path=path, cause=error) from error


def _sync(folder: Path) -> None:
    """That it has another file now, too."""
    with contextlib.suppress(OSError):  # not every file system lets a folder be opened
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
