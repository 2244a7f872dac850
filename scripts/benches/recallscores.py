"""How well what was found first is what was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benches.recallsets import Change, Question, session_of

HITS = (1, 3, 5)
"""Whether any turn with the answer is among so many."""
RECALLS = (5, 10, 20)
"""Share of the turns with the answer that is among so many."""
SESSIONS = 5
MULTI_HOP = 10


@dataclass(slots=True)
class Score:
    """Of one policy on the questions of one set in one language."""

    policy: str
    source: str
    language: str
    asked: str
    """The language of the questions."""
    found: list[tuple[Question, tuple[str, ...]]] = field(default_factory=list, repr=False)
    """Each question, and the labels of the turns that were found, the likeliest first."""

    def hit(self, most: int) -> float:
        return percent(bool(question.evidence & set(labels[:most])) for question, labels in self.found)

    def recall(self, most: int) -> float:
        return percent(share(question.evidence, labels[:most]) for question, labels in self.found)

    @property
    def sessions(self) -> float:
        """Of the sessions with the answer among the first ones that turns were found of."""
        return percent(share(question.sessions, first_sessions(labels)) for question, labels in self.found)

    @property
    def multi_hop(self) -> float | None:
        """None where the set marks no such questions."""
        hops = [each for each in self.found if each[0].multi_hop]
        return percent(share(question.evidence, labels[:MULTI_HOP]) for question, labels in hops) if hops else None

    def table(self) -> dict[str, object]:
        return {
            "policy": self.policy,
            "set": self.source,
            "language": self.language,
            "asked_in": self.asked,
            "questions": len(self.found),
            **{f"hit@{most}": self.hit(most) for most in HITS},
            **{f"recall@{most}": self.recall(most) for most in RECALLS},
            f"session_recall@{SESSIONS}": self.sessions,
            f"multi_hop_recall@{MULTI_HOP}": self.multi_hop,
        }


@dataclass(frozen=True, slots=True)
class ChangeScore:
    """Whether the fact that holds comes before the one that held, and the other way round on "before"."""

    policy: str
    language: str
    cases: int
    new_first: float
    """Percent: of the two the new one came first."""
    old_first: float
    """Percent: of the two the old one came first when it was asked what held before."""
    new_best: float
    old_best: float
    """Percent: it came first of all."""


def first_sessions(labels: Sequence[str], most: int = SESSIONS) -> list[str]:
    return list(dict.fromkeys(session_of(label) for label in labels))[:most]


def share(wanted: frozenset[str], found: Iterable[str]) -> float:
    return len(wanted & set(found)) / len(wanted)


def percent(values: Iterable[float]) -> float:
    """The mean of shares or of yes and no; 0 of nothing."""
    all_of_them = [float(each) for each in values]
    return round(100 * sum(all_of_them) / len(all_of_them), 1) if all_of_them else 0.0


def change_score(
    policy: str, language: str, found: Sequence[tuple[Change, Sequence[str], Sequence[str]]]
) -> ChangeScore:
    """From the cases and what was found, as texts, when it was asked what holds and what held before."""
    return ChangeScore(
        policy,
        language,
        len(found),
        percent(comes_first(case.new, case.old, now) for case, now, _ in found),
        percent(comes_first(case.old, case.new, past) for case, _, past in found),
        percent(bool(now) and now[0] == case.new for case, now, _ in found),
        percent(bool(past) and past[0] == case.old for case, _, past in found),
    )


def comes_first(one: str, other: str, found: Sequence[str]) -> bool:
    return next((text == one for text in found if text in {one, other}), False)
