"""What a path of the web server means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from digital_life.errors import RequestError
from digital_life.ports import Channel
from digital_life.values import Language
from digital_life.web.resource import Resource
from digital_life.web.site import Folder, Site

LONGEST: Final = 2000
"""Characters of a path."""

Document = Callable[[Language], bytes]


@dataclass(frozen=True, slots=True)
class Asks:
    """A resource, and what stands at the places of its path."""

    resource: Resource
    places: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InFolder:
    folder: Folder
    parts: tuple[str, ...]
    """Of the file's path in the folder; the last is its name."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What stands at that path with a slash behind it."""

    path: str


@dataclass(frozen=True, slots=True)
class Routes:
    """All paths of a site."""

    site: Site
    _by_length: dict[int, list[tuple[tuple[str, ...], Resource]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for resource in self.site.resources:
            parts = tuple(resource.path.strip("/").split("/"))
            self._by_length.setdefault(len(parts), []).append((parts, resource))

    def channel(self, path: str) -> Channel | None:
        return self.site.channels.get(path)

    def document(self, path: str) -> Document | None:
        return self.site.documents.get(path)

    def resource(self, method: str, path: str) -> Asks | None:
        """Raises RequestError where another method is meant."""
        parts = parts_of(path)
        found = [
            Asks(resource, places)
            for pattern, resource in self._by_length.get(len(parts or ()), ())
            if parts is not None and (places := _match(pattern, parts)) is not None
        ]
        wanted = "GET" if method == "HEAD" else method
        of_method = [each for each in found if each.resource.method == wanted]
        if found and not of_method:
            raise RequestError("web-method", status=405, method=method)
        # The one with the fewest places: "/api/turns/latest" before "/api/turns/{number}".
        return min(of_method, key=lambda each: len(each.places), default=None)

    def file(self, path: str) -> InFolder | Elsewhere | None:
        """The file of a folder that is asked for, whether it is there or not."""
        folder = max(
            (each for each in self.site.folders if path.startswith(each.prefix)),
            key=lambda each: len(each.prefix),
            default=None,
        )
        if any(each.prefix == f"{path}/" for each in self.site.folders):
            return Elsewhere(f"{path}/")
        if folder is None:
            return None
        rest = path[len(folder.prefix) :] or folder.index
        parts = parts_of(f"/{rest}")
        return InFolder(folder, parts) if parts else None


def parts_of(path: str) -> tuple[str, ...] | None:
    """The names in a path as it stands in a URL; None where one of them could lead anywhere else than down."""
    if len(path) > LONGEST:
        return None
    parts = []
    for written in path.removeprefix("/").split("/"):
        try:
            part = unquote(written, errors="strict")
        except UnicodeDecodeError:
            return None
        if not part or part.startswith(".") or _strange(part):
            return None
        parts.append(part)
    return tuple(parts)


def _strange(part: str) -> bool:
    """Such a name is no file of ours: it would mean something to some file system."""
    return any(each in "/\\:\x7f" or each < " " for each in part)


def _match(pattern: Iterable[str], parts: Iterable[str]) -> dict[str, str] | None:
    places = {}
    for wanted, part in zip(pattern, parts, strict=True):
        if wanted.startswith("{"):
            places[wanted.strip("{}")] = part
        elif wanted != part:
            return None
    return places
