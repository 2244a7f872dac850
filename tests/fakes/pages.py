"""A page in nobody's browser: it keeps what it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec

from digital_life.values import Language


@dataclass
class FakePage:
    id: str = "one"
    language: Language = "en"
    sent: list[bytes] = field(default_factory=list)
    sounds: list[bytes] = field(default_factory=list)
    closed: bool = False

    def send(self, message: bytes) -> None:
        self.sent.append(message)

    def send_sound(self, pcm: bytes) -> None:
        self.sounds.append(pcm)

    def close(self) -> None:
        self.closed = True

    @property
    def told(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(each) for each in self.sent]

    def of(self, kind: str) -> list[dict[str, Any]]:
        """What it was told of that type."""
        return [each for each in self.told if each["type"] == kind]

    @property
    def refusals(self) -> list[str]:
        return [each["what"] for each in self.of("refused")]
