"""Requests to go on in another room: "continue in the kitchen", "我们去厨房说"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from digital_life import words
from digital_life.talking.cast import meant
from digital_life.values import Granted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from digital_life.values import Transcript
    from digital_life.words import Words


class Rooms(Protocol):
    """The rooms of the house, by their names in the settings."""

    def is_away(self, room: str) -> bool:
        """Whether nobody can be heard there just now."""
        ...

    def want(self, wish: Transcript, to: str) -> None:
        """The conversation in which that was said goes on in `to`, as soon as it was answered."""
        ...


@dataclass(frozen=True, slots=True)
class _Goal:
    said: str
    """As it was called."""
    room: str | None
    """None: there is no such room here."""


class MoveRequests:
    """Wishes; nothing of them is remembered."""

    def __init__(self, rooms: Rooms, *, called: Mapping[str, str], sound: Callable[[str], str]) -> None:
        """`called`: each room by what it is called; `sound`: how Chinese is pronounced."""
        self._rooms = rooms
        self._called = called
        self._sound = sound

    def concern(self, wish: Transcript) -> bool:
        return not wish.remote and self._goal(wish) is not None

    async def grant(self, wish: Transcript) -> Granted | None:
        goal = None if wish.remote else self._goal(wish)
        return Granted(self._answer(goal, wish), remembered=False) if goal else None

    def _answer(self, goal: _Goal, wish: Transcript) -> str:
        text = words.load(wish.language)
        said = _named(goal.said, text)
        if goal.room is None:
            others = text.text("moving.between").join(name for name, room in self._called.items() if room != wish.room)
            return text.text("moving.unknown" if others else "moving.alone", room=said, rooms=others)
        if goal.room == wish.room:
            return text.text("moving.here", room=said)
        if self._rooms.is_away(goal.room):
            return text.text("moving.away", room=said)
        self._rooms.want(wish, goal.room)
        return text.text("moving.moved", room=said)

    def _goal(self, wish: Transcript) -> _Goal | None:
        """Where to; None when it is ordinary talk: "let's go on in the morning"."""
        for language in words.LANGUAGES:
            found = words.load(language).match("moving.called", wish.text)
            if found:
                name = self._name(found["name"])
                if name or place(found["name"]):
                    return _Goal(found["name"].strip(words.AROUND), self._called[name] if name else None)
        return None

    def _name(self, said: str) -> str | None:
        """What the room that is meant is called: in any language, and also by its sound."""
        known = place(said)
        alike = [name for name in self._called if known and place(name) == known]
        names: Sequence[str] = [name for name in self._called if not (known and place(name))]
        # "Dining room" is written much like "living room": places that are known by their names are not compared so.
        return alike[0] if alike else meant(said, names, self._sound)


def place(said: str) -> str:
    """What kind of room that is, the same in every language; empty: that is not known."""
    for language in words.LANGUAGES:
        text = words.load(language)
        found = (key for key in text.table["home-place"] if text.match(f"home-place.{key}", said))
        known = next(found, "")
        if known:
            return known
    return ""


def _named(said: str, text: Words) -> str:
    """With its article, where it is no name of its own: "the kitchen", but "Anna's room"."""
    return text.text("moving.the", room=said) if place(said) else said
