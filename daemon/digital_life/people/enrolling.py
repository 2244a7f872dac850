"""A voice is learnt: who it is, whether they want it, three sentences, and whether these were one voice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from digital_life.people.meant import is_said, meant
from digital_life.people.voices import centre, likeness

if TYPE_CHECKING:
    from digital_life.values import Speaker, Transcript

SENTENCES = 3
LEAST_S = 1.5
"""Of voice in each of them: with less, the same person measures as far less alike."""
ALIKE = 0.4
"""Likeness to the sentences before from which it is one voice: of one person across a room 0.5 and more was measured,
of two people 0.45 in one pair of a thousand."""
TRIES = 3
"""Sentences in a row that could not be used, after which it gives up."""
NameOf = Callable[[str], str | None]
"""The name that somebody gives as their own; None where there is none in it."""
Awaited = Literal["name", "consent", "sentence"]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """How far it is."""

    awaited: Awaited
    """What is to be said next."""
    name: str = ""
    vectors: tuple[bytes, ...] = field(default=(), repr=False)
    """Of the sentences so far."""
    failed: int = 0
    """How often in a row it could not go on."""


@dataclass(frozen=True, slots=True)
class Step:
    """What comes of something that was said."""

    state: Enrolment | None
    """None: nothing is under way any more."""
    says: str
    """Key in the table [people] of the words."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What its sentence names."""
    sentence: int | None = None
    """Which of the sentences it asks for, from 0."""
    learnt: tuple[bytes, ...] = field(default=(), repr=False)
    """The voice of the one whom `values` name, that is to be kept; empty: none."""


def step(
    state: Enrolment | None, heard: Transcript, *, known: Collection[str], user: str, name_of: NameOf
) -> Step | None:
    """What is done about it; None: it is ordinary talk.

    `known`: whose voices were learnt; `user`: how the user is called, empty where nobody knows.
    """
    if state is None:
        return _begun(heard, known=known, user=user)
    if heard.speaker is None:
        return None
    if is_said("cancel", heard):
        return Step(None, "cancelled")
    match state.awaited:
        case "name":
            name = name_of(heard.text)
            return _asked_for(name, heard.speaker, known) if name else None
        case "consent":
            return _answered(state, heard)
        case "sentence":
            return _said(state, heard.speaker)


def _begun(heard: Transcript, *, known: Collection[str], user: str) -> Step | None:
    wish = meant(heard)
    if wish is None or wish.what not in ("learn", "introduce"):
        return None
    speaker, name = heard.speaker, wish.name
    if speaker is None:
        return Step(None, "aloud") if wish.what == "learn" else None
    if wish.what == "introduce":
        return _introduced(name, speaker, known)
    if not name and speaker.name:
        return Step(None, "known-already", {"name": speaker.name})
    if not name and user and not _among(user, known):
        name = user
    return _asked_for(name, speaker, known) if name else Step(Enrolment("name"), "name")


def _introduced(name: str, speaker: Speaker, known: Collection[str]) -> Step | None:
    """Whether that is wanted is asked: "this is Paris" tells of a town."""
    if _same(name, speaker.name):
        return None
    if _among(name, known):
        return Step(None, "known-otherwise", {"name": name})
    return Step(Enrolment("consent", name), "shall-i", {"name": name})


def _asked_for(name: str, speaker: Speaker, known: Collection[str]) -> Step:
    if _same(name, speaker.name):
        return Step(None, "known-already", {"name": speaker.name})
    if _among(name, known):
        return Step(None, "known-otherwise", {"name": name})
    return Step(Enrolment("sentence", name), "begin", {"name": name}, sentence=0)


def _answered(state: Enrolment, heard: Transcript) -> Step | None:
    if is_said("yes", heard):
        return Step(Enrolment("sentence", state.name), "begin", {"name": state.name}, sentence=0)
    return Step(None, "declined") if is_said("no", heard) else None


def _said(state: Enrolment, speaker: Speaker) -> Step:
    at = len(state.vectors)
    refused = _refused(state, speaker)
    if refused and state.failed + 1 >= TRIES:
        return Step(None, "gave-up")
    if refused:
        named = {"name": state.name, "other": speaker.name}
        return Step(replace(state, failed=state.failed + 1), refused, named, sentence=at)
    vectors = (*state.vectors, speaker.embedding)
    if len(vectors) == SENTENCES:
        return Step(None, "done", {"name": state.name}, learnt=vectors)
    says = "last" if len(vectors) == SENTENCES - 1 else "next"
    return Step(replace(state, vectors=vectors, failed=0), says, sentence=len(vectors))


def _refused(state: Enrolment, speaker: Speaker) -> str:
    """Why a sentence cannot be used; empty: it can."""
    if speaker.seconds < LEAST_S or not speaker.embedding:
        return "too-short"
    if speaker.name:
        return "somebody"
    return "" if is_same_voice(state.vectors, speaker.embedding) else "unlike"


def is_same_voice(vectors: Sequence[bytes], embedding: bytes) -> bool:
    """Whether it can be the voice of the sentences so far."""
    return not vectors or likeness(centre(vectors), embedding) >= ALIKE


def _among(name: str, known: Collection[str]) -> bool:
    return any(_same(name, each) for each in known)


def _same(name: str, other: str) -> bool:
    return name.casefold() == other.casefold()
