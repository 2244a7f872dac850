"""The settings as a page shows and changes them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Literal

import msgspec

from digital_life import calibration, config, keys
from digital_life.context import Context
from digital_life.errors import ConfigError, RequestError
from digital_life.keys import File, Kept, Key
from digital_life.web.resource import Call, Resource
from digital_life.words import Words

Suggest = Callable[[], Awaitable[Mapping[str, Sequence[str]]]]
"""What could be chosen for a key just now: devices that are plugged in, models that are installed."""
Source = Literal["default", "measured", "file", "set"]
FILE_ONLY = frozenset(
    {
        "tools.mcp",
        "care.mail.password_file",
        "llm.server.key_file",
        "memory.key_file",
        "speech_to_text.openai.key_file",
        "tts.f5.reference",
        "tts.fish.key_file",
        "tts.fish.reference",
        "tts.openai.key_file",
        "mqtt.key_file",
        "mqtt.password_file",
        "web.key_file",
        "web.password_file",
    }
)
"""They name programs that this machine runs, or files whose content is sent to others or lets them in.

Whoever is at a page must not choose these.
"""
HIDDEN = frozenset({"environment"})
"""Fields that hold keys and passwords of other programs."""
OF_ALL = {
    "config-cache": "llm.cache",
    "config-persona-twice": "personas",
    "config-stt-address": "speech_to_text.server",
    "config-tts-address": "tts.server",
    "config-tts-reference": "tts.server",
    "config-wyoming-allow": "wyoming.allow",
    "config-wyoming-open": "wyoming.allow",
}
"""What is wrong with several keys at once is told at one of them."""
ANSWERED_S = 0.3
"""Until the page has its answer, before everything ends."""


class Changes(msgspec.Struct, frozen=True):
    etag: str
    changes: dict[str, object]
    """None: back to what counts without the file."""


@dataclass(frozen=True, slots=True)
class Choice:
    value: object
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A key, as a page shows it."""

    name: str
    label: str
    help: str
    kind: keys.Kind
    value: object
    base: object
    """What counts without the file."""
    source: Source
    locked: Literal["", "file", "set"]
    """Why it cannot be changed here."""
    unit: str
    minimum: float | None
    above: bool
    maximum: float | None
    least: int
    required: bool
    choices: tuple[Choice, ...]
    suggestions: tuple[str, ...]
    fields: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    title: str
    about: str
    keys: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Everything:
    file: str
    etag: str
    writable: bool
    sections: tuple[Section, ...]
    pending: tuple[str, ...]
    """Keys that will be otherwise after a restart."""


@dataclass(frozen=True, slots=True)
class Wrong:
    sentence: str
    at: tuple[str | int, ...]
    """Which part of the value."""


@dataclass(frozen=True, slots=True)
class Outcome:
    outcome: Literal["saved", "refused", "changed"]
    """The last: somebody else changed the file meanwhile."""
    wrong: Mapping[str, Wrong]
    pending: tuple[str, ...] = ()


def resources(
    context: Context, file: File, restart: Callable[[], None], *, suggest: Suggest | None = None
) -> tuple[Resource, ...]:
    """`restart` ends the daemon to begin it again."""
    settings = _Settings(context, file, suggest)
    return (
        Resource("GET", "/api/settings", settings.show),
        Resource("PUT", "/api/settings", settings.change),
        Resource("POST", "/api/restart", partial(settings.begin_again, restart)),
    )


