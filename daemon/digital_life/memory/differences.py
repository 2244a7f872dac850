"""What one version of a text has that another has not, sentence by sentence. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digital_life.memory.records import Sentence


@dataclass(frozen=True, slots=True)
class Difference:
    """One sentence of either version."""

    kind: Literal["kept", "gone", "new"]
    text: str
    sources: tuple[int, ...]


def differences(before: Sequence[Sentence], after: Sequence[Sentence]) -> list[Difference]:
    """How `before` becomes `after`: both in their order, what is gone ahead of what is new in its place."""
    matcher = SequenceMatcher(None, [each.text for each in before], [each.text for each in after], autojunk=False)
    found: list[Difference] = []
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            found += [Difference("kept", each.text, each.sources) for each in after[new_start:new_end]]
        else:
            found += [Difference("gone", each.text, each.sources) for each in before[start:end]]
            found += [Difference("new", each.text, each.sources) for each in after[new_start:new_end]]
    return found
