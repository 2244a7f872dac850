"""The units of systemd, written for where this installation lies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

NAME = "digital-life.service"
HIDDEN = tuple(Path(each) for each in ("/home", "/root", "/run/user", "/tmp", "/var/tmp"))  # noqa: S108 - only compared
"""What the system's unit does not see."""
SYSTEM_HOME = Path("/var/lib/digital-life")


@dataclass(frozen=True, slots=True)
class Installation:
    """What the unit is to start."""

    program: Path
    folders: tuple[Path, ...]
    """All that the program is read from."""
    models: Path
    arguments: tuple[str, ...] = ()
    """Further global options, such as --set."""


def system_unit(installation: Installation) -> str:
    """Of the system. What it reads of hidden folders is shown to it, and nothing else of them."""
    text = _packaged(NAME)
    text = _with(text, "ExecStart=", _command(installation, SYSTEM_HOME))
    shown = _outermost(_hidden((*installation.folders, installation.models)))
    if not shown:
        return text
    paths = " ".join(_quoted(str(each)) for each in shown)
    return _with(text, "ProtectHome=", f"tmpfs\nBindReadOnlyPaths={paths}")


def user_unit(installation: Installation, home: Path) -> str:
    """Of the user whose life lies in `home`."""
    return _with(_packaged(f"user/{NAME}"), "ExecStart=", _command(installation, home))


def _packaged(name: str) -> str:
    return (resources.files(__name__) / name).read_text(encoding="utf-8")


def _command(installation: Installation, home: Path) -> str:
    words = (installation.program, "--home", home, "--models", installation.models, *installation.arguments, "run")
    return " ".join(_quoted(str(word)) for word in words)


def _with(text: str, key: str, value: str) -> str:
    """The unit with another value at the one line that begins with `key`."""
    return "".join(f"{key}{value}\n" if line.startswith(key) else line for line in text.splitlines(keepends=True))


def _hidden(folders: Iterable[Path]) -> list[Path]:
    return [each for each in folders if any(each.is_relative_to(hidden) for hidden in HIDDEN)]


def _outermost(folders: Iterable[Path]) -> list[Path]:
    """Without those that lie in another of them."""
    every = sorted(set(folders))
    return [each for each in every if not any(each != other and each.is_relative_to(other) for other in every)]


def _quoted(word: str) -> str:
    """As systemd reads it back: it knows specifiers, variables and escapes."""
    plain = word.replace("%", "%%")
    if plain and not set(plain) & set(" \t\"'\\$;"):
        return plain
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{escaped}"'
