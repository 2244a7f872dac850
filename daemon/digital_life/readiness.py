"""What the service manager is told of what happens: READY once all models are warm and it hears, or is known not to."""

from __future__ import annotations

from dataclasses import dataclass

from digital_life.broadcast import Event
from digital_life.values import RESTING, Loaded, State

LOADING = {State.IDLE: "service.hears", State.DEAF: "service.reads", State.MUTED: "service.muted"}
"""Words of what can be said to it already, and is answered as soon as it can think and speak."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told after an event."""

    words: str
    """The key of how it goes."""
    ready: bool = False
    stops: bool = False


class Readiness:
    """Pure: events in, what is told of them out."""

    def __init__(self) -> None:
        self._state = State.STARTING
        self._loaded = False
        self._opened = False
        """Whether it has heard, or said that it cannot."""

    def feed(self, event: Event) -> Told | None:
        """None: it is as it was."""
        match event:
            case State():
                self._state = event
                self._opened = self._opened or event in RESTING
            case Loaded():
                self._loaded = True
            case _:
                return None
        return self._told()

    def _told(self) -> Told:
        state = self._state
        if state is State.STOPPING:
            return Told("state.stopping", stops=True)
        if not self._loaded:
            return Told(LOADING.get(state, f"state.{state}"))
        return Told(f"state.{state}", ready=self._opened)
