"""Whether a page is the one that hears and speaks: from what is done in it until the talk has come to rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class Holding:
    """Of one page."""

    open: bool = False
    """Its microphone is open."""
    pressed: bool = False
    """Somebody holds the button to talk."""
    talks: bool = False
    """A talk that it began has not come to rest."""
    _begun: bool = False
    """That talk is under way: a rest that was seen before is not its end."""

    @property
    def holds(self) -> bool:
        return self.open or self.pressed or self.talks

    @property
    def hears(self) -> bool:
        """Whether sound may come of it."""
        return self.open or self.pressed

    @property
    def is_over_unheard(self) -> bool:
        """Whether it is in vain to listen there, should it begin to listen now."""
        return self.talks and self._begun and not self.hears

    def press(self) -> Self:
        return replace(self, pressed=True, talks=True, _begun=False)

    def let_go(self) -> Self:
        return replace(self, pressed=False)

    def open_ears(self) -> Self:
        return replace(self, open=True, talks=True, _begun=False)

    def close_ears(self) -> Self:
        return replace(self, open=False)

    def ask(self) -> Self:
        """Something was typed that is to be answered aloud here."""
        return replace(self, talks=True, _begun=False)

    def begin(self, *, resting: bool) -> Self:
        """What was begun has taken effect, or was in vain: then it is at rest already."""
        return replace(self, _begun=True, talks=self.talks and not resting)

    def rest(self) -> Self:
        """Nobody speaks, thinks or listens any more."""
        return replace(self, talks=False) if self._begun else self
