"""A life in one checked archive, to be carried or kept elsewhere: what it remembers, and what was set for it."""

from __future__ import annotations

import hashlib
import io
import json
import re
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from digital_life.errors import MemoryFileError
from digital_life.malformed import PACKED
from digital_life.memory import lifefile, schema, sealing
from digital_life.memory.copies import LIFE, SUFFIXES, used
from digital_life.memory.store import Store
from digital_life.seal import AGE, DamagedError, Seal, opened, shut

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from digital_life.ports import Embedder

FORMAT = "digital-life"
VERSION = 2
"""2: there may be more files than the life and its settings."""
MANIFEST = "manifest.json"
SETTINGS = "digital-life.toml"
SMALL = (
    SETTINGS,
    "devices.toml",
    "people.json",
    "calibration.toml",
    "consents.toml",
    "introduced",
    "persona",
    "volume",
)
"""Files of the home folder that a person would miss."""
MIB = 1 << 20
LARGEST = {MANIFEST: MIB, LIFE: 2048 * MIB} | dict.fromkeys(SMALL, MIB)
"""Bytes of each, unpacked."""
OTHER_LIFE = re.compile(r"lives/[^./\\\s][^/\\]*/life\.db")
"""That of a persona with a memory of its own."""
PASSPHRASE = re.compile(re.escape(AGE) + rb"v1\n-> scrypt ")
"""What an archive begins with that a pass phrase encrypts; one of a sealed life's backups names another way."""
HEAD = 64
"""Bytes that tell it."""
SEALED = frozenset({"people.json"})
"""Of the small files those that tell of somebody: the others have to be read before there is a key, or hold no word."""

DAMAGES = (*PACKED, msgspec.DecodeError)
"""What reading an archive may raise that somebody else packed, or that suffered on its way."""


class _File(msgspec.Struct, frozen=True):
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: str
    version: int
    schema: int
    """Of the life's file."""
    written: str
    files: dict[str, _File]


def write(
    life: Path, settings: Path, target: Path, now: datetime, *, passphrase: str = "", seal: Seal | None = None
) -> None:
    """Write the archive at `target`, whole or not at all; encrypted where there is a pass phrase.

    `life` is a copy of the life's file, and `seal` its key; `settings` need not be there. Raises MemoryFileError.
    """
    files = {LIFE: life, SETTINGS: settings} if settings.is_file() else {LIFE: life}
    write_files(files, target, now, passphrase=passphrase, seal=seal)


def write_files(
    files: Mapping[str, Path],
    target: Path,
    now: datetime,
    *,
    passphrase: str = "",
    seal: Seal | None = None,
    shut_with: Seal | None = None,
) -> None:
    """The same of several files, each by its name within the home folder.

    In the archive they lie as they are without the key; `shut_with` shuts it where there is no pass phrase.
    """
    unfinished = target.with_name(target.name + ".part")
    try:
        packed = _pack({name: _content(path, seal) for name, path in files.items()}, now)
        unfinished.write_bytes(sealing.seal(packed, passphrase) if passphrase else shut(packed, shut_with))
        unfinished.replace(target)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise MemoryFileError("archive-unwritable", path=target, cause=error) from error


def _content(path: Path, seal: Seal | None) -> bytes:
    return lifefile.plain(path, seal=seal) if path.name == LIFE else opened(path.read_bytes(), seal, path)


def asks_passphrase(path: Path) -> bool:
    """Whether it is encrypted, and not with the key of a life."""
    return PASSPHRASE.match(_bytes(path, HEAD)) is not None


def is_encrypted(path: Path) -> bool:
    return _bytes(path, len(AGE)) == AGE


def is_archive(path: Path) -> bool:
    """Whether it looks like one of ours rather than like another program's memory."""
    return _bytes(path, 8).startswith((b"PK", AGE[:8]))


def read(path: Path, *, passphrase: str = "", seal: Seal | None = None) -> dict[str, bytes]:
    """The files of the archive, each as it was written. Raises MemoryFileError when anything is not right."""
    packed = _unsealed(path, passphrase, seal)
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            manifest = msgspec.json.decode(_unpacked(archive, MANIFEST), type=Manifest)
            contents = {name: _unpacked(archive, name) for name in manifest.files if _most(name)}
    except DAMAGES as error:
        raise MemoryFileError("archive-damaged", path=path) from error
    _check(manifest, contents, path)
    return contents


def _unsealed(path: Path, passphrase: str, seal: Seal | None) -> bytes:
    packed = _bytes(path)
    if not packed.startswith(AGE):
        return packed
    try:
        return sealing.unseal(packed, passphrase) if PASSPHRASE.match(packed) else opened(packed, seal, path)
    except sealing.WrongPassphraseError as error:
        raise MemoryFileError("archive-locked", path=path) from error
    except sealing.SlowError as error:
        raise MemoryFileError("archive-slow", path=path) from error
    except (sealing.DamagedError, DamagedError) as error:
        raise MemoryFileError("archive-damaged", path=path) from error
    except MemoryFileError as error:
        raise MemoryFileError("archive-other-key", path=path) from error


