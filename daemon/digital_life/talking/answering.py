"""From what was said to an answer that was heard: memory, prompt, model, voice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Self

from digital_life import words
from digital_life.config import Persona
from digital_life.errors import ModelError
from digital_life.ports import Clock, Diaries, LanguageModel, Memory, Wishes
from digital_life.talking import calls, commands, prompt
from digital_life.talking.dialogue import Dialogue, Exchange
from digital_life.talking.saying import Saying
from digital_life.talking.spoken.languages import begins_in
from digital_life.values import (
    Call,
    Granted,
    Language,
    Message,
    Recall,
    Reply,
    Standing,
    Timings,
    Transcript,
    Turn,
    WakeHeard,
)
from digital_life.words import Words

log = logging.getLogger(__name__)

MOST_CALLS = 2
"""Recalls that the model may ask for in one turn."""
UNASKED = "recall"
"""What is put before it unasked stands among its calls under this name."""
CROWDED = 0.75
"""Share of the dialogue's room from which its older half is summarised."""
NOTE_LASTS = timedelta(minutes=2)
"""For so long the time that was read in advance still does; reading it again costs 0.2 s on a small machine."""


@dataclass(frozen=True, slots=True)
class End:
    """How it became certain that this was all that was said."""

    at: float
    """Monotonic seconds."""
    endpoint_s: float | None = None
    """From the last sample of speech until it was known to be over; None when it was typed."""
    stt_s: float | None = None
    """From there until its words were known."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was said to it, perhaps."""

    transcript: Transcript
    wake: WakeHeard | None
    ended: float
    """Monotonic seconds of the last sample of speech, or of the typed line."""
    end: asyncio.Future[End]
    """Done when it is certain. Until then the answer is made ready and nothing of it is said, done or kept."""

    @classmethod
    def typed(cls, transcript: Transcript, now: float) -> Self:
        """A line, which is certain at once."""
        end: asyncio.Future[End] = asyncio.get_running_loop().create_future()
        end.set_result(End(now))
        return cls(transcript, wake=None, ended=now, end=end)


@dataclass(frozen=True, slots=True)
class Rooms:
    """How much of the model's context each part of the prompt may take, in tokens."""

    dialogue: int
    known: int
    """The soul, the love, the summary: each."""


