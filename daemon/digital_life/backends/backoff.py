"""How long to wait before something lost is tried again: longer each time, and not as long as all others wait."""

from __future__ import annotations


def pause_s(failures: int, *, first_s: float, longest_s: float, chance: float) -> float:
    """After so many failures in a row; `chance`, 0 to 1, is another each time.

    At least half of what it could be: many who lost the same thing at once come back one after another.
    """
    # More doublings than that are past every bound, and past what a float holds.
    whole = min(longest_s, first_s * 2.0 ** min(failures, 30))
    return whole * (0.5 + chance / 2)
