"""The folder of the avatar in use, whichever that is just now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources.abc import Traversable
from os import PathLike
from pathlib import Path
from typing import IO, Any, Literal


class AvatarFolder(Traversable):
    """A folder that is another one when another avatar is chosen."""

    def __init__(self, chosen: Callable[[], Path | None], *, nothing: Path) -> None:
        """`nothing` is the folder that is served while there is none."""
        self._chosen = chosen
        self._nothing = nothing

    @property
    def name(self) -> str:
        return self._now.name

    def joinpath(self, *descendants: str | PathLike[str]) -> Traversable:
        """`nothing` for what a link leads out of the folder to."""
        found = self._now.joinpath(*descendants)
        return found if found.resolve().is_relative_to(self._now.resolve()) else self._nothing

    def iterdir(self) -> Iterator[Traversable]:
        return self._now.iterdir()

    def is_dir(self) -> bool:
        return self._now.is_dir()

    def is_file(self) -> bool:
        return False

    def read_bytes(self) -> bytes:
        return self._now.read_bytes()

    def read_text(self, encoding: str | None = None) -> str:
        return self._now.read_text(encoding)

    def open(self, mode: Literal["r", "rb"] = "r", *args: Any, **kwargs: Any) -> IO[Any]:
        return self._now.open(mode, *args, **kwargs)

    def __truediv__(self, child: str | PathLike[str]) -> Traversable:
        return self.joinpath(child)

    @property
    def _now(self) -> Path:
        return self._chosen() or self._nothing