class Answering:
    """Answers one turn at a time, with what is remembered, and has each remembered before the next."""

    def __init__(
        self,
        *,
        model: LanguageModel,
        saying: Saying,
        clock: Clock,
        persona: Persona,
        memory: Memory,
        diaries: Diaries | None,
        wishes: Sequence[Wishes],
        rooms: Rooms,
    ) -> None:
        self._model = model
        self._saying = saying
        self._clock = clock
        self._persona = persona
        self._language = persona.language
        """Of what was said last: the model answers in the language of its prompt."""
        self._memory = memory
        self._diaries = diaries
        self._wishes = wishes
        self._rooms = rooms
        self._standing = Standing()
        self._dialogue = Dialogue()
        self._recalled: tuple[str, tuple[Recall, ...]] = ("", ())
        """The last question, and what came to mind at once."""
        self._noted = datetime.min.replace(tzinfo=clock.now().tzinfo)
        """The time that stands in the prompt."""
        self._unsaid = ""
        """The rest of an answer that was interrupted just now."""
        self._turns = 0
        self._interrupted = False

    @property
    def turns_in_prompt(self) -> tuple[int, ...]:
        """Numbers of the turns that stand in the prompt word by word, the oldest first."""
        return tuple(each.turn for each in self._dialogue.exchanges if each.turn)

    @property
    def is_crowded(self) -> bool:
        """Whether the dialogue will soon be cut: time to summarise its older half."""
        return self._dialogue.tokens(self._model.tokens) > CROWDED * self._rooms.dialogue

    async def prepare(self) -> None:
        """Have all of the next prompt read that is known before the user has spoken."""
        await self._look_back()
        await self._read(prompt.opening(self._before(self._words), self._lead()))

    async def prepare_in(self, language: Language) -> None:
        """The same for talk in any language, and what changes least of it is kept for the next start."""
        text = words.load(language)
        try:
            await self._model.keep(language, self._lasting(text))
        except ModelError as error:
            log.warning("the prompt could not be read in advance: %s", error)
        await self._read(self._before(text))

    @property
    def saying(self) -> str:
        """What can be heard of the answer just now."""
        return self._saying.saying

    def begin(self) -> None:
        """A turn begins: what is interrupted from now on is this turn."""
        self._interrupted = False

    def interrupt(self) -> None:
        """End the turn under way: silence now, and no more thinking."""
        self._interrupted = True
        self._saying.interrupt()

    async def answer(self, asked: Asked, *, started: Callable[[], None]) -> Turn:
        """Answer and remember what was really said; `started` is called at the first sample.

        Cancelled before it is certain what was asked, it has never been.
        """
        began = self._clock.now()
        times = _Times(self._clock, asked)
        heard = asked.transcript
        self._language = heard.language
        await self._look_back()

        def first_sample() -> None:
            times.heard()
            started()

        granted = await self._grant(asked)
        thought = _Thought(self._asked(heard.text, ()))
        reply = Reply(said="", interrupted=True)
        if not self._interrupted:
            prepared = granted.text if granted else self._rest(heard)
            pieces = _once(prepared) if prepared else self._pieces(heard, thought, times)
            reply = await self._saying.say(pieces, heard.language, after=asked.end, started=first_sample)
        await asked.end
        self._unsaid = reply.unsaid
        self._turns += 1
        self._recalled = ("", ())
        turn = Turn(self._turns, began, asked.wake, heard, reply, times.timings(), tuple(thought.calls))
        if granted is None or granted.remembered:
            number = await self._memory.remember(turn)
            self._dialogue = self._dialogue.followed_by(Exchange(number, thought.asked, reply.said))
        return turn

    def _rest(self, heard: Transcript) -> str:
        """What was thought of the last answer when it was interrupted, if that is asked for."""
        return self._unsaid if commands.understood(heard) == "go-on" else ""

    async def _grant(self, asked: Asked) -> Granted | None:
        wishes = next((each for each in self._wishes if each.concern(asked.transcript)), None)
        if wishes is None:
            return None
        await asked.end
        return await wishes.grant(asked.transcript)

    async def _pieces(self, heard: Transcript, thought: _Thought, times: _Times) -> AsyncGenerator[str]:
        """The model's answer; a prepared sentence where it fails or finds none."""
        spoke = False
        try:
            async with aclosing(self._thoughts(heard.text, thought)) as pieces:
                async for piece in pieces:
                    times.thought()
                    spoke = True
                    yield piece
        except ModelError as error:
            log.error("no answer: %s", error)  # noqa: TRY400 - the sentence tells all
            spoke = True
            yield words.load(heard.language).text("talk.no-answer")
        if not spoke:
            yield words.load(heard.language).text("talk.speechless" if not thought.looked else "talk.forgotten")

    async def _thoughts(self, question: str, thought: _Thought) -> AsyncGenerator[str]:
        """What the model says in the end, after the recalls it asked for."""
        found = await self._recall(question)
        if found:
            thought.calls.append(Call(UNASKED, "", found))
        while True:
            thought.asked = self._asked(question, found, looked=thought.looked > 0)
            before = self._before(self._words)
            if thought.looked and not found:
                before = (*before, *prompt.admission(self._words))
            opening = prompt.opening(before, thought.asked)
            async with aclosing(self._model.reply(opening, may_begin=_beginnings(self._language))) as pieces:
                request, begun = await calls.first(pieces)
                if not request:
                    if begun:
                        yield begun
                    async for piece in pieces:
                        yield piece
                    return
            if not self._diaries or thought.looked == MOST_CALLS:
                return
            thought.looked += 1
            more = await self._diaries.look_up(request.name, request.argument, question)
            thought.calls.append(Call(request.name, request.argument, more))
            known = {(each.kind, each.ref) for each in found}
            found = (*found, *(each for each in more if (each.kind, each.ref) not in known))

    async def _recall(self, question: str) -> tuple[Recall, ...]:
        """What comes to mind unasked; asked for once, though the prompt is read in advance."""
        if self._recalled[0] != question:
            self._recalled = (question, await self._memory.recall(question))
        return self._recalled[1]

    async def _look_back(self) -> None:
        """Take up what the memory holds now: another program, a rest or a wish may have changed it."""
        standing = await self._memory.standing()
        self._standing = replace(
            standing,
            soul=self._fitting(standing.soul),
            love=self._fitting(standing.love),
            summary=self._fitting(standing.summary),
        )
        remembered = self._dialogue.as_remembered(
            self._standing.said, note=lambda said: prompt.note(said.at, words.load(said.language)) + "\n"
        )
        self._dialogue = remembered.within(self._rooms.dialogue, self._model.tokens)

    def _before(self, text: Words) -> tuple[Message, ...]:
        """What stands before the question: what changes least comes first."""
        return (*self._lasting(text), *self._dialogue.after(self._so_far(text)).messages)

    def _lasting(self, text: Words) -> tuple[Message, ...]:
        """What is the same from talk to talk, until it learns something of itself or of its user."""
        may_call = self._diaries is not None
        system = prompt.system(self._persona, self._standing, text, calls=may_call)
        return (system, *prompt.examples(text, calls=may_call))

    @property
    def _words(self) -> Words:
        return words.load(self._language)

    def _so_far(self, text: Words) -> str:
        first = self._standing.said[0].turn if self._standing.said else 0
        whole = not self._standing.summary and first in (0, *self.turns_in_prompt)
        return "" if whole else prompt.so_far(self._standing, text)

    def _lead(self) -> str:
        """What stands before the user's words, known before they are."""
        return self._note() if self._dialogue.exchanges else self._so_far(self._words) + self._note()

    def _asked(self, question: str, found: tuple[Recall, ...], *, looked: bool = False) -> str:
        return self._lead() + prompt.recalled(found, self._words, asked=looked) + question

    def _fitting(self, sentences: tuple[str, ...]) -> tuple[str, ...]:
        """The latest that there is room for."""
        return prompt.latest(sentences, self._rooms.known, self._model.tokens)

    async def _read(self, messages: tuple[Message, ...]) -> None:
        try:
            await self._model.prepare(messages)
        except ModelError as error:
            log.warning("the prompt could not be read in advance: %s", error)

    def _note(self) -> str:
        """The day and time; the same words for a while, so that what was read in advance serves."""
        now = self._clock.now()
        if not timedelta() <= now - self._noted < NOTE_LASTS:
            self._noted = now
        return prompt.note(self._noted, self._words) + "\n"


