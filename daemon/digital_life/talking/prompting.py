"""What stands before the language model just now, within a hard ceiling of tokens.

Each part has its share of the context. What is too long for it gives way in whole pieces, the least needed first: the
oldest exchanges, the last recall, the examples of the other language. Nothing is cut in its middle.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from digital_life import words
from digital_life.belonging import heard_by
from digital_life.config import Persona
from digital_life.errors import ModelError
from digital_life.ports import Clock, Memory
from digital_life.talking import prompt
from digital_life.talking.dialogue import Dialogue, Exchange
from digital_life.values import USER, Event, Language, Message, Person, Recall, Said, Shares, Standing
from digital_life.words import Words

NOTE_LASTS = timedelta(minutes=2)
"""For so long the time that was read in advance still does; reading it again costs 0.2 s on a small machine."""
TALKS = 32
"""Dialogues that are kept at once; of older ones the memory knows."""
COUNTED = 256
"""Texts whose tokens are known without counting again."""
LEFT = "\0"
"""The talk of what is not gone on with, because another one was moved to its room; no room has this name."""
AROUND_TOKENS = 6
"""What a chat template puts around one message."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Budget:
    """How much of the model's context each part of the prompt may take, in tokens."""

    prompt: int
    """All of it; the rest of the context is for the answer."""
    examples: int
    known: int
    """The soul, the summary: each."""
    love: int
    dialogue: int
    summarised: float
    """Of the dialogue: when it has grown so long its older half is summarised."""
    warned: float
    """Of the dialogue: when it has grown so long the model is told."""
    found: int

    @classmethod
    def of(cls, context: int, *, reply: int, shares: Shares = Shares()) -> Budget:  # noqa: B008 - it is frozen
        """Shares of a context; what they leave is for the persona and the question."""
        dialogue = int(context * 0.25)
        return cls(
            prompt=context - reply,
            examples=int(context * shares.examples),
            known=int(context * 0.05),
            love=int(context * shares.love),
            dialogue=dialogue,
            summarised=shares.summarised * dialogue,
            warned=shares.warned * dialogue,
            found=int(context * 0.1),
        )


@dataclass(frozen=True, slots=True)
class Known:
    """What a question is answered from, beside the dialogue."""

    recalls: tuple[Recall, ...] = ()
    looked: bool = False
    """Whether the memory was asked for more than what came to mind."""
    learned: str = ""
    """What a tool found out."""
    steps: tuple[Message, ...] = ()
    """The model's calls since the question, and what it was told of each."""


