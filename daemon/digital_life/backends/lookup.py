"""Guess what a text goes on with: what followed its last words when they stood in it before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ALIKE = 3
"""Tokens that must be the same: after fewer a guess is seldom right, and a wrong one costs as much as a right one."""


def guess(tokens: Sequence[int], most: int) -> list[int]:
    """At most `most` tokens: those behind the latest place that is like the end; empty when there is none."""
    end = list(tokens[-ALIKE:])
    for at in range(len(tokens) - 1, ALIKE - 1, -1):
        if tokens[at - 1] == end[-1] and list(tokens[at - ALIKE : at]) == end:
            return list(tokens[at : at + most])
    return []
