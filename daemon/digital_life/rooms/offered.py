"""Devices that were found in the network: which could be a room's, and how that room may be called."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

Kind = Literal["wyoming", "esphome"]
LONGEST: Final = 40
"""Letters of a room's name, as the settings have it."""
TRADE: Final = re.compile(
    r"\b(wyoming|satellite|esphome|home assistant|voice|assistant|linux|lva|pe|device|speaker|mic|microphone)\b",
    re.IGNORECASE,
)
"""Words for what a device is, rather than where it stands."""
SERIAL: Final = re.compile(r"\b(?=\w*\d)[0-9a-f]{4,}\b", re.IGNORECASE)
"""The end of a network card's address, which makes the name of a device its own."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A device that may be allowed."""

    kind: Kind
    host: str
    port: int
    called: str
    """What it calls itself."""
    area: str = ""
    """Where it says that it stands; empty: it does not tell."""
    encrypted: bool = False
    """Whether it tells nobody what it is who does not know its key."""
    room: str = ""
    """What the room may be called; no other has this name."""


def unused(offered: Iterable[Offered], used: Collection[tuple[str, int]]) -> tuple[Offered, ...]:
    """Without those at hosts and ports that the settings know, each once."""
    seen: set[tuple[str, int]] = set(used)
    left: list[Offered] = []
    for each in offered:
        if (each.host, each.port) not in seen:
            seen.add((each.host, each.port))
            left.append(each)
    return tuple(left)


def named(offered: Sequence[Offered], taken: Iterable[str]) -> tuple[Offered, ...]:
    """Each with a name for its room: where it stands, else what it is called without what it is."""
    known = {each.casefold() for each in taken}
    told: list[Offered] = []
    for each in offered:
        room = _free(_place(each), known)
        known.add(room.casefold())
        told.append(replace(each, room=room))
    return tuple(told)


def meant(name: str, offered: Sequence[Offered]) -> Offered | None:
    """The one whose room or name that is; None: there is none, or there are several."""
    wanted = name.casefold().strip()
    found = [each for each in offered if wanted in {each.room.casefold(), each.called.casefold()}]
    return found[0] if len(found) == 1 else None


def _place(offered: Offered) -> str:
    if offered.area.strip():
        return offered.area.strip()[:LONGEST]
    words = SERIAL.sub(" ", TRADE.sub(" ", re.sub(r"[-_.]+", " ", offered.called)))
    return " ".join(words.split())[:LONGEST].strip() or offered.called.strip()[:LONGEST] or offered.kind


def _free(name: str, known: Collection[str]) -> str:
    """With a number behind it where another has it."""
    number, tried = 1, name
    while tried.casefold() in known:
        number += 1
        tried = f"{name[: LONGEST - 4]} {number}"
    return tried
