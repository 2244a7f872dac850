"""How many of the turns that an answer needs are found among the first, when it is thought about harder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from benches.recallscores import MULTI_HOP, percent, share
from benches.recallsets import Question, Told
from digital_life.memory.life import Life
from digital_life.ports import Writer

AT_ONCE, BY_ITSELF, WITH_MODEL = "at once", "harder, no model", "harder, with the model"
"""How it is searched."""

OpenLife = Callable[[Told], AbstractAsyncContextManager[Life]]


@dataclass(slots=True)
class Hops:
    """Of one way to search, over the questions of a set that need several turns."""

    source: str
    how: str
    shares: list[list[float]] = field(default_factory=list)
    """Of the turns with the answer among the first ones, question by question, life by life."""

    def table(self) -> dict[str, object]:
        return {
            "set": self.source,
            "how": self.how,
            "questions": sum(map(len, self.shares)),
            f"multi_hop_recall@{MULTI_HOP}": _mean(self.shares),
            "every second life": _mean(self.shares[::2]),
            "the others": _mean(self.shares[1::2]),
        }


def _mean(shares: Sequence[Sequence[float]]) -> float:
    return percent(each for life in shares for each in life)


async def measure(told: Sequence[Told], writer: Writer, open_life: OpenLife) -> list[Hops]:
    """Ask each life the questions that it marks so."""
    made: list[Hops] = []
    for source in dict.fromkeys(each.source for each in told):
        lives = [each for each in told if each.source == source and any(q.multi_hop for q in each.questions)]
        ways = [Hops(source, how) for how in (AT_ONCE, BY_ITSELF, WITH_MODEL)]
        for one in lives:
            print(f"bench: harder, {source} {one.name}", file=sys.stderr, flush=True)
            async with open_life(one) as life:
                of_life = [await _shares(life, one, each, writer) for each in one.questions if each.multi_hop]
            for way, shares in zip(ways, zip(*of_life, strict=True), strict=True):
                way.shares.append(list(shares))
        made += ways if lives else []
    return made


async def _shares(life: Life, told: Told, question: Question, writer: Writer) -> tuple[float, ...]:
    ways = (
        await life.search(question.text),
        await life.think_harder(question.text, None),
        await life.think_harder(question.text, writer),
    )
    labels = [[told.labels[each.ref - 1] for each in found if each.kind == "turn"] for found in ways]
    return tuple(share(question.evidence, each[:MULTI_HOP]) for each in labels)
