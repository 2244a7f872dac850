"""Whether a language model is fast enough to talk with, and what would make it faster or better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digital_life.profile import GIGABYTE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digital_life.profile import Profile

SPOKEN_TOKENS_S = 4.0
"""150 English words or 240 Chinese characters a minute: whoever writes more slowly stops within a sentence."""
READ_TOKENS_S = 40.0
"""A question and what it recalls are some 120 tokens, and nobody waits for longer than 3 s."""
COMFORT = 2.0
"""Times these speeds: so fast that it is not noticed."""
LARGER = 3.0
"""The better model is so many times larger, and slower."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Tokens a second."""

    reading: float
    writing: float

    def is_at_least(self, times: float) -> bool:
        return self.reading >= times * READ_TOKENS_S and self.writing >= times * SPOKEN_TOKENS_S


@dataclass(frozen=True, slots=True)
class Place:
    """Where and how the model runs."""

    profile: Profile
    named: bool
    """Whether the settings name a model, whatever the profile."""
    threads: int
    """That it is told to use; 0: as many as there are cores for it."""
    cores: int
    """That it may use."""
    gpu_idle: bool
    """Whether there is a graphics processor that it could use and does not."""


def advice(pace: Pace, place: Place) -> Iterator[str]:
    """Keys of the sentences in [pace]."""
    if place.threads > place.cores:
        yield "threads"
    if place.gpu_idle:
        yield "gpu"
    if not pace.is_at_least(1):
        yield "smaller" if place.profile.name == "better" and not place.named else "slow"
    elif not place.named and place.profile.name == "small" and _fits_better(pace, place.profile):
        yield "better"


def _fits_better(pace: Pace, profile: Profile) -> bool:
    enough = profile.machine.memory_bytes >= profile.demand.memory_gb * GIGABYTE
    return enough and pace.is_at_least(COMFORT * LARGER)
