"""From what was said to an answer that was heard: prompt, model, voice; and the dialogue it leaves."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta

from digital_life import words
from digital_life.config import Persona
from digital_life.errors import ModelError
from digital_life.ports import Clock, LanguageModel
from digital_life.talking import prompt
from digital_life.talking.dialogue import Dialogue, Exchange
from digital_life.talking.saying import Saying
from digital_life.values import Language, Message, Reply, Timings, Transcript, Turn, WakeHeard

log = logging.getLogger(__name__)

NOTE_LASTS = timedelta(minutes=2)
"""For so long the time that was read in advance still does; reading it again costs 0.2 s on a small machine."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was said to it, and when."""

    transcript: Transcript
    wake: WakeHeard | None
    ended: float
    """Monotonic seconds of the last sample of speech, or of the typed line."""
    endpoint_s: float | None = None
    """From there until it was known to be over; None when it was typed."""
    stt_s: float | None = None


class Answering:
    """Answers one turn at a time and keeps today's dialogue."""

    def __init__(
        self, *, model: LanguageModel, saying: Saying, clock: Clock, persona: Persona, dialogue_tokens: int
    ) -> None:
        self._model = model
        self._saying = saying
        self._clock = clock
        self._words = words.load(persona.language)
        self._system = prompt.persona(persona, self._words)
        self._dialogue_tokens = dialogue_tokens
        self._dialogue = Dialogue()
        self._noted = datetime.min.replace(tzinfo=clock.now().tzinfo)
        self._turns = 0
        self._interrupted = False

    async def prepare(self) -> None:
        """Have all of the next prompt read that is known before the user has spoken."""
        self._forget_what_is_over()
        await self._read(prompt.opening(self._system, self._dialogue, self._note()))

    async def expect(self, transcript: Transcript) -> None:
        """Have the next prompt read as if `transcript` were all that will be said."""
        await self._read(prompt.whole(self._system, self._dialogue, self._note() + transcript.text))

    def begin(self) -> None:
        """A turn begins: what is interrupted from now on is this turn."""
        self._interrupted = False

    def interrupt(self) -> None:
        """End the turn under way: silence now, and no more thinking."""
        self._interrupted = True
        self._saying.interrupt()

    async def answer(self, asked: Asked, *, started: Callable[[], None]) -> Turn:
        """Answer and remember what was really said; `started` is called at the first sample."""
        self._forget_what_is_over()
        began = self._clock.now()
        text = self._note() + asked.transcript.text
        times = _Times(self._clock, asked)

        def first_sample() -> None:
            times.heard()
            started()

        reply = Reply(said="", interrupted=True)
        if not self._interrupted:
            pieces = self._pieces(prompt.whole(self._system, self._dialogue, text), asked.transcript.language, times)
            reply = await self._saying.say(pieces, asked.transcript.language, started=first_sample)
        self._turns += 1
        self._dialogue = self._dialogue.followed_by(Exchange(at=began, asked=text, answered=reply.said))
        return Turn(self._turns, began, asked.wake, asked.transcript, reply, times.timings())

    async def _pieces(self, messages: tuple[Message, ...], language: Language, times: _Times) -> AsyncGenerator[str]:
        """The model's answer; a prepared sentence where it fails or finds none."""
        spoke = False
        try:
            async with aclosing(self._model.reply(messages)) as pieces:
                async for piece in pieces:
                    times.thought()
                    spoke = True
                    yield piece
        except ModelError as error:
            log.error("no answer: %s", error)  # noqa: TRY400 - the sentence tells all
            spoke = True
            yield words.load(language).text("talk.no-answer")
        if not spoke:
            yield words.load(language).text("talk.speechless")

    def _forget_what_is_over(self) -> None:
        """Keep today's dialogue, as much of it as there is room for."""
        self._dialogue = self._dialogue.on(self._clock.now()).within(self._dialogue_tokens, self._model.tokens)

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
        return Timings(
            endpoint=_ms(self._asked.endpoint_s),
            stt=_ms(self._asked.stt_s),
            first_token=_ms(self._thought - self._began if self._thought else None),
            first_audio=_ms(self._heard - self._asked.ended if self._heard else None),
            total=_ms(self._clock.monotonic() - self._asked.ended),
        )


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 1)
