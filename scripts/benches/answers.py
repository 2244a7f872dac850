"""What the language model says to questions about what a life was told, as in a talk, and knowing nothing of it."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import msgspec

from benches import answered
from benches.recallscores import percent
from benches.recallsets import Question, Told
from benches.tools import context_of
from digital_life import app
from digital_life.config import Memory as Settings
from digital_life.config import Persona
from digital_life.memory.life import Life
from digital_life.mind import Body, Mind
from digital_life.talking.answering import Answering, Asked
from digital_life.talking.being import Being
from digital_life.talking.writing import Writing
from digital_life.tool import Outcome
from digital_life.values import Person, Recall, Standing, Transcript, Turn
from fakes.clock import FakeClock

UNTOLD = "no memory"
"""In place of a policy: the model alone."""
SAMPLE = 20
"""Questions of each set and language, where nobody says how many: with the small model five minutes."""
SEED = 8

OpenLife = Callable[[Told, Settings], AbstractAsyncContextManager[Life]]


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of one question."""

    question: Question
    said: str
    right: bool
    at_hand: bool
    """Whether a turn with the answer stood before the model."""


@dataclass(slots=True)
class Answers:
    """Of one policy on the questions of one set in one language."""

    policy: str
    source: str
    language: str
    given: list[Answered] = field(default_factory=list)

    def table(self) -> dict[str, object]:
        at_hand = [each.right for each in self.given if each.at_hand]
        return {
            "policy": self.policy,
            "set": self.source,
            "language": self.language,
            "questions": len(self.given),
            "right": percent(each.right for each in self.given),
            "with the answer at hand": percent(each.at_hand for each in self.given),
            "right of those": percent(at_hand) if at_hand else None,
        }

    @property
    def wrong(self) -> list[dict[str, object]]:
        return [
            {"question": each.question.text, "said": each.said, "at_hand": each.at_hand}
            for each in self.given
            if not each.right
        ]


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--answers", action="store_true", help="also whether the language model's answers are right")
    parser.add_argument("--questions", type=int, default=SAMPLE, metavar="N", help="answers of each set and language")
    parser.add_argument("--profile", choices=("small", "better"), default="small", help="whose language model")


@asynccontextmanager
async def open_mind(profile: str) -> AsyncGenerator[Mind]:
    """What thinks in the daemon, with its tools; the likeliest word is always taken, so that a run can be repeated."""
    with tempfile.TemporaryDirectory() as home:
        async with app.open_thinking(context_of(profile, Path(home)), Body()) as mind:
            yield mind


async def measure(
    chosen: Sequence[tuple[Told, list[Question]]],
    policies: Sequence[str],
    mind: Mind,
    settings: Settings,
    open_life: OpenLife,
) -> list[Answers]:
    """Ask the model about each life by each policy, and without any memory."""
    made: list[Answers] = []
    for policy in (*policies, UNTOLD):
        for life_told, questions in chosen:
            print(f"bench: answers, {policy}: {life_told.source} {life_told.name}", file=sys.stderr, flush=True)
            mine = _of(made, policy, life_told)
            if policy == UNTOLD:
                mine.given += [await _knowing_nothing(mind, life_told, each) for each in questions]
                continue
            async with open_life(life_told, msgspec.structs.replace(settings, policy=policy)) as life:
                mine.given += [await _remembering(mind, life, life_told, each) for each in questions]
    return made


def _of(made: list[Answers], policy: str, told: Told) -> Answers:
    key = (policy, told.source, told.language)
    found = next((each for each in made if (each.policy, each.source, each.language) == key), None)
    if found is None:
        found = Answers(*key)
        made.append(found)
    return found


def sample(told: Sequence[Told], most: int) -> list[tuple[Told, list[Question]]]:
    """At most so many questions of each set and language, the same ones each time, life by life."""
    kept: list[tuple[Told, list[Question]]] = []
    for key in dict.fromkeys((each.source, each.language) for each in told):
        lives = [each for each in told if (each.source, each.language) == key]
        asked = [(n, question) for n, life in enumerate(lives) for question in life.answered]
        drawn = random.Random(SEED).sample(asked, min(most, len(asked)))  # noqa: S311 - not for secrets
        kept += [(life, questions) for n, life in enumerate(lives) if (questions := [q for m, q in drawn if m == n])]
    return kept


async def _remembering(mind: Mind, life: Life, told: Told, question: Question) -> Answered:
    thinking = _on_the_day(mind, told, mind.context.settings.memory).with_life(life)
    being = thinking.being(Persona(language=question.language), thinking.wishes, kept=False)
    return await _asked(thinking, replace(being, memory=_Unkept(life)), told, question)


async def _knowing_nothing(mind: Mind, told: Told, question: Question) -> Answered:
    thinking = _on_the_day(mind, told, Settings(recall="always"))  # so that it is told of no diaries
    being = thinking.being(Persona(language=question.language), (), kept=False)
    return await _asked(thinking, replace(being, memory=_Nothing(), tools=None), told, question)


def _on_the_day(mind: Mind, told: Told, memory: Settings) -> Mind:
    settings = msgspec.structs.replace(mind.context.settings, memory=memory)
    return replace(mind, context=replace(mind.context, clock=FakeClock(told.asked), settings=settings))


async def _asked(mind: Mind, being: Being, told: Told, question: Question) -> Answered:
    clock = mind.context.clock
    answering = Answering(model=mind.model, saying=Writing(_unseen), clock=clock, beings=being)
    heard = Transcript(question.text, question.language, 1.0)
    turn = await answering.write(Asked.typed(heard, clock.monotonic()))
    if turn is None or question.gold is None:
        raise ValueError(question.text)
    right = answered.is_right(question.gold, question.text, turn.reply.said, question.language)
    found = [each for call in turn.calls for each in call.found if each.kind == "turn"]
    at_hand = any(told.labels[each.ref - 1] in question.evidence for each in found)
    return Answered(question, turn.reply.said, right=right, at_hand=at_hand)


class _Unkept:
    """A Memory that keeps nothing of the talk: each question is asked in a conversation of its own."""

    def __init__(self, life: Life) -> None:
        self._life = life

    def of(self, person: Person) -> _Unkept:
        return _Unkept(self._life.of(person))

    async def standing(self) -> Standing:
        return await self._life.standing()

    async def recall(self, question: str, *, unseen: Collection[int] = ()) -> tuple[Recall, ...]:
        return await self._life.recall(question, unseen=unseen)

    async def check(self, heard: Transcript) -> Outcome | None:
        return await self._life.check(heard)

    async def hear(self, heard: Transcript, began: datetime) -> None:
        """Nothing of it is kept."""

    async def let_go(self, heard: Transcript) -> None:
        """Nothing of it was kept."""

    async def remember(self, turn: Turn) -> int:  # noqa: ARG002
        return 0


class _Nothing:
    """A Memory of nothing."""

    def of(self, person: Person) -> _Nothing:  # noqa: ARG002
        return self

    async def standing(self) -> Standing:
        return Standing()

    async def recall(self, question: str, *, unseen: Collection[int] = ()) -> tuple[Recall, ...]:  # noqa: ARG002
        return ()

    async def check(self, heard: Transcript) -> Outcome | None:  # noqa: ARG002
        return None

    async def hear(self, heard: Transcript, began: datetime) -> None:
        """Nothing of it is kept."""

    async def let_go(self, heard: Transcript) -> None:
        """Nothing of it was kept."""

    async def remember(self, turn: Turn) -> int:  # noqa: ARG002
        return 0


def _unseen(piece: str) -> None:
    """Nobody reads along."""