@dataclass(slots=True)
class _Thought:
    """What becomes of one question while it is thought about."""

    asked: str
    """The user's message as the model read it last."""
    calls: list[Call] = field(default_factory=list)
    looked: int = 0
    """How often the model asked for a recall."""


def _beginnings(language: Language) -> Callable[[str], bool]:
    """Of an answer in `language`; left to itself a small model goes on in that of its last answer."""
    return lambda text: begins_in(text, language) or calls.may_be_call(text)


async def _once(text: str) -> AsyncGenerator[str]:
    yield text


class _Times:
    """Takes the time of each stage of one turn."""

    def __init__(self, clock: Clock, asked: Asked) -> None:
        self._clock = clock
        self._asked = asked
        self._began = clock.monotonic()
        self._thought: float | None = None
        self._heard: float | None = None

    def thought(self) -> None:
        if self._thought is None:
            self._thought = self._clock.monotonic()

    def heard(self) -> None:
        self._heard = self._clock.monotonic()

    def timings(self) -> Timings:
        end = self._asked.end.result()
        waited = max(self._began, end.at)
        return Timings(
            endpoint=_ms(end.endpoint_s),
            stt=_ms(end.stt_s),
            first_token=_ms(max(0.0, self._thought - waited) if self._thought else None),
            first_audio=_ms(self._heard - self._asked.ended if self._heard else None),
            total=_ms(self._clock.monotonic() - self._asked.ended),
        )


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 1)
