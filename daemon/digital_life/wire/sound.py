"""Sound as events of Wyoming tell of it."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta


class Format(msgspec.Struct, frozen=True):
    """How sound is written: linear PCM, one byte unsigned, more of them signed and little-endian."""

    rate: Annotated[int, Meta(ge=4_000, le=192_000)]
    """Samples a second."""
    width: Annotated[int, Meta(ge=1, le=4)]
    """Bytes a sample."""
    channels: Annotated[int, Meta(ge=1, le=8)]

    def seconds(self, count: int) -> float:
        """Of so many bytes."""
        return count / (self.rate * self.width * self.channels)
