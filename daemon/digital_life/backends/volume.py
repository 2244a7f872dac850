"""How loud it speaks: a loudspeaker with a knob whose place is kept in the home folder."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from digital_life.ports import Loudspeaker
from digital_life.values import Speech

log = logging.getLogger(__name__)

NAME = "volume"
QUIETEST = 0.1
"""Below it nobody would hear how to make it louder again; and at 0 a loudspeaker waits."""
FELT = 1.66
"""Half as loud is 10 dB less: amplitude is the volume to this power."""


class KeptVolume:
    """Volume, and the Loudspeaker that `loudspeaker` is at that volume."""

    def __init__(self, loudspeaker: Loudspeaker, home: Path) -> None:
        self._loudspeaker = loudspeaker
        self._file = home / NAME
        self._level = self._kept()
        self.turn(1.0)

    @property
    def level(self) -> float:
        return self._level

    @level.setter
    def level(self, level: float) -> None:
        self._level = _within(level)
        self.turn(self._share)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(f"{self._level:.2f}\n", encoding="ascii")
        except OSError as error:
            log.warning("the volume is not kept over a restart: %s", error)

    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        return await self._loudspeaker.play(speech, started=started)

    def stop(self) -> None:
        self._loudspeaker.stop()

    def turn(self, level: float) -> None:
        self._share = level
        self._loudspeaker.turn(level * self._level**FELT)

    def _kept(self) -> float:
        """As loud as it can, where nothing is kept that can be read."""
        try:
            return _within(float(self._file.read_text(encoding="ascii")))
        except FileNotFoundError:
            return 1.0
        except (OSError, ValueError) as error:
            log.warning("%s cannot be read, so it speaks as loud as it can: %s", self._file, error)
            return 1.0


def _within(level: float) -> float:
    """The nearest that it may be; what is no number is as loud as it can be."""
    return max(QUIETEST, min(1.0, level))