def _unpacked(archive: zipfile.ZipFile, name: str) -> bytes:
    """Raises BadZipFile for more than there may be: a small file can be packed from any size."""
    if archive.getinfo(name).file_size > _most(name):
        raise zipfile.BadZipFile(name)
    return archive.read(name)


def _most(name: str) -> int:
    """Bytes that a file of this name may have, unpacked; 0: it is none of ours, and has no place here."""
    return LARGEST[LIFE] if OTHER_LIFE.fullmatch(name) else LARGEST.get(name, 0)


def unpack(
    contents: dict[str, bytes],
    home: Path,
    embedder: Embedder,
    now: datetime,
    source: Path,
    *,
    seal: Seal | None = None,
) -> list[Path]:
    """Put the life of an archive into `home`; what was there keeps its bytes beside it. Returns where that lies.

    With a key it is sealed before it reaches the disk. Nothing is changed when the life in the archive cannot be
    opened. Raises MemoryFileError.
    """
    with used(home, alone=True), tempfile.TemporaryDirectory(dir=home) as folder:
        arrived = Path(folder)
        for name, data in contents.items():
            path = arrived / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.name == LIFE:
                lifefile.write(data, path, seal=seal)
                _prove(path, embedder, source, seal)
            else:
                path.write_bytes(shut(data, seal) if name in SEALED else data)
        return _swap(arrived, home, contents, now)


def _prove(life: Path, embedder: Embedder, source: Path, seal: Seal | None) -> None:
    """Raises MemoryFileError where it cannot be opened and read to its end."""
    with Store.open(life, embedder, seal=seal) as opened_life:  # migrates an older one
        if not opened_life.is_sound():
            raise MemoryFileError("archive-damaged", path=source)
        opened_life.scrub()


def _swap(arrived: Path, home: Path, names: Iterable[str], now: datetime) -> list[Path]:
    """All of them take their places, or none does. Returns where lies what was there."""
    moved: list[tuple[Path, Path]] = []
    placed: list[Path] = []
    try:
        for name in names:
            place = home / name
            place.parent.mkdir(parents=True, exist_ok=True)
            _put_aside(place, now, moved)
            (arrived / name).replace(place)
            placed.append(place)
    except OSError as error:
        for place in placed:
            place.unlink()
        for former, aside in reversed(moved):
            aside.replace(former)
        raise MemoryFileError("archive-unwritable", path=home, cause=error) from error
    return [aside for _, aside in moved]


def _pack(contents: dict[str, bytes], now: datetime) -> bytes:
    manifest = Manifest(
        format=FORMAT,
        version=VERSION,
        schema=schema.NEWEST,
        written=now.isoformat(),
        files={name: _File(len(data), hashlib.sha256(data).hexdigest()) for name, data in contents.items()},
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=2))
        for name, data in contents.items():
            archive.writestr(name, data)
    return packed.getvalue()


def _check(manifest: Manifest, contents: dict[str, bytes], path: Path) -> None:
    if manifest.format != FORMAT or LIFE not in contents:
        raise MemoryFileError("archive-foreign", path=path)
    if manifest.version > VERSION or manifest.schema > schema.NEWEST:
        raise MemoryFileError("archive-newer", path=path)
    for name, file in manifest.files.items():
        data = contents.get(name, b"")
        if len(data) != file.size or hashlib.sha256(data).hexdigest() != file.sha256:
            raise MemoryFileError("archive-damaged", path=path)


def _put_aside(path: Path, now: datetime, moved: list[tuple[Path, Path]]) -> None:
    """What lies at `path` keeps its bytes beside it; `moved` is told from where to where."""
    for suffix in SUFFIXES:
        old = path.with_name(path.name + suffix)
        if old.exists():
            new = path.with_name(f"{path.stem}-before-{now:%Y%m%d-%H%M%S}{path.suffix}{suffix}")
            old.rename(new)
            moved.append((old, new))


def _bytes(path: Path, most: int = -1) -> bytes:
    """The first `most` of them; -1: all."""
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise MemoryFileError("archive-unreadable", path=path, cause=error) from error


def json_of(path: Path) -> Any:
    """Another program's memory. Raises MemoryFileError when it is no JSON."""
    try:
        written = json.dumps(json.loads(_bytes(path)), ensure_ascii=False)
        # Half of a surrogate pair, where JavaScript cut an emoji in two, could be kept and shown nowhere.
        return json.loads(written.encode(errors="replace"))
    except (ValueError, RecursionError) as error:
        raise MemoryFileError("archive-foreign", path=path) from error


def write_json(table: Any, path: Path) -> None:
    """Another program's memory, whole or not at all. Raises MemoryFileError."""
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.write_text(json.dumps(table, ensure_ascii=False, indent=2), encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise MemoryFileError("archive-unwritable", path=path, cause=error) from error
