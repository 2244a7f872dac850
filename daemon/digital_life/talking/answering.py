"""From what was said to an answer that was heard: memory, prompt, model, voice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from digital_life import words
from digital_life.errors import ModelError
from digital_life.ports import Clock, LanguageModel
from digital_life.talking import commands
from digital_life.talking.being import Being, Beings
from digital_life.talking.floor import Floor, Held
from digital_life.talking.saying import Saying
from digital_life.talking.thinking import Thinking, Thought
from digital_life.talking.writing import Writing
from digital_life.values import (
    GUEST,
    USER,
    Concern,
    Granted,
    Language,
    Message,
    Person,
    Reply,
    Timings,
    Transcript,
    Turn,
    WakeHeard,
)

log = logging.getLogger(__name__)

SAID = {"prompt-too-long": "talk.too-long", "model-changed": "talk.model-changed"}
"""What is said of an error that who hears it can do something about."""
NO_CONCERN = Concern(0, (), "")
ANSWERS_WITHIN_S = 20.0
"""What is too short to tell whose voice it is ("yes") is of who spoke last, if that was so lately."""


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
    talk: str = ""
    """The dialogue that it belongs to; empty: that of the room where it was said."""

    @classmethod
    def typed(cls, transcript: Transcript, now: float, *, talk: str = "") -> Self:
        """A line, which is certain at once."""
        end: asyncio.Future[End] = asyncio.get_running_loop().create_future()
        end.set_result(End(now))
        return cls(transcript, wake=None, ended=now, end=end, talk=talk)


class Answering:
    """Answers one turn at a time, with what is remembered, and has each remembered before the next."""

    def __init__(
        self,
        *,
        model: LanguageModel,
        saying: Saying,
        clock: Clock,
        beings: Beings,
        room: str = "",
        floor: Floor | None = None,
        loaded: asyncio.Event | None = None,
    ) -> None:
        """`room`: where it is; empty: where this machine stands. `floor`: shared with who answers in other rooms.

        `loaded`: set as soon as it can think; None: it can.
        """
        self._model = model
        self._saying = saying
        self._clock = clock
        self._beings = beings
        self._room = room
        self._floor = floor or Floor()
        self._loaded = loaded or _set()
        self._thinking = Thinking(model, beings.present)
        self._unsaid: tuple[Person, str] = (USER, "")
        """The rest of an answer that was interrupted just now, and to whom it was given."""
        self._spoke: tuple[Person, float] | None = None
        """Whose voice was answered last, and when, in monotonic seconds."""
        self._interrupted = False
        self._writing: tuple[asyncio.Task[Turn], Thought] | None = None
        """The answer that is being written, and what is thought of it."""

    @property
    def to_summarise(self) -> int:
        """The last turn that the summary of this conversation is to tell of by now; 0: none."""
        return self._present.prompting.to_summarise

    @property
    def seen(self) -> tuple[tuple[Message, int], ...]:
        """What the model read for the last answer, and the tokens of each; nothing when it was not asked."""
        tokens = self._present.prompting.tokens
        return tuple((each, tokens([each])) for each in self._thinking.seen)

    async def prepare(self) -> None:
        """Have all of the next prompt read that is known before the user has spoken: it will be in the room."""
        await self._loaded.wait()
        held = await self._floor.take(give_way=_soon)
        try:
            being = await self._now()
            being.prompting.talk = self._room
            await _look_back(being)
            opening = being.prompting.opening()
        finally:
            held.leave()
        await self._read(opening)

    async def prepare_in(self, language: Language) -> None:
        """The same for talk in any language, and what changes least of it is kept for the next start."""
        await self._loaded.wait()
        being = await self._now()
        if being.kept:
            await self._keep(language, being.prompting.lasting(language))
        await self._read(being.prompting.opening_in(language))

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
        self._give_way()

    def _give_way(self) -> None:
        """End what is being written."""
        if self._writing:
            task, thought = self._writing
            if not thought.binding:  # else it is over in a moment, and would be done twice
                task.cancel()

    async def answer(self, asked: Asked, *, started: Callable[[], None]) -> Turn:
        """Answer and remember what was really said; `started` is called at the first sample.

        Cancelled before it is certain what was asked, it has never been.
        """
        return await self._answer(asked, Thought(""), self._saying, started)

    async def write(self, asked: Asked) -> Turn | None:
        """Answer in writing, and remember it; None when it was interrupted: then it has never been.

        When somebody speaks in another room it is begun anew after that.
        """
        while not self._interrupted:
            turn = await self._write(asked)
            if turn:
                return turn
        return None

    async def _write(self, asked: Asked) -> Turn | None:
        thought = Thought("")
        try:
            async with asyncio.TaskGroup() as tasks:
                writing = tasks.create_task(
                    self._answer(asked, thought, Writing(_unseen), _unheard), name="answering.write"
                )
                self._writing = writing, thought
        finally:
            self._writing = None
        return None if writing.cancelled() else writing.result()

    async def _answer(self, asked: Asked, thought: Thought, saying: Saying, started: Callable[[], None]) -> Turn:
        began = self._clock.now()
        times = _Times(self._clock, asked)
        talk = asked.talk or self._room
        held = await self._floor.take(give_way=None if saying is self._saying else self._give_way)
        async with asyncio.TaskGroup() as tasks:
            try:
                being = await self._now()
                asked = self._told_apart(asked, being)
                heard = asked.transcript
                noted = not self._loaded.is_set()
                if noted:  # a loss of power may come sooner than the model
                    tasks.create_task(_note(being, asked, began), name="answering.note")
                    await self._loaded.wait()
                being.prompting.language, being.prompting.talk = heard.language, talk
                being.prompting.person = heard.person
                await _look_back(being)

                def first_sample() -> None:
                    times.heard()
                    started()

                concern = await being.care.look(heard) if being.care else NO_CONCERN
                granted = await (_comfort(being, concern, asked) if concern.level else _grant(being, asked, thought))
                if not noted and (granted is None or granted.remembered):
                    tasks.create_task(_note(being, asked, began), name="answering.note")
                thought.asked = being.prompting.asked(heard.text)
                reply = Reply(said="", interrupted=True)
                if not self._interrupted or saying is not self._saying:  # what is written is ended by cancelling it
                    prepared = granted.text if granted else self._rest(heard)
                    pieces = _once(prepared) if prepared else self._pieces(asked, thought, times)
                    pieces = self._leaving(held, pieces)
                    reply = await saying.say(pieces, heard.language, after=asked.end, started=first_sample)
            finally:
                held.leave()
            await asked.end
        thought.binding = True
        self._unsaid = heard.person, reply.unsaid
        if heard.speaker:
            self._spoke = heard.person, self._clock.monotonic()
        self._thinking.forget_question()
        turn = Turn(
            next(self._floor.turns),
            began,
            asked.wake,
            heard,
            reply,
            times.timings(),
            tuple(thought.calls),
            by=being.name,
            failed=thought.failed,
        )
        number = 0
        if thought.remembered and (granted is None or granted.remembered):
            async with self._floor.remembering:
                number = await being.memory.remember(turn)
            being.prompting.follow(number, thought.asked, reply.said, thought.steps, talk=talk, person=heard.person)
        else:
            await being.memory.let_go(heard)
        if being.care and concern.level:
            await being.care.keep(concern, number)
        return turn

    async def _leaving(self, held: Held, pieces: AsyncGenerator[str]) -> AsyncGenerator[str]:
        """The same pieces; when all of them are there the next room is let in, whatever is still to be said of them."""
        async with aclosing(pieces):
            async for piece in pieces:
                yield piece
                if self._floor.is_awaited:  # read to the end at once, and not as fast as it is spoken
                    rest = "".join([each async for each in pieces])
                    held.leave()
                    yield rest
            held.leave()

    def _rest(self, heard: Transcript) -> str:
        """What was thought of the last answer when it was interrupted, if that is asked for."""
        whose, rest = self._unsaid
        return rest if whose == heard.person and commands.understood(heard) == "go-on" else ""

    def _told_apart(self, asked: Asked, being: Being) -> Asked:
        """With whose words they are."""
        lately = self._spoke and self._clock.monotonic() - self._spoke[1] < ANSWERS_WITHIN_S
        before = self._spoke[0] if self._spoke and lately else None
        person = being.household.person(asked.transcript.speaker, before=before)
        if person == asked.transcript.person:
            return asked
        return replace(asked, transcript=replace(asked.transcript, person=person))

    async def _pieces(self, asked: Asked, thought: Thought, times: _Times) -> AsyncGenerator[str]:
        """What it thinks of to say; a prepared sentence where that fails or is nothing."""
        heard = asked.transcript
        text = words.load(heard.language)
        spoke = False
        try:
            async with aclosing(self._thinking.think(heard, thought, asked.end)) as pieces:
                async for piece in pieces:
                    times.thought()
                    spoke = True
                    yield piece
        except ModelError as error:
            log.error("no answer: %s", error)  # noqa: TRY400 - the sentence tells all
            spoke = thought.failed = True
            yield text.text(SAID.get(error.key, "talk.no-answer"))
        if not spoke:
            yield text.text("talk.speechless" if not thought.looked else "talk.forgotten")

    @property
    def _present(self) -> Being:
        return self._beings.present

    async def _now(self) -> Being:
        """Who is to answer; another one than before knows nothing of what was thought and left unsaid."""
        being = await self._beings.now()
        if being is not self._thinking.being:
            self._thinking, self._unsaid = Thinking(self._model, being), (USER, "")
        return being

    async def _keep(self, language: Language, messages: tuple[Message, ...]) -> None:
        try:
            await self._model.keep(language, messages)
        except ModelError as error:
            log.warning("the prompt could not be read in advance: %s", error)

    async def _read(self, messages: tuple[Message, ...]) -> None:
        try:
            await self._model.prepare(messages)
        except ModelError as error:
            log.warning("the prompt could not be read in advance: %s", error)


async def _look_back(being: Being) -> None:
    """Take up what the memory holds now, and how to speak for the time being."""
    being.prompting.manner = being.care.manner(being.prompting.language) if being.care else ""
    await being.prompting.look_back(being.memory.of(being.prompting.person))


async def _comfort(being: Being, concern: Concern, asked: Asked) -> Granted | None:
    """What is said where there is cause for concern: words written beforehand, and not the model's."""
    await asked.end
    return Granted(being.care.answer(concern, asked.transcript.language)) if being.care else None


async def _grant(being: Being, asked: Asked, thought: Thought) -> Granted | None:
    granted_to = being.for_guests if asked.transcript.person == GUEST else being.wishes
    wishes = next((each for each in granted_to if each.concern(asked.transcript)), None)
    if wishes is None:
        return None
    await asked.end
    thought.binding = True
    granted = await wishes.grant(asked.transcript)
    thought.binding = granted is not None
    return granted


async def _note(being: Being, asked: Asked, began: datetime) -> None:
    """As soon as it is certain what was asked, the memory has it, whatever becomes of the answer."""
    await asked.end
    await being.memory.hear(asked.transcript, began)


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


def _soon() -> None:
    """It ends in a moment anyway."""


def _unseen(piece: str) -> None:
    """Nobody reads along."""


def _unheard() -> None:
    """Nothing is played."""


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
