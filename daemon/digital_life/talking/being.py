"""Who answers: a character with its memory and with what it can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from digital_life.belonging import EVERYBODY, Household
from digital_life.ports import Care, Diaries, Memory, Tools, Wishes
from digital_life.talking.prompting import Prompting


@dataclass(frozen=True, slots=True, eq=False)
class Being:
    """One of those who may answer. Where there is no other it is its own Beings."""

    name: str
    prompting: Prompting
    memory: Memory
    diaries: Diaries | None
    """None: the language model asks for no recalls."""
    tools: Tools | None
    """None: it only talks."""
    wishes: Sequence[Wishes]
    """Asked before the tools, in this order."""
    for_guests: Sequence[Wishes] = ()
    """Those of them that are granted to a guest as well."""
    household: Household = EVERYBODY
    """Whose words are whose."""
    care: Care | None = None
    """None: signs of a crisis are not looked for."""
    kept: bool = True
    """Whether what was read of its prompt is kept for the next start, beside the memory of the home folder."""

    @property
    def present(self) -> Being:
        return self

    async def now(self) -> Being:
        return self


class Beings(Protocol):
    """Those who answer, one at a time."""

    @property
    def present(self) -> Being:
        """Who answered last."""
        ...

    async def now(self) -> Being:
        """Who is to answer. Where another one is wanted than before, that one comes first; raises nothing.

        Cancelled, the one before may still be there.
        """
        ...
