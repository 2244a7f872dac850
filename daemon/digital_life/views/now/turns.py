"""How long each stage of the latest turns took; nothing of what was said is kept."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from digital_life.broadcast import placed
from digital_life.values import Turn, Written
from digital_life.web.resource import Call, Resource

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from digital_life.values import Language, Timings

KEPT = 20
QUICK_MS = 1_500.0
"""Who waits no longer for the first sound has no reason to ask why."""
How = Literal["spoken", "typed", "written"]
"""Written: asked and answered from elsewhere."""
StageName = Literal["endpoint", "stt", "first_token", "voice", "speaking"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of a turn, on the time line that begins when the person had ended."""

    name: StageName
    since_ms: float
    lasted_ms: float


@dataclass(frozen=True, slots=True)
class Timed:
    """A turn without its words."""

    number: int
    began: datetime
    how: How
    wake: str
    """Phrase of the wake word; empty: none was said."""
    language: Language
    room: str
    """Where it was said; empty: where this machine stands."""
    by: str
    interrupted: bool
    failed: bool
    lookups: int
    """How often the model looked something up in its memory."""
    stages: tuple[Stage, ...]
    first_ms: float | None
    """Until the first sound of the answer; None: there was none."""
    total_ms: float | None
    slow: StageName | None
    """What took longest of a wait that was long; None: it was not."""


class Turns:
    """Hears the broadcast; the latest comes first."""

    def __init__(self) -> None:
        self._latest: deque[Timed] = deque(maxlen=KEPT)

    @property
    def latest(self) -> tuple[Timed, ...]:
        return tuple(self._latest)

    def hear(self, event: object) -> None:
        _, event = placed(event)
        match event:
            case Turn():
                how: How = "typed" if event.timings.endpoint is None else "spoken"
                self._latest.appendleft(timed(event, how))
            case Written(turn):
                self._latest.appendleft(timed(turn, "written"))


def timed(turn: Turn, how: How) -> Timed:
    parts = stages(turn.timings)
    return Timed(
        number=turn.number,
        began=turn.began,
        how=how,
        wake=turn.wake.phrase if turn.wake else "",
        language=turn.heard.language,
        room=turn.heard.room,
        by=turn.by,
        interrupted=turn.reply.interrupted,
        failed=turn.failed,
        lookups=len(turn.calls),
        stages=parts,
        first_ms=turn.timings.first_audio,
        total_ms=turn.timings.total,
        slow=slowest(parts, turn.timings),
    )


def stages(timings: Timings) -> tuple[Stage, ...]:
    """One after the other; what did not happen is left out, and none begins before the one before it has ended."""
    at = 0.0
    found: list[Stage] = []
    lasted: tuple[tuple[StageName, float | None], ...] = (
        ("endpoint", timings.endpoint),
        ("stt", timings.stt),
        ("first_token", timings.first_token),
    )
    for name, length in lasted:
        if length is not None:
            found.append(Stage(name, round(at, 1), length))
            at += length
    if timings.first_audio is not None:
        found.append(Stage("voice", round(at, 1), max(0.0, round(timings.first_audio - at, 1))))
        at = max(at, timings.first_audio)
        if timings.total is not None:
            found.append(Stage("speaking", round(at, 1), max(0.0, round(timings.total - at, 1))))
    return tuple(found)


def slowest(parts: Sequence[Stage], timings: Timings) -> StageName | None:
    """Of what was waited for."""
    waited = [each for each in parts if each.name != "speaking"]
    if not waited or timings.first_audio is None or timings.first_audio <= QUICK_MS:
        return None
    return max(waited, key=lambda each: each.lasted_ms).name


def resources(turns: Turns) -> tuple[Resource, ...]:
    async def latest(call: Call) -> object:  # noqa: ARG001 - the same for everybody
        return {"turns": turns.latest, "quick_ms": QUICK_MS}

    return (Resource("GET", "/api/now/turns", latest),)
