"""Who speaks when: from what is heard and typed to answers, one turn at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from digital_life.broadcast import Broadcast
from digital_life.errors import ModelError, SoundError, ungrouped
from digital_life.ports import Clock, Ears, Loudspeaker, SpeechToText
from digital_life.talking import commands
from digital_life.talking.addressed import named, without_wake
from digital_life.talking.answering import Answering, Asked, End
from digital_life.talking.echoed import is_echo
from digital_life.talking.endpoint import is_finished
from digital_life.talking.spoken.languages import language_of
from digital_life.values import (
    RATE,
    EarsOpened,
    HearingEvent,
    Language,
    NothingSaid,
    Speech,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
    SpeechSustained,
    State,
    Transcript,
    Turn,
    Utterance,
    WakeHeard,
)

log = logging.getLogger(__name__)

RETRY_FIRST_S = 1.0
RETRY_LAST_S = 30.0
"""Waits between two attempts to find a lost microphone: the first, and the longest."""


WAKE_TAIL_S = 0.6
"""Speech that ends so soon after the wake word was recognised is mostly the wake word's own end."""
LOWERED = 0.25
"""Loudness of its voice while somebody may be speaking over it."""
GOES_ON_S = 1.2
"""Who speaks again so soon had not finished."""
UNSURE = 0.5
"""Such speech is believed to hold more only when the recogniser is surer than this."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How it listens and answers."""

    answer_wait_s: float
    """How long the user may be silent after the wake word."""
    follow_up_s: float
    """How long it listens after an answer; 0: not at all."""
    earcon: Speech | None
    """Played when the wake word was heard."""
    language: Language
    """What a typed line is in when it does not show."""
    wake_phrases: tuple[str, ...] = ()
    """Some people say them though it listens already."""


@dataclass(slots=True)
class _Guess:
    """What may be the whole utterance, written down and thought about on suspicion."""

    utterance: Utterance
    wake: WakeHeard | None
    ended: float
    """Monotonic seconds of the last sample of speech."""
    end: asyncio.Future[End]
    transcript: asyncio.Task[Transcript | None] = field(init=False)
    turn: asyncio.Task[Turn] | None = None

    def forget(self) -> None:
        self.transcript.cancel()
        if self.turn:
            self.turn.cancel()


