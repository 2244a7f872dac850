"""When each of many lives writes its diary, so that not all of them ask one language server at once."""

from __future__ import annotations

import hashlib
from datetime import timedelta

FIRST_S = 2.0
"""The first pause; about what one sentence takes."""
LONGEST_S = 120.0
"""The longest pause that a server did not ask for."""
PARTS = 2**64


def later(identity: str, *, hours: float) -> timedelta:
    """So long after it may the life of this identity writes: always the same, less than `hours`."""
    return timedelta(hours=hours * share(identity))


def share(identity: str) -> float:
    """A number of this identity's own, from 0 to less than 1; many are spread evenly."""
    digest = hashlib.blake2b(identity.encode(), digest_size=8).digest()
    # Two powers of two: only the upper 53 bits fit a float without being rounded up to 1.
    return (int.from_bytes(digest) >> 11) / (PARTS >> 11)


def pause_s(failures: int, *, asked_s: float | None, chance: float) -> float:
    """How long to leave a server alone that had no time so many times in a row; `chance`, 0 to 1, is another each time.

    Never less than it asks for (`asked_s`), and then not all at that very moment.
    """
    # More doublings than that are past the bound, and past what a float holds.
    whole = min(LONGEST_S, FIRST_S * 2.0 ** min(failures, 30))
    return whole * (0.5 + chance / 2) if asked_s is None else asked_s + whole * chance
