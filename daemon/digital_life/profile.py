"""Choose how large the models are, by the memory and the cores of the machine, and say why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digital_life.words import Words

ProfileName = Literal["small", "better"]

GIGABYTE = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Machine:
    """What the models have to fit into."""

    memory_bytes: int
    cores: int


@dataclass(frozen=True, slots=True)
class Demand:
    """What a machine must have for a profile to be chosen by itself."""

    memory_gb: float
    cores: int


@dataclass(frozen=True, slots=True)
class Profile:
    """The profile and the reason for it."""

    name: ProfileName
    reason: Literal["asked", "fits", "memory", "cores"]
    machine: Machine
    demand: Demand
    """Of the larger profile."""

    def why(self, words: Words) -> str:
        """One sentence for the person."""
        return words.text(
            f"profile.{self.reason}",
            name=self.name,
            memory=f"{self.machine.memory_bytes / GIGABYTE:.0f}",
            cores=self.machine.cores,
            memory_wanted=f"{self.demand.memory_gb:g}",
            cores_wanted=self.demand.cores,
        )


def choose(asked: ProfileName | Literal["auto"], machine: Machine, demands: Mapping[ProfileName, Demand]) -> Profile:
    """The profile that was asked for; for `auto` the better one where it fits."""
    demand = demands["better"]
    if asked != "auto":
        return Profile(asked, "asked", machine, demand)
    if machine.memory_bytes < demand.memory_gb * GIGABYTE:
        return Profile("small", "memory", machine, demand)
    if machine.cores < demand.cores:
        return Profile("small", "cores", machine, demand)
    return Profile("better", "fits", machine, demand)
