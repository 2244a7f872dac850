"""Recursive memory: after each conversation the memory is written anew from the old one and what was said.

Wang et al., "Recursively Summarizing Enables Long-Term Dialogue Memory in Large Language Models" (arXiv:2308.15022):
M_i = LLM(M_(i-1), S_i), answers from M alone. Nothing is looked up: what the memory lost comes back no more, though it
stays in the life, for another policy to recall. The model writes a sentence at a time, each held to its source; where
none can be believed, the user's own words stand.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digital_life.memory import concepts, diary
from digital_life.memory.policies.own import Own
from digital_life.memory.recall import Judged
from digital_life.memory.records import Sentence
from digital_life.memory.scribe import Scribe
from digital_life.memory.sentences import most_telling, without_repeats
from digital_life.memory.terms import telling

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from digital_life.memory.dates import Span
    from digital_life.memory.policies.own import Held, Run
    from digital_life.memory.records import PastTurn
    from digital_life.ports import Writer
    from digital_life.values import Recall, Standing

MOST_SENTENCES = 20
"""Of the memory: as many as this life's concepts have."""


@dataclass(frozen=True, slots=True)
class Due:
    """A conversation that the memory does not tell of yet."""

    conversation: int
    turns: tuple[PastTurn, ...]
    """S_i."""
    memory: tuple[Sentence, ...]
    """M_(i-1)."""


class Recursive(Own):
    calls = ()
    chained = 0
    unasked_most = 0
    own_notes = "recursive"

    def standing(self, held: Held, standing: Standing) -> Standing:
        """The memory in the place of all that the life knows, its own part where the soul stands."""
        kept = memory(held)
        soul = tuple(each.text for each in kept if concepts.is_about("self", each))
        love = tuple(each.text for each in kept if not concepts.is_about("self", each))
        return replace(standing, soul=soul, love=love)

    def ranked(self, held: Held, question: str, span: Span | None) -> list[Judged]:  # noqa: ARG002 - the memory has no days
        worth = worth_of_turns(memory(held), question)
        hits = {hit.ref: hit for hit in held.store.index.of_turns(worth, question)}
        return [Judged(hits[turn], share) for turn, share in worth.items() if turn in hits]

    def unasked(self, held: Held, question: str, span: Span | None) -> list[Judged]:  # noqa: ARG002 - all stands already
        return []

    async def look_up(self, run: Run, name: str, argument: str, question: str) -> tuple[Recall, ...] | None:  # noqa: ARG002
        return ()

    async def rest(self, run: Run, writer: Writer) -> None:
        names = await run(lambda held: held.names)
        while due := await run(_due):
            scribe = Scribe(writer, diary.language_of(due.turns), names=names)
            new = await rewritten(due.memory, due.turns, scribe)
            await run(functools.partial(_keep, due=due, new=new))


def memory(held: Held) -> tuple[Sentence, ...]:
    """M, as it stands."""
    return tuple(each.sentence for each in held.store.notes.notes("recursive"))


async def rewritten(old: Sequence[Sentence], turns: Iterable[PastTurn], scribe: Scribe) -> tuple[Sentence, ...]:
    """The memory after a conversation: what it told and still holds, and what was said; at most MOST_SENTENCES."""
    kept = list(old)
    for turn in turns:
        for new in await scribe.speaking(turn.language).notes(turn):
            kept = await concepts.taken_in(new, kept, scribe)
    return await concepts.condensed(without_repeats(kept), MOST_SENTENCES, scribe, None)


def worth_of_turns(kept: Sequence[Sentence], question: str) -> dict[int, float]:
    """The turns that the memory still tells of, with the share of the question's words that it has of each, 0 to 1.

    First those with most of them, then the latest.
    """
    asked = telling(question).keys()
    shares = [(len(asked & telling(each.text).keys()) / max(1, len(asked)), each) for each in kept]
    worth: dict[int, float] = {}
    for share, each in sorted(shares, key=lambda pair: (-pair[0], -max(pair[1].sources, default=0))):
        for turn in each.sources:
            worth.setdefault(turn, share)
    return worth


def _due(held: Held) -> Due | None:
    """The oldest that there is."""
    reached = held.store.notes.notes("reached")
    ended = held.store.ended(after=int(reached[-1].text) if reached else 0)
    if not ended:
        return None
    return Due(ended[0].id, tuple(held.store.turns(ended[0].id)), memory(held))


def _keep(held: Held, due: Due, new: Sequence[Sentence]) -> None:
    """Unless some of what it tells of was forgotten while it was written: then it is written again of what is left."""
    if tuple(held.store.turns(due.conversation)) != due.turns or memory(held) != due.memory:
        return
    with held.store.whole:
        held.store.notes.replace("recursive", held.now, new)
        held.store.notes.replace("reached", held.now, [Sentence(str(due.conversation), ())])


# The stand-in for a model, by which can be measured how much of a life a memory of bounded length can hold.


def extracted(turns: Iterable[PastTurn], *, most: int = MOST_SENTENCES) -> tuple[Sentence, ...]:
    """After each conversation the most telling of what the memory told and of what was said."""
    kept: tuple[Sentence, ...] = ()
    for _, talk in itertools.groupby(turns, key=lambda turn: turn.conversation):
        said = [Sentence(f"{turn.heard}\n{turn.said}".strip(), (turn.id,)) for turn in talk]
        kept = most_telling([*kept, *said], most)
    return kept
