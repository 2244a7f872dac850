"""The Live2D avatars that can be had: what each is made of, and under which licences."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import PurePosixPath
from typing import Literal

import msgspec

from digital_life.errors import UsageError
from digital_life.malformed import WRITTEN

Generation = Literal[2, 4]
"""Of Cubism: 2, or 3 to 5, which share one core."""
OWN = "own"
"""Name of the project's own face, which needs no install."""
MODEL_ENDS: Mapping[str, Generation] = {".model.json": 2, ".model3.json": 4}
"""How the name of a model's main file ends."""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the file; an unknown key is an error."""


class Licence(_Table, frozen=True):
    id: str
    name: str
    """What is under it."""
    holder: str
    terms: str
    link: str


class Package(_Table, frozen=True):
    """A package of the npm registry."""

    name: str
    version: str
    integrity: str
    """As the registry publishes it: "sha512-" and the sum of the whole file in base64."""
    size: int
    """Bytes of the whole file."""
    licences: tuple[str, ...]

    @property
    def path(self) -> str:
        """On the registry."""
        return f"{self.name}/-/{self.name.rpartition('/')[2]}-{self.version}.tgz"


class Part(_Table, frozen=True):
    path: str
    """Within its package."""
    sha256: str

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name


class Runtime(Package, frozen=True):
    """A package of which some files draw."""

    generations: tuple[Generation, ...]
    files: tuple[Part, ...]


class Avatar(_Table, frozen=True):
    name: str
    generation: Generation
    model: str
    """Its main file, within its package."""
    package: Package
    expressions: Mapping[str, str] = {}
    """Mood to the model's own name of an expression."""
    motions: Mapping[str, str] = {}
    """Motion to the model's own name of a group of them."""


class Catalogue(_Table, frozen=True):
    licences: tuple[Licence, ...]
    runtime: tuple[Runtime, ...]
    avatars: tuple[Avatar, ...]

    def find(self, name: str) -> Avatar | None:
        return next((each for each in self.avatars if each.name == name), None)

    def runtime_of(self, generation: Generation) -> tuple[Runtime, ...]:
        """What draws such a model, in the order in which a page loads it."""
        return tuple(each for each in self.runtime if generation in each.generations)

    def licences_of(self, *packages: Package) -> tuple[Licence, ...]:
        wanted = {name for package in packages for name in package.licences}
        return tuple(each for each in self.licences if each.id in wanted)


class Manifest(_Table, frozen=True):
    """`avatar.json`, which the page reads; all paths are relative to it."""

    name: str
    generation: Generation
    scripts: tuple[str, ...]
    """In the order in which they are loaded."""
    model: str
    expressions: Mapping[str, str] = {}
    motions: Mapping[str, str] = {}


@functools.cache
def load() -> Catalogue:
    """Read the catalogue that came with the program."""
    text = (resources.files("digital_life") / "avatars.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Catalogue)


def generation_of(file: str) -> Generation | None:
    """Of the model whose main file is so named; None when it is none."""
    return next((generation for end, generation in MODEL_ENDS.items() if file.endswith(end)), None)


def files_of(model: bytes, generation: Generation, *, where: object) -> tuple[str, ...]:
    """The files that the main file of a model names, but for its sounds: it has a voice of its own.

    Raises UsageError when it is no main file, or names one outside its own folder.
    """
    try:
        named = tuple(dict.fromkeys((_named_2 if generation == 2 else _named_3)(model)))
    except WRITTEN as error:
        raise UsageError("avatar-broken", path=where, cause=error) from error
    for each in named:
        if not is_inside(each):
            raise UsageError("avatar-outside", path=where, file=each)
    return named


def is_inside(path: str) -> bool:
    """Whether it stays within the folder that it is relative to."""
    plain = PurePosixPath(path)
    return bool(path) and not plain.is_absolute() and ".." not in plain.parts and not set(path) & {"\\", ":", "\0"}


class _Named2(msgspec.Struct):
    file: str


class _Model2(msgspec.Struct):
    model: str
    textures: list[str]
    physics: str = ""
    pose: str = ""
    expressions: list[_Named2] = []
    motions: dict[str, list[_Named2]] = {}


def _named_2(content: bytes) -> Iterator[str]:
    model = msgspec.json.decode(content, type=_Model2)
    yield from (model.model, *model.textures)
    yield from filter(None, (model.physics, model.pose))
    yield from (each.file for each in model.expressions)
    yield from (each.file for group in model.motions.values() for each in group)


class _Named3(msgspec.Struct, rename="pascal"):
    file: str


class _References(msgspec.Struct, rename="pascal"):
    moc: str
    textures: list[str]
    physics: str = ""
    pose: str = ""
    user_data: str = ""
    display_info: str = ""
    expressions: list[_Named3] = []
    motions: dict[str, list[_Named3]] = {}


class _Model3(msgspec.Struct, rename="pascal"):
    file_references: _References


def _named_3(content: bytes) -> Iterator[str]:
    model = msgspec.json.decode(content, type=_Model3).file_references
    yield from (model.moc, *model.textures)
    yield from filter(None, (model.physics, model.pose, model.user_data, model.display_info))
    yield from (each.file for each in model.expressions)
    yield from (each.file for group in model.motions.values() for each in group)
