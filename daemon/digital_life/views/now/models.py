"""The models that are in use: their size, their licence, and why these."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from digital_life.catalogue import advice, is_file_name
from digital_life.web.resource import Call, Resource

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from digital_life.catalogue import Model, Need, Role, Store
    from digital_life.config import Companion, Settings
    from digital_life.values import Language

Found = tuple["Need", "Model | None"]
PLAIN_VOICE = "espeak-ng"
"""It needs no model."""


@dataclass(frozen=True, slots=True)
class InUse:
    role: Role
    name: str
    language: Language | None = None
    """Of a voice."""
    about: str = ""
    size: int = 0
    """Bytes on disk; 0: not known."""
    memory_mb: int = 0
    """When it is loaded; 0: not known."""
    licence: str = ""
    """Empty: not known."""
    server: str = ""
    """Where it runs; empty: here."""


class Models:
    """Those that were found at the start, which are loaded; the voices are those of whoever speaks."""

    def __init__(self, store: Store, settings: Settings, *, present: Callable[[], Companion]) -> None:
        """Raises ModelError when one is not there."""
        self._store = store
        self._settings = settings
        self._present = present
        self._standing = tuple(each for each in self._found() if each[0].role != "voice")

    def all(self) -> tuple[Found, ...]:
        """Blocking. Raises ModelError."""
        return (*self._standing, *(each for each in self._found() if each[0].role == "voice"))

    def _found(self) -> tuple[Found, ...]:
        settings = self._settings
        return self._store.used(
            settings.models_of(self._present()),
            settings.conversation.languages,
            settings.wake,
            thinks_here=not settings.llm.server.alone,
            knows_voices=settings.people.enabled,
        )


def in_use(found: Sequence[Found], settings: Settings) -> tuple[InUse, ...]:
    """Those of the catalogue, the language model elsewhere, the plain voice, and wake words of the person's own."""
    server = settings.llm.server
    elsewhere = [InUse("language-model", server.model, server=server.address)] if server.address else []
    voiced = {need.language for need, _ in found}
    plain = [InUse("voice", PLAIN_VOICE, each) for each in settings.conversation.languages if each not in voiced]
    own = [InUse("wake-word", Path(each.model).stem) for each in settings.wake.words if is_file_name(each.model)]
    return (*elsewhere, *(_in_use(*each) for each in found), *plain, *own)


def _in_use(need: Need, model: Model | None) -> InUse:
    if model is None:
        return InUse(need.role, PLAIN_VOICE, need.language)
    size = model.size
    return InUse(need.role, model.name, need.language, model.about, size, model.memory_mb, model.licence)


def resources(models: Models, store: Store, *, settings: Settings) -> tuple[Resource, ...]:
    async def listed(call: Call) -> dict[str, object]:
        found = await asyncio.to_thread(models.all)
        profile = store.profile(settings.models)
        return {
            "profile": profile.name,
            "why": profile.why(call.words),
            "advice": tuple(advice(found, call.words)),
            "models": in_use(found, settings),
        }

    return (Resource("GET", "/api/now/models", listed),)
