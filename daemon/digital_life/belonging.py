"""Whose words they are, and who may hear what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from digital_life.values import GUEST, USER, Person

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from digital_life.values import Speaker

TOGETHER = timedelta(minutes=5)
"""Who speaks within so long of somebody else was in the room, and heard it."""
NOTHING = -1.0
"""The score of a voice that there was none to compare with."""


@dataclass(frozen=True, slots=True)
class Household:
    """Who counts as the user, and what becomes of a voice that nobody knows."""

    names: frozenset[str] = frozenset()
    """How the user is called, by whichever persona; regardless of case."""
    guests: bool = False
    """Whether an unknown voice is a guest's; else its words are taken for the user's."""

    @classmethod
    def of(cls, users: Collection[str], *, guests: bool) -> Household:
        return cls(frozenset(each.casefold() for each in users if each), guests)

    def person(self, speaker: Speaker | None, *, before: Person | None = None) -> Person:
        """Whose words they are. `before`: who spoke just before in this talk; None: nobody.

        What was too short to tell ("yes") is of who spoke before: it is an answer, as a rule. Where nobody could look
        at the voice, it is one that nobody knows.
        """
        if speaker is None:
            return USER
        if speaker.name:
            return USER if speaker.name.casefold() in self.names else Person(speaker.name)
        if not speaker.embedding and speaker.seconds and before is not None:
            return before
        nobody_known = bool(speaker.embedding) and speaker.score <= NOTHING
        return GUEST if self.guests and not nobody_known else USER


EVERYBODY = Household()
"""Where nobody tells voices apart: all that is said is the user's."""


def may_hear(person: Person, owners: Collection[Person]) -> bool:
    """Whether something may be told to `person` that came from what the `owners` said.

    What several people told together is told to none of them alone. What nobody told, a person wrote: it is the user's.
    A guest hears nothing: one is not told from another.
    """
    return person != GUEST and set(owners or (USER,)) == {person}


def heard_by(person: Person, said: Sequence[tuple[Person, datetime]], now: datetime) -> tuple[bool, ...]:
    """Of each thing that was said in a talk, the oldest first, whether `person` said it, or was surely there.

    A guest may have come in just now, and another one gone: of a guest's talk stays what was said without a long pause.
    """
    heard = []
    later, there = now, True
    for whose, when in reversed(said):
        there = there and abs(later - when) < TOGETHER
        later = when
        own = whose == person
        heard.append((own and there) if person == GUEST else own or there)
    return tuple(reversed(heard))
