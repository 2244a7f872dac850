"""Somebody who answers, with a memory that a test looks into."""

from __future__ import annotations

import math

from digital_life.config import Persona
from digital_life.ports import Clock, Wishes
from digital_life.talking.being import Being
from digital_life.talking.prompting import Budget, Prompting
from fakes.memory import FakeMemory
from fakes.model import FakeLanguageModel

BUDGET = Budget(
    prompt=20_000, examples=10_000, known=40, love=40, dialogue=200, summarised=150, warned=math.inf, found=2_000
)


def being(name: str, model: FakeLanguageModel, clock: Clock, memory: FakeMemory, *wishes: Wishes) -> Being:
    """`wishes` are asked before the memory's own."""
    persona = Persona(name=name)
    prompting = Prompting(persona=persona, clock=clock, budget=BUDGET, tokens=model.tokens, calls=memory.taught)
    return Being(name, prompting, memory=memory, diaries=memory, tools=None, wishes=[*wishes, memory])


class FakeBeings:
    """Beings; the test says who is wanted."""

    def __init__(self, first: Being) -> None:
        self.present = self.wanted = first

    async def now(self) -> Being:
        self.present = self.wanted
        return self.present
