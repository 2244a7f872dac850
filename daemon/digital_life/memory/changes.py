"""What took the place of something that was told: the one before the other, as a question is about now or about before.

Nothing is kept of it: it shows when both are found. So what is forgotten leaves no trace, and an older life has it too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from digital_life import words
from digital_life.memory.foreign import language_of
from digital_life.memory.recall import Judged, Superseded, alike
from digital_life.memory.sentences import speaker

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from digital_life.memory.records import Hit

LOOKED_AT = 5
"""So many of the first are looked at for something that took their place, or whose place they took."""
NEAREST = 4
"""Two of the so many nearest to a question are about the same, without a word in common."""
SHARED = 0.2
SAME = 0.35
"""Share of the telling words of a text, weighed by how rare they are, that another one about the same has too; from the
second on the later one need not say that anything changed."""
LIKELY = 10
"""The first so many may be meant without that."""
BEARS = 0.5
"""How near in meaning to the question, of what is unrelated to what answers, a fact must be to be told as one that
changed though no word says so."""
SHORT = 80
"""Columns of a bare fact; a Chinese character takes two."""
LONGEST_FACT = 200
"""Characters of something that takes the place of something else; what is longer is a story."""

Asked = Literal["now", "before", "happened"]
"""What holds; what held before; something else."""


def asked(question: str) -> Asked:
    text = words.load(language_of(question))
    if text.search("recall.held-before", question):
        return "before"
    return "happened" if text.search("recall.happened", question) else "now"


def tells_of_change(said: str) -> bool:
    """Whether the user says that something is not as it was; a wish, a guess, a joke or a denial says nothing."""
    return words.load(language_of(said)).search("recall.change", said) is not None and not takes_back(said)


def takes_back(said: str) -> bool:
    return words.load(language_of(said)).search("recall.no-change", said) is not None


def telling_words(question: str) -> tuple[str, ...]:
    """In which people would tell that what is asked about changed: "moved" of "where do I live".

    None where it is not asked what holds.
    """
    if asked(question) != "now":
        return ()
    pairs = words.load(language_of(question)).pairs("recall.becomes")
    return tuple(
        dict.fromkeys(
            word for about, told in pairs if re.search(about, question, re.IGNORECASE) for word in told.split()
        )
    )


def may_take_its_place(older: str, newer: str) -> bool:
    """Whether `newer` is a fact, told by the same, and not about somebody else."""
    return len(newer) <= LONGEST_FACT and speaker(older) == speaker(newer) and not is_of_somebody_else(older, newer)


def is_of_somebody_else(older: str, newer: str) -> bool:
    """Whether the newer one is about a person whom the older one does not speak of."""
    found = words.load(language_of(newer)).search("recall.other-person", newer)
    return found is not None and found["who"].casefold() not in older.casefold()


def ordered(found: Sequence[Judged], question: str) -> list[Judged]:
    """What took the place of something stands right before it, and is as certain: the old is not told without the new.

    Where it is asked what held before, it stands right after it. What does not hold any more says so.
    """
    what = asked(question)
    order = list(found)
    if what == "happened":
        return order
    nearest = {each.hit.id for each in sorted(found, key=lambda each: -each.hit.cosine)[:NEAREST]}
    looks = _Looks(nearest, {each.hit.id for each in found[:LIKELY]}, what == "now")
    for first in found[:LOOKED_AT]:
        other = _other(first.hit, found, looks)
        if other:
            _bring_forward(order, other.hit.id, before=first.hit.id)
    looks = replace(looks, newer=True)
    return [replace(each, superseded=_superseded(each.hit, found, looks)) for each in order[:LOOKED_AT]] + order[
        LOOKED_AT:
    ]


def _superseded(old: Hit, found: Sequence[Judged], looks: _Looks) -> Superseded | None:
    """By what is most surely about the same; but it held only until the first of all that took its place."""
    surely = {each.hit.id: likeness for each in found if (likeness := _surely_took(old, each.hit, looks))}
    if not surely:
        return None
    news = [each.hit for each in found if each.hit.id in surely]
    best = max(news, key=lambda new: (surely[new.id], new.when))
    first = min(new.when for new in news if surely[new.id] >= min(SHARED, surely[best.id]))
    return Superseded(best.ref, first)


def _surely_took(old: Hit, new: Hit, looks: _Looks) -> float:
    """How surely `new` took the place of `old`; 0: not surely.

    Without a word in common both must be bare facts that bear on the question, the old one with a word of it.
    """
    if new.when <= old.when:
        return 0.0
    likeness = _likeness(old, new, looks)
    both = (old, new)
    bare = old.matched > 0 and all(is_bare(_heard(each)) and alike(each.cosine) >= BEARS for each in both)
    return likeness if (likeness >= SHARED or bare) and _took_its_place(old, new, likeness, looks) else 0.0


def _bring_forward(order: list[Judged], number: int, *, before: int) -> None:
    places = {each.hit.id: n for n, each in enumerate(order)}
    if places[number] > places[before]:
        moved, first = order.pop(places[number]), order[places[before]]
        order.insert(places[before], replace(moved, certain=max(moved.certain, first.certain)))


@dataclass(frozen=True, slots=True)
class _Looks:
    """How what was found looks to the question."""

    nearest: AbstractSet[int]
    """In meaning."""
    likely: AbstractSet[int]
    newer: bool
    """Whether it is asked what holds."""


def _other(first: Hit, found: Sequence[Judged], looks: _Looks) -> Judged | None:
    """What took the place of `first`, or, where it is asked what held before, whose place it took.

    The most alike; of several the latest, or the likeliest of what held before.
    """
    best: tuple[float, float] = (0.0, 0.0)
    other = None
    for n, each in enumerate(found):
        old, new = (first, each.hit) if looks.newer else (each.hit, first)
        likeness = _likeness(old, new, looks)
        rank = (likeness, new.when.timestamp() if looks.newer else -n)
        if likeness and (other is None or rank > best) and _took_its_place(old, new, likeness, looks):
            best, other = rank, each
    return other


def _likeness(old: Hit, new: Hit, looks: _Looks) -> float:
    """How surely both are about the same: by rare words that they share, by words of change, as both are so near."""
    shared = max(old.shares.get(new.id, 0.0), new.shares.get(old.id, 0.0))
    if shared >= SHARED:
        return shared
    if looks.newer and new.of_change and old.id in looks.likely and _is_of_user(_heard(new)) and is_bare(_heard(old)):
        return SHARED / 2
    near = {old.id, new.id} <= looks.nearest and is_bare(_heard(old)) and is_bare(_heard(new))
    return SHARED / 3 if near else 0.0


def is_bare(said: str) -> bool:
    """Whether it is a bare fact; two of them can be told to be about the same by their nearness alone."""
    return not speaker(said) and sum(1 if each.isascii() else 2 for each in said) <= SHORT


def _took_its_place(old: Hit, new: Hit, likeness: float, looks: _Looks) -> bool:
    if (
        not likeness
        or old.kind != "turn"
        or new.kind != "turn"
        or new.when <= old.when
        or new.conversation == old.conversation
    ):
        return False
    before, after = _heard(old), _heard(new)
    return may_take_its_place(before, after) and (
        tells_of_change(after) or (likeness >= SAME and new.id in looks.likely and not takes_back(after))
    )


def _is_of_user(said: str) -> bool:
    return words.load(language_of(said)).search("recall.of-user", said) is not None


def _heard(hit: Hit) -> str:
    """What the user said of it."""
    return hit.text.partition("\n")[0]