class _Settings:
    def __init__(self, context: Context, file: File, suggest: Suggest | None) -> None:
        self._context = context
        self._file = file
        self._suggest = suggest
        self._running = config.to_table(context.settings)
        self._measured = _measured(context)
        self._base = config.to_table(config.load(None, under=self._measured))
        self._said = frozenset(change.partition("=")[0].strip() for change in context.changes)
        self._keys = {each.name: each for each in keys.described()}

    async def show(self, call: Call) -> Everything:
        """Raises ConfigError when somebody wrote into the file what cannot be."""
        kept = await self._file.read()
        suggested = await self._suggest() if self._suggest else {}
        coming = self._coming(kept)
        shown = {
            name: self._shown(key, kept, coming, call.words, suggested.get(name, ()))
            for name, key in self._keys.items()
        }
        sections: dict[str, list[Shown]] = {}
        for name, each in shown.items():
            sections.setdefault(_section(name), []).append(each)
        return Everything(
            file=str(self._file.path),
            etag=kept.etag,
            writable=kept.writable,
            sections=tuple(_titled(name, each, call.words) for name, each in sections.items()),
            pending=self._pending(coming),
        )

    async def change(self, call: Call) -> Outcome:
        asked = call.read(Changes)
        kept = await self._file.read()
        if kept.etag != asked.etag:
            return Outcome("changed", {})
        wrong = {name: each for name, value in asked.changes.items() if (each := self._wrong(name, value, call.words))}
        if wrong:
            return Outcome("refused", wrong)
        try:
            kept = await self._file.write(dict(self._needed(asked.changes, kept)), etag=asked.etag)
        except ConfigError as error:
            if error.key == "settings-changed":
                return Outcome("changed", {})
            if error.key not in OF_ALL:
                raise
            return Outcome("refused", {OF_ALL[error.key]: Wrong(error.sentence(call.words.language), ())})
        return Outcome("saved", {}, self._pending(self._coming(kept)))

    async def begin_again(self, restart: Callable[[], None], _call: Call) -> dict[str, bool]:
        """Raises ConfigError when it could not begin with what the file says now."""
        self._coming(await self._file.read())
        asyncio.get_running_loop().call_later(ANSWERED_S, restart)
        return {"restarting": True}

    def _coming(self, kept: Kept) -> keys.Table:
        """The settings after a restart."""
        where = str(self._file.path)
        coming = config.combine(kept.table, self._context.changes, under=self._measured, where=where)
        table: keys.Table = config.to_table(coming)
        return table

    def _pending(self, coming: keys.Table) -> tuple[str, ...]:
        return tuple(name for name, key in self._keys.items() if keys.of(coming, key) != keys.of(self._running, key))

    def _wrong(self, name: str, value: object, words: Words) -> Wrong | None:
        key = self._keys.get(name)
        if key is None:
            raise RequestError("settings-key", name=name)
        if why := self._locked(name):
            return Wrong(words.text(f"console.settings.locked-{why}"), ())
        fault = None if value is None else keys.fault(key, value)
        if fault is None:
            return None
        return Wrong(words.text(f"console.settings.faults.{fault.why}", **fault.values), fault.at)

    def _needed(self, changes: Mapping[str, object], kept: Kept) -> Iterable[tuple[str, object]]:
        """Without what counts anyway: the file is not filled with what nobody chose."""
        for name, value in changes.items():
            key = self._keys[name]
            wanted = None if value is None else keys.canonical(key, value)
            if keys.of(kept.table, key) is not None or (wanted is not None and wanted != keys.of(self._base, key)):
                yield name, wanted

    def _locked(self, name: str) -> Literal["", "file", "set"]:
        if name in FILE_ONLY:
            return "file"
        return "set" if any(name == each or name.startswith(f"{each}.") for each in self._said) else ""

    def _shown(self, key: Key, kept: Kept, coming: keys.Table, words: Words, suggested: Sequence[str]) -> Shown:
        locked = self._locked(key.name)
        return _shown(
            key,
            words,
            at=f"settings.{key.name}",
            value=keys.of(coming, key),
            base=keys.of(self._base, key),
            source="set" if locked == "set" else self._source(key, kept),
            locked=locked,
            suggested=suggested,
        )

    def _source(self, key: Key, kept: Kept) -> Source:
        if keys.of(kept.table, key) is not None:
            return "file"
        return "measured" if keys.of(self._measured, key) is not None else "default"


def _measured(context: Context) -> calibration.Values:
    with suppress(ConfigError):  # told at the start already
        return calibration.load(context.home, context.settings.audio)
    return {}


def _section(name: str) -> str:
    return name.rpartition(".")[0] or "persona"


def _titled(name: str, shown: Sequence[Shown], words: Words) -> Section:
    return Section(name, words.text(f"settings.{name}.title"), words.text(f"settings.{name}.about"), tuple(shown))


def _shown(
    key: Key,
    words: Words,
    *,
    at: str,
    value: object,
    base: object,
    source: Source = "default",
    locked: Literal["", "file", "set"] = "",
    suggested: Sequence[str] = (),
) -> Shown:
    fields = tuple(
        _shown(each, words, at=f"settings.fields.{key.name}.{each.name}", value=each.default, base=each.default)
        for each in key.fields
    )
    return Shown(
        name=key.name,
        label=words.text(f"{at}.label"),
        help=words.text(f"{at}.help"),
        kind=key.kind,
        value=_without_secrets(value),
        base=_without_secrets(base),
        source=source,
        locked=locked,
        unit=words.text(f"console.settings.units.{key.unit}") if key.unit else "",
        minimum=key.minimum,
        above=key.above,
        maximum=key.maximum,
        least=key.least,
        required=key.default is None,
        choices=tuple(Choice(each, _choice(each, words)) for each in key.choices),
        suggestions=tuple(suggested),
        fields=fields,
    )


def _choice(value: object, words: Words) -> str:
    """In words, where it is not a name of its own."""
    named = {True: "on", False: "off", "": "none"}.get(value, value) if isinstance(value, bool | str) else value
    try:
        return words.text(f"console.settings.choices.{named}")
    except KeyError:
        return str(value)


def _without_secrets(value: object) -> object:
    if isinstance(value, list):
        return [_without_secrets(each) for each in value]
    if isinstance(value, Mapping):
        return {
            name: dict.fromkeys(each, "•••") if name in HIDDEN and isinstance(each, Mapping) else each
            for name, each in value.items()
        }
    return value
