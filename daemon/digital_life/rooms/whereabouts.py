"""In which rooms something is said unasked: where the person probably is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LATELY_S = 600.0
"""Who spoke so lately is probably still there. Of who did not, nobody knows, and what was set in a room is about it."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Where somebody spoke last."""

    room: str
    at: float
    """Monotonic seconds."""


def in_order(rooms: Iterable[str], asked_in: str, last: Spoken | None, now: float) -> tuple[str, ...]:
    """All of `rooms`, the likeliest first.

    Where somebody spoke lately, else where it was asked for; then where somebody spoke last, as at night before sleep;
    then where this machine stands. That somebody spoke before it was asked for does no harm: who asks by voice has
    spoken there, and who asks in writing may be anywhere.
    """
    spoken = [last.room] if last else []
    lately = spoken if last and now - last.at <= LATELY_S else []
    known = tuple(rooms)
    likely = (*lately, asked_in, *spoken, "", *known)
    return tuple(dict.fromkeys(each for each in likely if each in known))
