"""What a version of the program means for a life: whether it opens it, and whether an older one can afterwards."""

from __future__ import annotations

import ast
import tomllib
import zipfile
from dataclasses import dataclass
from email.parser import Parser
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from digital_life.errors import UsageError
from digital_life.malformed import PACKED
from digital_life.memory import lifefile, schema
from digital_life.memory.copies import LIFE

if TYPE_CHECKING:
    from digital_life.seal import Seal

SCHEMA = "digital_life/memory/schema.py"
"""Where each version says which files of a life it knows."""
SOURCES = "daemon"
"""In a checkout."""

Fate = Literal["current", "migrates", "newer"]


@dataclass(frozen=True, slots=True)
class Program:
    version: str
    newest: int
    """Version of the life's file that it writes; older ones it brings to that."""

    def fate(self, life: int) -> Fate:
        """What it does with a life of this version of the file."""
        if life > self.newest:
            return "newer"
        return "current" if life == self.newest else "migrates"


def installed() -> Program:
    return Program(version("digital-life"), schema.NEWEST)


def program_at(path: Path) -> Program:
    """That of a checkout or a wheel; nothing of it is run. Raises UsageError where it is neither."""
    try:
        return _of_wheel(path) if path.is_file() else _of_checkout(path)
    except (*PACKED, SyntaxError) as error:
        raise UsageError("upgrade-unknown", path=path) from error


def lives(home: Path, *, seal: Seal | None = None) -> dict[Path, int]:
    """Each file of a life in `home` and its version; none is changed. Raises MemoryFileError."""
    found = [home / LIFE, *sorted((home / "lives").glob(f"*/{LIFE}"))]
    return {path: lifefile.version_of(path, seal=seal) for path in found if path.exists()}


def _of_checkout(path: Path) -> Program:
    project = tomllib.loads((path / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    if project["name"] != "digital-life":
        raise LookupError(project["name"])
    return Program(project["version"], _newest((path / SOURCES / SCHEMA).read_text(encoding="utf-8")))


def _of_wheel(path: Path) -> Program:
    with zipfile.ZipFile(path) as wheel:
        name = next(each for each in [*wheel.namelist(), ""] if each.endswith(".dist-info/METADATA") or not each)
        told = Parser().parsestr(wheel.read(name).decode())
        if told["Name"] != "digital-life":
            raise LookupError(told["Name"])
        return Program(told["Version"], _newest(wheel.read(SCHEMA).decode()))


def _newest(source: str) -> int:
    """How many migrations it knows. Raises LookupError."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
            names = [each.id for each in node.targets if isinstance(each, ast.Name)]
            if names == ["MIGRATIONS"]:
                return len(node.value.elts)
    raise LookupError("MIGRATIONS")
