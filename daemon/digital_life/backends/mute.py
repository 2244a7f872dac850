"""Whether it is mute: a file in the home folder, so that every program sees it and a restart changes nothing."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from digital_life.ports import Clock

log = logging.getLogger(__name__)

NAME = "muted"
LOOK_S = 0.3
"""Between two looks at the file: another program may have written it."""


class FileMute:
    """Mute."""

    def __init__(self, home: Path, *, clock: Clock) -> None:
        self._file = home / NAME
        self._clock = clock
        self._here = False
        """Mute, though it cannot be written down."""

    @property
    def on(self) -> bool:
        return self._here or self._file.exists()

    @on.setter
    def on(self, on: bool) -> None:
        self._here = False
        try:
            if on:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                self._file.touch(mode=0o600)
            else:
                self._file.unlink(missing_ok=True)
        except OSError as error:
            self._here = on
            log.warning("mute is not kept over a restart: %s", error)

    async def until(self, *, on: bool) -> None:
        while self.on is not on:
            await self._clock.sleep(LOOK_S)


class NoMute:
    """Mute of a recording, which is heard to its end."""

    on = False

    async def until(self, *, on: bool) -> None:
        if on:
            await asyncio.Event().wait()
