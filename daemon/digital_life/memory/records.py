"""What a life is made of, as it lies in its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from digital_life.values import USER, Language, Person

ConceptKind = Literal["self", "user"]
"""What it holds itself to be (the soul), and its user (the love)."""
CONCEPTS: tuple[ConceptKind, ...] = ("self", "user")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of its own about something that was said."""

    text: str
    sources: tuple[int, ...]
    """Numbers of the turns it came from; none where a person wrote it."""


@dataclass(frozen=True, slots=True)
class PastTurn:
    """One exchange as it is kept."""

    id: int
    conversation: int
    began: datetime
    language: Language
    heard: str
    said: str
    person: Person = USER
    """Who said `heard`."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said between two long silences."""

    id: int
    began: datetime
    last: datetime
    """When its last turn began."""
    over: bool
    no_diary: bool
    """Its diary was deleted."""
    summarised_to: int
    """The last turn that its summary tells of; 0: none."""


@dataclass(frozen=True, slots=True)
class Diary:
    """What it wrote about one conversation."""

    id: int
    """0 before it is kept."""
    conversation: int
    began: datetime
    ended: datetime
    language: Language
    title: str
    mood: str
    """How the talk felt; empty when nobody could tell."""
    sentences: tuple[Sentence, ...]
    extract: bool
    """No model wrote it: it is made of what was said."""

    @property
    def day(self) -> date:
        """The day on which the conversation began, where it was held."""
        return self.began.date()

    @property
    def text(self) -> str:
        """All of it, as it is searched for."""
        return "\n".join((self.title, *(each.text for each in self.sentences)))


@dataclass(frozen=True, slots=True)
class Concept:
    """One version of what it holds itself or its user to be."""

    kind: ConceptKind
    written: datetime
    sentences: tuple[Sentence, ...]
    person: Person = USER
    """Whom it knows, or to whom it is so."""


def sentences_of(concept: Concept | None) -> tuple[Sentence, ...]:
    """None before there is one: nothing."""
    return concept.sentences if concept else ()


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that a search may have meant, before it is judged."""

    id: int
    kind: Literal["turn", "diary"]
    ref: int
    when: datetime
    text: str
    strength: float
    """Days after which it is half gone from the mind; grows with every recall."""
    recalled: datetime
    """Last recalled, or made."""
    cosine: float
    """Between the meaning of the text and of the question, -1 to 1."""
    matched: float
    """Share of the question's words in it, weighed by how rare they are, 0 to 1."""
    phrased: float = 0.0
    """The same of its pairs of words that stand together, against the question's words; it may pass 1."""
    conversation: int = 0
    """To which it belongs."""
    common: float = 0.0
    """Of its cosine, what it has by lying near to the middle of all texts, whatever is asked."""
    of_change: bool = False
    """Whether it has a word in which people tell that what the question is about changed."""
    shares: Mapping[int, float] = field(default_factory=dict)
    """Others that have rare words of it, and which share of its telling words they have; of the likeliest alone."""


@dataclass(frozen=True, slots=True)
class Stats:
    turns: int
    conversations: int
    diaries: int
    began: datetime | None
    """When the first thing was said; None before it."""
    bytes: int


@dataclass(frozen=True, slots=True)
class Day:
    """How much of a life belongs to one day."""

    day: date
    turns: int = 0
    diaries: int = 0
    versions: int = 0
    """Of what it holds itself and its user to be, written then."""
    forgotten: int = 0
    """Turns that were held about then and are forgotten: their numbers are missing."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What a summary, a diary, a version of a concept or a policy's notes would lose if some turns were forgotten."""

    owner: Literal["summary", "diary", "concept", "note"]
    number: int
    """0 for notes: those of a kind are told together."""
    what: str
    """The title of the diary, or the kind of the concept or of the notes."""
    when: datetime
    present: bool
    """No older version."""
    before: tuple[Sentence, ...]
    after: tuple[Sentence, ...]
