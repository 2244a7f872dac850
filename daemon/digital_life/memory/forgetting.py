"""Forgetting and strengthening: Ebbinghaus's curve, as MemoryBank (Zhong et al. 2023) describes it.

R = exp(-t / S): what is left after t days of a memory of strength S; each recall makes S one larger and t zero.
"""

from __future__ import annotations

import math
from datetime import datetime

NEW = 1.0
"""The strength of what was just said."""
DAY_S = 86_400


def recalled(strength: float) -> float:
    """The strength after one more recall."""
    return strength + 1


def retention(strength: float, since: datetime, now: datetime) -> float:
    """What is left in the mind, 0 to 1. A clock that was set back makes nothing fresher than fresh."""
    days = max(0.0, (now - since).total_seconds() / DAY_S)
    return math.exp(-days / strength)
