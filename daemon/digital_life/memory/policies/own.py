"""How this life recalls when no other way is chosen; the ancestors (the other modules) do some of it differently.

Words and meaning by calibrated scores, what was said around a thing, its day, what took its place: see `ranking`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar

from digital_life.config import Memory as Settings
from digital_life.memory import changes, ranking, recall
from digital_life.values import Shares

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence
    from datetime import datetime

    from digital_life.memory.dates import Span
    from digital_life.memory.notefile import NoteKind
    from digital_life.memory.recall import Judged
    from digital_life.memory.records import Conversation, Hit
    from digital_life.memory.store import Store
    from digital_life.ports import Writer
    from digital_life.values import Call, Event, Recall, Standing, Turn

T = TypeVar("T")

KEPT = "remember"
"""The call by which the user has something remembered."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a policy decides from, on the life's thread."""

    store: Store
    now: datetime
    current: Conversation | None
    """That goes on; None between two."""
    settings: Settings = field(default_factory=Settings)
    names: tuple[str, ...] = ()
    """That may stand in what is written."""
    writer: Writer | None = None
    """Who may be asked while something is looked up; None where nobody can."""


class Run(Protocol):
    """Does a job on the life's thread. Raises MemoryFileError."""

    def __call__(self, job: Callable[[Held], T], /) -> Awaitable[T]: ...


class Own:
    """Stateless: all that a policy keeps lies in the store, so that a life can change to another one and back."""

    calls: ClassVar[tuple[str, ...]] = ("recall_by_date", "recall_by_need")
    """The functions by which the language model asks for more."""
    writes: ClassVar[frozenset[str]] = frozenset()
    """Those that write: their words are kept with the turns they came from, not with the turn that called."""
    chained: ClassVar[int] = 2
    """Calls that it may make in one turn."""
    taught: ClassVar[str] = "recall"
    """The words in which the rule and the examples of these functions stand."""
    shares: ClassVar[Shares] = Shares()
    """What it takes of the prompt."""
    unasked_most: ClassVar[int] = 2
    """Recalls that are put before the model without its asking: each costs it time to read."""
    own_notes: ClassVar[NoteKind | None] = None
    """The notes in which a person can read what it made of the life; None: it makes nothing of its own."""

    def standing(self, held: Held, standing: Standing) -> Standing:  # noqa: ARG002 - for those who change it
        """What stands in every prompt, from what this life would put there."""
        return standing

    def ranked(self, held: Held, question: str, span: Span | None) -> list[Judged]:
        """All that may bear on the question, the likeliest first."""
        return likeliest(held, question, span)

    def unasked(self, held: Held, question: str, span: Span | None) -> list[Judged]:
        """What surely bears on it, to be put before the model; the likeliest first, as many as there are."""
        return [each for each in self.ranked(held, question, span) if each.certain >= recall.SURE]

    async def look_up(self, run: Run, name: str, argument: str, question: str) -> tuple[Recall, ...] | None:  # noqa: ARG002
        """What the call `name(argument)` of the model finds; None: what the life itself finds by that name."""
        return None

    async def event(self, run: Run, name: str, argument: str, before: Sequence[Call]) -> Event | None:  # noqa: ARG002
        """What the model is told of the call, after those `before` in this turn; None: it is a recall."""
        return None

    def kept(self, held: Held, turn: Turn, number: int) -> None:
        """Write what the calls of a turn change, now that it is kept under its number."""

    async def rest(self, run: Run, writer: Writer) -> None:
        """Write what is due, while nobody talks. Cancelled, it is done at the next rest."""


def likeliest(
    held: Held,
    question: str,
    span: Span | None,
    *,
    literally: str = "",
    seen: Callable[[Sequence[Hit], datetime], Sequence[Hit]] = lambda hits, _: hits,
) -> list[Judged]:
    """All that may bear on the question, and all that has the text `literally`, in the life's own order.

    `seen` gives the hits as they are to be taken now, for instance as if they had not faded.
    """
    hits = held.store.index.search(question, span, also=changes.telling_words(question), literally=literally)
    return ranking.ranked(recall.judged(seen(hits, held.now), span, held.now), question, span)