class Session:
    """Owns the state; hears through `ears`, answers through `answering`."""

    def __init__(
        self,
        *,
        ears: Ears,
        stt: SpeechToText,
        answering: Answering,
        loudspeaker: Loudspeaker,
        clock: Clock,
        broadcast: Broadcast,
        habits: Habits,
    ) -> None:
        self._ears = ears
        self._stt = stt
        self._answering = answering
        self._loudspeaker = loudspeaker
        self._clock = clock
        self._broadcast = broadcast
        self._habits = habits
        self._state = State.STARTING
        self._wake: WakeHeard | None = None
        self._guess: _Guess | None = None
        self._hearing = False
        self._turn_taken: asyncio.Task[None] | None = None
        self._last: _Guess | None = None
        """What the turn under way answers, if it was spoken."""
        self._joined: Utterance | None = None
        """The first part of what is being said."""
        self._over: int | None = None
        """Position from which somebody speaks over the answer, perhaps."""
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._thinking = asyncio.Lock()
        """One answer at a time; one that is given up has its time to end."""
        self._tasks: asyncio.TaskGroup

    @property
    def state(self) -> State:
        return self._state

    async def quiet(self) -> None:
        """Return when no answer is under way: a recording waits for this before it goes on."""
        await self._quiet.wait()

    async def run(self, typed: AsyncIterator[str] | None = None) -> None:
        """Hear and answer until the recording and the typed lines have ended; a microphone never does."""
        with ungrouped():
            async with asyncio.TaskGroup() as self._tasks:
                self._tasks.create_task(self._hear(), name="session.hear")
                if typed is not None:
                    self._tasks.create_task(self._read(typed), name="session.read")

    async def _hear(self) -> None:
        wait = RETRY_FIRST_S
        while True:
            try:
                async with aclosing(self._ears.events()) as events:
                    async for event in events:
                        wait = RETRY_FIRST_S
                        await self._on(event)
                return
            except SoundError as error:
                self._hearing, self._joined = False, None
                self._go_on()  # who spoke over it is not heard any more
                if self._state is not State.DEAF:  # said once, not at every attempt
                    log.warning("%s; trying again every %.0f to %.0f s", error, RETRY_FIRST_S, RETRY_LAST_S)
                self._show(State.DEAF)
                await self._clock.sleep(wait)
                wait = min(RETRY_LAST_S, wait * 2)

    async def _read(self, typed: AsyncIterator[str]) -> None:
        async for line in typed:
            if line.strip():
                await self._begin(self._answer_typed(line.strip()))

    def interrupt(self) -> None:
        """Stop the answer under way; what was said of it is remembered."""
        self._answering.interrupt()

    async def _on(self, event: HearingEvent) -> None:
        match event:
            case EarsOpened():
                self._hearing = True
                self._show(State.IDLE)
            case WakeHeard():
                await self._woken(event)
            case SpeechStarted(position):
                self._spoken_over(position)
            case SpeechSustained():
                self._wait_for_words()
            case SpeechPaused(utterance):
                self._suspect(utterance)
            case SpeechResumed():
                self._forget_guess()
            case Utterance():
                await self._heard(event)
            case NothingSaid() if not self._quiet.is_set():
                self._go_on()
            case NothingSaid():
                self._forget_guess()
                self._wake = None
                self._show(State.IDLE)

    async def _woken(self, wake: WakeHeard) -> None:
        self._forget_guess()
        self.interrupt()
        await self.quiet()
        self._wake, self._joined = wake, None
        self._show(State.LISTENING)
        if self._habits.earcon:
            self._tasks.create_task(self._chime(self._habits.earcon), name="session.earcon")
        self._tasks.create_task(self._answering.prepare(), name="session.prepare")

    async def _chime(self, earcon: Speech) -> None:
        try:
            await self._loudspeaker.play(earcon)
        except SoundError as error:
            log.warning("%s", error)

    # Thinking on suspicion, while the silence is still being judged.

    def _suspect(self, utterance: Utterance) -> _Guess:
        self._forget_guess()
        if self._joined:
            utterance = replace(utterance, pcm=self._joined.pcm + utterance.pcm, position=self._joined.position)
        silence_s = (utterance.decided - utterance.speech_ended) / RATE
        end = asyncio.get_running_loop().create_future()
        guess = self._guess = _Guess(utterance, self._wake, utterance.captured - silence_s, end)
        guess.transcript = self._tasks.create_task(self._think(guess), name="session.guess")
        return guess

    async def _think(self, guess: _Guess) -> Transcript | None:
        """Write it down, judge whether the sentence is finished, and begin the answer unless there is one under way."""
        transcript = await self._transcribe(guess.utterance, guess.wake)
        if transcript and transcript.text:
            finished = is_finished(transcript)
            if finished is not None:
                self._ears.judge(guess.utterance.speech_ended, finished=finished)
            if self._quiet.is_set() and commands.understood(transcript) != "stop":
                self._answering.begin()
                asked = Asked(transcript, guess.wake, guess.ended, guess.end)
                guess.turn = self._tasks.create_task(self._turn(asked), name="session.turn-ahead")
        return transcript

    def _forget_guess(self) -> None:
        guess, self._guess = self._guess, None
        if guess:
            guess.forget()

    async def _transcribe(self, utterance: Utterance, wake: WakeHeard | None) -> Transcript | None:
        hint = named(wake.phrase) if wake and _mere_wake(utterance, wake) else ""
        try:
            transcript = await self._stt.transcribe(utterance, hint=hint)
        except ModelError as error:
            log.warning("not understood: %s", error)
            return None
        if transcript is None:
            return None
        if hint and transcript.confidence < UNSURE:
            return replace(transcript, text="")
        text = transcript.text
        for phrase in (wake.phrase,) if wake else self._habits.wake_phrases:
            text = without_wake(text, phrase)
        return replace(transcript, text=text.strip())

    # Turns.

    async def _heard(self, utterance: Utterance) -> None:
        guess = self._guess
        if guess is None or guess.utterance.speech_ended != utterance.speech_ended:
            guess = self._suspect(utterance)
        joined = self._joined
        self._guess = self._wake = self._joined = None
        if self._is_speaking and not joined:
            self._tasks.create_task(self._interrupted_by(utterance, guess), name="session.spoken-over")
        elif joined or self._quiet.is_set():
            await self._begin(self._answer_spoken(utterance, guess))
            self._last = guess

    # Speaking over each other.

    @property
    def _is_speaking(self) -> bool:
        """Whether an answer can be heard, or waits to be heard on."""
        return self._ears.own_voice

    def _spoken_over(self, position: int) -> None:
        """Perhaps: it lowers its voice."""
        self._over = position
        if self._is_speaking:
            self._loudspeaker.turn(LOWERED)

    def _wait_for_words(self) -> None:
        """Somebody speaks: it is silent until it is known what was said."""
        last, turn = self._last, self._turn_taken
        if last and turn and self._over is not None and self._over - last.utterance.speech_ended <= GOES_ON_S * RATE:
            # That was not all: what follows belongs to it and is answered with it, not twice.
            self._joined, self._wake = last.utterance, last.wake
            last.forget()
            turn.cancel()
            self._show(State.LISTENING)
        elif self._is_speaking:
            self._loudspeaker.turn(0.0)
            self._show(State.LISTENING)

    def _go_on(self) -> None:
        """It was nothing: it speaks on where it was."""
        self._over = None
        if self._is_speaking:
            self._loudspeaker.turn(1.0)
            self._show(State.SPEAKING)

    async def _interrupted_by(self, utterance: Utterance, guess: _Guess) -> None:
        saying = self._answering.saying
        transcript = await guess.transcript
        if self._is_speaking and not _interrupts(transcript, saying):
            self._go_on()
        else:
            await self._begin(self._answer_spoken(utterance, guess))

    async def _begin(self, turn: Coroutine[None, None, None]) -> None:
        """Start a turn; one under way ends first, and what was said of it is remembered."""
        self._forget_guess()
        if not self._quiet.is_set():
            self.interrupt()
            await self.quiet()
        self._quiet.clear()
        self._ears.attentive, self._last = self._hearing, None
        self._turn_taken = self._tasks.create_task(self._take(turn), name="session.turn")

    async def _take(self, turn: Coroutine[None, None, None]) -> None:
        try:
            await turn
        finally:
            self._ears.own_voice = self._ears.attentive = False
            self._loudspeaker.turn(1.0)
            self._quiet.set()

    async def _answer_spoken(self, utterance: Utterance, guess: _Guess) -> None:
        began = self._clock.monotonic()
        self._show(State.THINKING)
        transcript = await guess.transcript
        if transcript is None or not transcript.text:
            self._listen_on(transcript, guess.wake, since=utterance.decided)
            return
        if commands.understood(transcript) == "stop":
            self._show(State.IDLE)
            return
        certain = self._clock.monotonic()
        silence_s = (utterance.decided - utterance.speech_ended) / RATE
        endpoint_s = silence_s + max(0.0, began - utterance.captured)
        guess.end.set_result(End(certain, endpoint_s, certain - began))
        await self._answer(Asked(transcript, guess.wake, guess.ended, guess.end), guess.turn)

    def _listen_on(self, transcript: Transcript | None, wake: WakeHeard | None, *, since: int) -> None:
        """Nothing was said to it: after the mere wake word it waits for more, else it was a noise."""
        if transcript:
            self._wake = wake
            self._ears.follow_up(self._habits.answer_wait_s, since=since)
            self._show(State.LISTENING)
        else:
            self._show(State.IDLE)

    async def _answer_typed(self, line: str) -> None:
        self._show(State.THINKING)
        transcript = Transcript(line, language_of(line, self._habits.language), confidence=1.0)
        await self._answer(Asked.typed(transcript, self._clock.monotonic()))

    async def _answer(self, asked: Asked, ahead: asyncio.Task[Turn] | None = None) -> None:
        """Answer, or let the answer that was begun `ahead` be heard."""
        self._broadcast.publish(asked.transcript)
        if ahead is None:
            self._answering.begin()
        turn = await (ahead or self._turn(asked))
        self._broadcast.publish(turn)
        if turn.reply.interrupted:
            return  # whoever interrupted decides what comes next
        over = commands.understood(asked.transcript) == "bye"
        if self._habits.follow_up_s and self._hearing and not over:
            self._ears.follow_up(self._habits.follow_up_s, since=self._over)
            self._show(State.LISTENING)
        else:
            self._show(State.IDLE if self._hearing else State.DEAF)
        self._tasks.create_task(self._answering.prepare(), name="session.prepare")

    async def _turn(self, asked: Asked) -> Turn:
        async with self._thinking:
            return await self._answering.answer(asked, started=self._speaks)

    def _speaks(self) -> None:
        if self._quiet.is_set():
            return  # given up just before its first sample
        self._over = None
        self._ears.own_voice = True
        self._show(State.SPEAKING)

    def _show(self, state: State) -> None:
        if state is not self._state:
            self._state = state
            self._broadcast.publish(state)


def _interrupts(heard: Transcript | None, saying: str) -> bool:
    """Whether what was heard is more than noise, a sign of listening, or its own words come back."""
    if heard is None or not heard.text or commands.understood(heard) == "backchannel":
        return False
    return not is_echo(heard.text, saying)


def _mere_wake(utterance: Utterance, wake: WakeHeard) -> bool:
    """Whether next to nothing can have been said after the wake word."""
    one_breath = utterance.position < wake.position
    return one_breath and utterance.speech_ended - wake.position < WAKE_TAIL_S * RATE
