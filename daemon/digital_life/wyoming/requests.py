"""What others may ask for, as the data of their events; what else stands in it is passed over."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from digital_life.values import Language

QUESTION: Final = 4_000
"""Characters of one thing that is said to it."""
SPOKEN: Final = 20_000
"""Characters that it speaks at once, some 20 minutes."""


class Stamped(msgspec.Struct, frozen=True):
    """Of a piece of sound."""

    timestamp: int | None = None
    """Milliseconds."""


class Said(msgspec.Struct, frozen=True):
    """`transcript`: something that was said to it."""

    text: Annotated[str, Meta(max_length=QUESTION)]
    language: str | None = None
    context: dict[str, Any] | None = None

    @property
    def talk(self) -> str:
        """The dialogue that it belongs to: that of a conversation with a satellite; empty where it names neither."""
        context = self.context or {}
        names = [context.get(each) for each in ("conversation_id", "satellite_id")]
        return "\n".join(str(each or "")[:100] for each in names) if any(names) else ""


class Voice(msgspec.Struct, frozen=True):
    name: str | None = None
    language: str | None = None


class Start(msgspec.Struct, frozen=True):
    """`synthesize-start`."""

    voice: Voice = Voice()
    text_format: str | None = None


class Chunk(msgspec.Struct, frozen=True):
    """`synthesize-chunk`."""

    text: Annotated[str, Meta(max_length=SPOKEN)]


class Synthesize(Start, frozen=True, kw_only=True):
    """`synthesize`: all of it at once."""

    text: Annotated[str, Meta(max_length=SPOKEN)]


class Detect(msgspec.Struct, frozen=True):
    names: tuple[str, ...] | None = None
    """None: any wake word."""


class Ping(msgspec.Struct, frozen=True):
    text: str | None = None


def language(code: str | None) -> Language | None:
    """Of a code such as "zh-CN"; None where it names neither."""
    match (code or "").replace("_", "-").partition("-")[0].lower():
        case "en":
            return "en"
        case "zh" | "cmn":
            return "zh"
        case _:
            return None