class Prompting:
    """Puts the prompt together: what changes least comes first, the time and the question last."""

    def __init__(
        self, *, persona: Persona, clock: Clock, budget: Budget, tokens: Callable[[str], int], calls: str
    ) -> None:
        """`calls`: the words in which the functions are taught that the model may call; empty: it calls none."""
        self.language: Language = persona.language
        """Of what was said last: the model answers in the language of its prompt."""
        self.talk = ""
        """The dialogue that goes on; empty: that of the room. What is said in one does not stand in another."""
        self.person: Person = USER
        """Who speaks."""
        self.manner = ""
        """How it is to speak for the time being, beside what the persona says."""
        self._persona = persona
        self._clock = clock
        self._budget = budget
        self._count = functools.lru_cache(maxsize=COUNTED)(tokens)
        self._calls = calls
        self._standing = Standing()
        self._dialogues: dict[str, Dialogue] = {}
        """Of each talk, the one that was longest silent first."""
        self._begins: dict[str, int] = {}
        """Of each talk that was cut, the first turn that is left."""
        self._talks: dict[int, str] = {}
        """Of the turns that this conversation's memory holds, those that belong to another talk than the room's."""
        self._in_room: frozenset[int] = frozenset()
        """The others."""
        self._noted = datetime.min.replace(tzinfo=clock.now().tzinfo)
        """The time that stands in the prompt."""

    @property
    def turns(self) -> tuple[int, ...]:
        """Numbers of the turns that stand in the prompt word by word, the oldest first."""
        return tuple(each.turn for each in self._dialogue.exchanges if each.turn)

    @property
    def to_summarise(self) -> int:
        """The last turn that the summary is to tell of by now; 0: none.

        Where the dialogue was cut, that before it begins; else, when it has grown long, the last of its older half.
        """
        turns = self.turns
        lost = [each.turn for each in self._standing.said if each.turn not in turns]
        if lost:
            return lost[-1]
        crowded = self._dialogue.tokens(self._count) > self._budget.summarised
        return turns[(len(turns) - 1) // 2] if crowded and len(turns) > 1 else 0

    @property
    def elsewhere(self) -> frozenset[int]:
        """Numbers of the turns of this conversation that stand in another talk's prompt."""
        others = (turn for turn, talk in self._talks.items() if talk != self.talk)
        return frozenset(others) | (self._in_room if self.talk else frozenset())

    async def look_back(self, memory: Memory) -> None:
        """Take up what the memory holds now: another program, a rest or a wish may have changed it."""
        standing = await memory.standing()
        self._talks = {each.turn: self._talks[each.turn] for each in standing.said if each.turn in self._talks}
        self._in_room = frozenset(each.turn for each in standing.said if each.turn not in self._talks)
        self._standing = replace(
            standing,
            said=self._heard([each for each in standing.said if self._talks.get(each.turn, "") == self.talk]),
            soul=self._fitting(standing.soul, self._budget.known),
            love=self._fitting(standing.love, self._budget.love),
            summary=self._fitting(standing.summary, self._budget.known),
        )
        remembered = self._dialogue.as_remembered(self._standing.said, note=self._before_words, person=self.person)
        self._take_up(self.talk, self._cut(remembered))

    def _cut(self, remembered: Dialogue) -> Dialogue:
        """Within its share, and from where it was cut before: cut anew at each turn, it would all be read again."""
        turns = [each.turn for each in remembered.exchanges if each.turn]
        begins = self._begins.get(self.talk, 0)
        left = remembered.since(begins) if turns and begins <= turns[-1] else remembered
        kept = left.within(self._budget.dialogue, self._count)
        if len(kept.exchanges) < len(left.exchanges):
            self._begins[self.talk] = next((each.turn for each in kept.exchanges if each.turn), begins)
        return kept

    def _heard(self, said: Sequence[Said]) -> tuple[Said, ...]:
        """What who speaks said in this talk, and what others did in their presence."""
        there = heard_by(self.person, [(each.person, each.at) for each in said], self._clock.now())
        return tuple(itertools.compress(said, there))

    def _before_words(self, said: Said) -> str:
        text = words.load(said.language)
        return prompt.note(said.at, text) + "\n" + self._says(said.person, text)

    def _says(self, person: Person, text: Words) -> str:
        """Whose words follow; nothing where they are all the user's."""
        alone = self.person == USER and all(each.person == USER for each in self._standing.said)
        return "" if alone else prompt.says(self._persona, person, text) + "\n"

    def follow(
        self,
        turn: int,
        asked: str,
        answered: str,
        steps: tuple[Message, ...] = (),
        *,
        talk: str | None = None,
        person: Person | None = None,
    ) -> None:
        """Have `talk` go on from this exchange of `person`; None: the one that goes on just now, and who speaks."""
        person = self.person if person is None else person
        talk = self.talk if talk is None else talk
        dialogue = self._dialogues.get(talk, Dialogue())
        self._take_up(talk, dialogue.followed_by(Exchange(turn, asked, answered, steps, person)))
        if turn and talk:
            self._talks[turn] = talk

    def move(self, talk: str, to: str) -> None:
        """What was said in `talk` goes on in `to`, and what was said there last is not gone on with."""
        moved, left = (self._dialogues.pop(each, Dialogue()) for each in (talk, to))
        self._begins[to] = self._begins.pop(talk, 0)
        self._take_up(to, moved)
        lately = (each.turn for each in (*moved.exchanges, *left.exchanges) if each.turn)
        for turn in {*self._talks, *self._in_room, *lately}:
            was = self._talks.get(turn, "")
            if was in (talk, to):
                self._talks[turn] = to if was == talk else LEFT

    @property
    def _dialogue(self) -> Dialogue:
        return self._dialogues.get(self.talk, Dialogue())

    def _take_up(self, talk: str, dialogue: Dialogue) -> None:
        self._dialogues.pop(talk, None)
        self._dialogues[talk] = dialogue
        while len(self._dialogues) > TALKS:
            gone = next(each for each in self._dialogues if each)
            del self._dialogues[gone]
            self._begins.pop(gone, None)

    def opening(self) -> tuple[Message, ...]:
        """All that is known before the user has spoken."""
        return prompt.opening(self._before(self._words, self._dialogue), self._lead())

    def opening_in(self, language: Language) -> tuple[Message, ...]:
        """The same for talk in any language, but for the time."""
        return self._before(words.load(language), self._dialogue)

    def lasting(self, language: Language) -> tuple[Message, ...]:
        """What is the same from talk to talk, until it learns something of itself or of its user."""
        text = words.load(language)
        return (self._system(text), *self._examples(text))

    def asked(self, question: str, known: Known = Known()) -> str:
        """The user's message: the time, what bears on the question, and the question."""
        recalls = within(known.recalls, self._budget.found, lambda each: self._count(each.text))
        told = prompt.recalled(recalls, self._words, asked=known.looked) + prompt.learned(known.learned, self._words)
        return self._lead() + told + question

    def event(self, event: Event) -> str:
        """What the model is told after a call: as much of what was found as there is room for."""
        found = within(event.found, self._budget.found, lambda each: self._count(each.text))
        return prompt.event(replace(event, found=found), self._words, calls=self._calls)

    def whole(self, question: str, known: Known = Known()) -> tuple[Message, ...]:
        """The whole prompt. Raises ModelError when the question alone is too long for the context."""
        admission = prompt.admission(self._words) if known.looked and not known.recalls else ()
        dialogue, recalls, steps = self._dialogue, known.recalls, known.steps
        while True:
            asked = self.asked(question, replace(known, recalls=recalls))
            messages = (*prompt.opening((*self._before(self._words, dialogue), *admission), asked), *steps)
            tokens = self.tokens(messages)
            if tokens <= self._budget.prompt:
                return messages
            if dialogue.exchanges:
                dialogue = Dialogue(dialogue.exchanges[1:])
            elif recalls:
                recalls = recalls[:-1]
            elif steps:
                steps = steps[2:]
            else:
                raise ModelError("prompt-too-long", tokens=tokens, room=self._budget.prompt)

    def tokens(self, messages: Sequence[Message]) -> int:
        """Of the context, with what the model's template puts around each."""
        return sum(self._count(each.text) + AROUND_TOKENS for each in messages)

    def _before(self, text: Words, dialogue: Dialogue) -> tuple[Message, ...]:
        """What stands before the question."""
        return (self._system(text), *self._examples(text), *dialogue.after(self._so_far(text)).messages)

    def _system(self, text: Words) -> Message:
        system = prompt.system(self._persona, self._standing, text, calls=self._calls, person=self.person)
        return replace(system, text=f"{system.text}\n{self.manner}") if self.manner else system

    def _examples(self, text: Words) -> tuple[Message, ...]:
        """Question and answer stay together; the last ones are in its own language."""
        every = prompt.lessons(text, calls=self._calls)
        kept = within(every[::-1], self._budget.examples, self.tokens)
        return tuple(message for lesson in kept[::-1] for message in lesson)

    @property
    def _words(self) -> Words:
        return words.load(self.language)

    def _so_far(self, text: Words) -> str:
        first = self._standing.said[0].turn if self._standing.said else 0
        whole = not self._standing.summary and first in (0, *self.turns)
        return "" if whole else prompt.so_far(self._standing, text)

    def _lead(self) -> str:
        """What stands before the user's words, known before they are."""
        so_far = "" if self._dialogue.exchanges else self._so_far(self._words)
        return so_far + self._note() + self._warning() + self._says(self.person, self._words)

    def _warning(self) -> str:
        """That the oldest will soon be out of sight; once, until some of it is."""
        if not self._calls or self._dialogue.tokens(self._count) < self._budget.warned:
            return ""
        warning = self._words.text(f"{self._calls}.warning") + "\n"
        return "" if any(warning in each.asked for each in self._dialogue.exchanges) else warning

    def _fitting(self, sentences: tuple[str, ...], room: int) -> tuple[str, ...]:
        """The latest that there is room for."""
        return within(sentences[::-1], room, self._count)[::-1]

    def _note(self) -> str:
        """The day and time; the same words for a while, so that what was read in advance serves."""
        now = self._clock.now()
        if not timedelta() <= now - self._noted < NOTE_LASTS:
            self._noted = now
        return prompt.note(self._noted, self._words) + "\n"


def within(items: Sequence[T], tokens: int, count: Callable[[T], int]) -> tuple[T, ...]:
    """The first of them that take at most `tokens` tokens together."""
    kept: list[T] = []
    for each in items:
        tokens -= count(each)
        if tokens < 0:
            break
        kept.append(each)
    return tuple(kept)
