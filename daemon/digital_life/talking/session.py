"""Who speaks when: from what is heard and typed to answers, one turn at a time."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Literal

from digital_life import words
from digital_life.broadcast import Broadcast
from digital_life.errors import SoundError, ungrouped
from digital_life.ports import Clock, Ears, Loudspeaker, Mute, WakeNotes
from digital_life.talking import commands
from digital_life.talking.answering import Answering, Asked, End
from digital_life.talking.echoed import is_echo
from digital_life.talking.patience import Patience
from digital_life.talking.queue import FairQueue
from digital_life.talking.quiet import QuietHours
from digital_life.talking.saying import Aloud
from digital_life.talking.spoken.languages import language_of
from digital_life.talking.understanding import Understanding, Understood
from digital_life.values import (
    RATE,
    RESTING,
    Announced,
    EarsOpened,
    HearingEvent,
    Language,
    NothingSaid,
    Place,
    Speech,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
    SpeechSustained,
    Spoken,
    State,
    Transcript,
    Turn,
    Utterance,
    WakeDoubted,
    WakeHeard,
    WakeMissed,
    Waking,
    Written,
)

log = logging.getLogger(__name__)

RETRY_FIRST_S = 1.0
RETRY_LAST_S = 8.0
"""Waits between two attempts to find a lost microphone: the first, and the longest."""
STEADY_S = 10.0
"""A microphone that is lost so soon after it opened has not come back: it is tried again later each time."""

LOWERED = 0.25
"""Loudness of its voice while somebody may be speaking over it."""
GOES_ON_S = 1.2
"""Who speaks again so soon had not finished."""
OPENING_S = 4.0
"""A microphone that takes longer to open is none; the machine's own may need 3."""
LOOK_S = 0.1
"""How often who waits to be let in looks whether somebody speaks."""
NOTICE_S = 3.0
"""Who asked in writing and waits longer is told."""
PAUSE_S = 2.0
"""Who says nothing for so long after an answer is not cut short by an announcement."""


@dataclass(frozen=True, slots=True)
class Earcons:
    """Short tones."""

    woken: Speech
    """It heard its wake word."""
    thinking: Speech
    """It has understood, and the answer will take a while."""
    muted: Speech
    unmuted: Speech
    ringing: Speech
    """Something is due."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How it listens and answers."""

    answer_wait_s: float
    """How long the user may be silent after the wake word."""
    follow_up_s: float
    """How long it listens after an answer; 0: not at all."""
    language: Language
    """What a typed line is in when it does not show."""
    earcons: Earcons | None = None
    quiet: QuietHours = QuietHours()  # noqa: RUF009 - frozen
    open_silence_s: float = 60.0
    """How long the user may be silent in a talk that stays open."""


@dataclass(slots=True)
class _Guess:
    """What may be the whole utterance, written down and thought about on suspicion."""

    utterance: Utterance
    wake: WakeHeard | None
    ended: float
    """Monotonic seconds of the last sample of speech."""
    end: asyncio.Future[End]
    understood: asyncio.Task[Understood] = field(init=False)
    turn: asyncio.Task[Turn] | None = None

    def forget(self) -> None:
        self.understood.cancel()
        if self.turn:
            self.turn.cancel()


class Session:
    """Owns the state; hears through `ears`, answers through `answering`."""

    def __init__(  # noqa: PLR0913, PLR0915 - all that a talk needs, by keyword, and all that it keeps in mind
        self,
        *,
        ears: Ears,
        understanding: Understanding,
        answering: Answering,
        saying: Aloud,
        loudspeaker: Loudspeaker,
        clock: Clock,
        broadcast: Broadcast,
        mute: Mute,
        notes: WakeNotes,
        habits: Habits,
        awaited: Callable[[Transcript], bool] = lambda _: False,
        room: str = "",
        is_first: Callable[[WakeHeard], bool] = lambda _: True,
    ) -> None:
        """`awaited`: whether that is the answer to a question, though it sounds like "stop".

        `room`: where it is; empty: where this machine stands. `is_first`: whether no other room heard that wake word.
        """
        self._ears = ears
        self._understanding = understanding
        self._answering = answering
        self._saying = saying
        saying.tell(self._tell_spoken)
        self._loudspeaker = loudspeaker
        self._clock = clock
        self._broadcast = broadcast
        self._mute = mute
        self._notes = notes
        self._habits = habits
        self._awaited = awaited
        self._room = room
        self._is_first = is_first
        self._patience = Patience()
        self._state = State.STARTING
        self._wake: WakeHeard | None = None
        self._guess: _Guess | None = None
        self._ears_open = asyncio.Event()
        self._look = asyncio.Event()
        """Set when a microphone that was lost is to be looked for at once."""
        self._stays = False
        """Whether this is a talk that stays open: no wake word is needed until somebody ends it."""
        self._doubted: WakeDoubted | None = None
        """What may be a wake word, the latest of it."""
        self._checking: asyncio.Task[None] | None = None
        """Whether it was one."""
        self._turn_taken: asyncio.Task[None] | None = None
        self._last: _Guess | None = None
        """What the turn under way answers, if it was spoken."""
        self._joined: Utterance | None = None
        """The first part of what is being said."""
        self._over: int | None = None
        """Position from which somebody speaks over the answer, perhaps."""
        self._acknowledged: Callable[[], None] | None = None
        """To be called when the person shows that the latest announcement was heard."""
        self._elsewhere: tuple[Callable[[], None], float] | None = None
        """The same of one in another room, and until when (monotonic seconds)."""
        self._ringing: asyncio.Task[None] | None = None
        self._resting = asyncio.Event()
        self._voiced = False
        """Whether somebody has begun to speak and not ended."""
        self._resumes = self._unheard = self._ends = False
        """Whether what is announced interrupts a talk that stays open; could not be played; was cancelled for good."""
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._queue = FairQueue()
        """Who wrote; who speaks goes before all of them."""
        self._let: Place | None = None
        """Whose answer is begun; a voice may have ended it."""
        self._asked = set[Place]()
        """Those of them who want no sound: they wait until it listens to nobody."""
        self._moved_up = asyncio.Event()
        """Another one for each time that somebody leaves the queue."""
        self._thinking = asyncio.Lock()
        """One answer at a time; one that is given up has its time to end."""
        self._tasks: asyncio.TaskGroup

    @property
    def state(self) -> State:
        return self._state

    @property
    def stays(self) -> bool:
        """Whether this is a talk that stays open."""
        return self._stays

    @property
    def is_away(self) -> bool:
        """Whether it is in another room, and its device cannot be reached."""
        return bool(self._room) and self._state in (State.DEAF, State.STARTING)

    @property
    def is_unheard(self) -> bool:
        """Whether what it announced last could not be played."""
        return self._unheard

    @property
    def hears(self) -> bool:
        """Whether the microphone is open."""
        return self._hearing

    @property
    def _hearing(self) -> bool:
        return self._ears_open.is_set()

    async def quiet(self) -> None:
        """Return when no answer is under way, and no wake word looked at: a recording waits for this."""
        await self._quiet.wait()
        if self._checking:
            await asyncio.wait((self._checking,))
            await self._quiet.wait()

    async def run(self, typed: AsyncIterator[str] | None = None) -> None:
        """Hear and answer until the recording and the typed lines have ended; a microphone never does."""
        try:
            with ungrouped():
                async with asyncio.TaskGroup() as self._tasks:
                    self._tasks.create_task(self._hear(), name="session.hear")
                    if typed is not None:
                        self._tasks.create_task(self._read(typed), name="session.read")
        finally:
            self._resting.clear()  # nobody speaks any more: what would be announced waits

    async def _hear(self) -> None:
        try:
            while True:
                if self._mute.on:
                    await self._be_muted()
                if await self._ended_unmuted():
                    return
        except asyncio.CancelledError:
            self._ends = True
            raise

    async def _ended_unmuted(self) -> bool:
        """Listen until the recording ends, or it is muted: then there is no microphone, and False is returned."""
        listening = self._tasks.create_task(self._listen(), name="session.listen")
        muting = self._tasks.create_task(self._mute.until(on=True), name="session.muting")
        try:
            await asyncio.wait((listening, muting), return_when=asyncio.FIRST_COMPLETED)
        finally:
            muting.cancel()
        if listening.done():
            return True
        listening.cancel()
        await asyncio.wait((listening,))
        return False

    async def _be_muted(self) -> None:
        self._stop_listening()
        if self._quiet.is_set():
            self._rest()
        self._chime("muted")
        await self._mute.until(on=False)
        self._chime("unmuted")

    async def _listen(self) -> None:
        wait, steady = RETRY_FIRST_S, True
        while True:
            opened = math.inf
            try:
                async with aclosing(self._ears.events()) as events:
                    async for event in events:
                        if isinstance(event, EarsOpened):
                            opened = self._clock.monotonic()
                        await self._on(event)
                return
            except SoundError as error:
                self._stop_listening()
                if self._clock.monotonic() - opened >= STEADY_S:
                    wait, steady = RETRY_FIRST_S, True
                if steady:  # said once, not at every attempt
                    steady = False
                    log.warning("%s; trying again every %.0f to %.0f s", error, RETRY_FIRST_S, RETRY_LAST_S)
                self._show(State.DEAF)
                await self._wait_for_microphone(wait)
                wait = min(RETRY_LAST_S, wait * 2)

    async def _wait_for_microphone(self, seconds: float) -> None:
        waiting = (
            self._tasks.create_task(self._clock.sleep(seconds), name="session.microphone-wait"),
            self._tasks.create_task(self._look.wait(), name="session.microphone-look"),
        )
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waiting:
                each.cancel()
        self._look.clear()

    def _stop_listening(self) -> None:
        """Nothing more will be heard of who is speaking now."""
        self._forget_guess()
        self._doubt_no_more()
        self._ears_open.clear()
        self._stays = False
        self._wake = self._joined = None
        self._go_on()  # who spoke over it is not heard any more

    async def _read(self, typed: AsyncIterator[str]) -> None:
        async for line in typed:
            if line.strip():
                await self._begin(self._answer_typed(line.strip()))
            else:
                self._mute.on = not self._mute.on

    def interrupt(self) -> None:
        """Stop the answer or announcement under way; what was said of an answer is remembered."""
        self._answering.interrupt()
        self._saying.interrupt()
        if self._ringing:
            self._ringing.cancel()

    async def _on(self, event: HearingEvent) -> None:
        self._voiced = isinstance(event, SpeechStarted | SpeechSustained | SpeechPaused | SpeechResumed)
        match event:
            case EarsOpened():
                self._ears_open.set()
                if self._quiet.is_set():
                    self._rest()
            case WakeHeard() | WakeDoubted() | WakeMissed():
                await self._perhaps_woken(event)
            case SpeechPaused(utterance):
                self._suspect(utterance)
            case SpeechResumed():
                self._forget_guess()
            case Utterance():
                await self._heard(event)
            case SpeechStarted() | SpeechSustained() | NothingSaid():
                self._overheard(event)

    def _overheard(self, event: SpeechStarted | SpeechSustained | NothingSaid) -> None:
        match event:
            case SpeechStarted(position):
                self._spoken_over(position)
            case SpeechSustained():
                self._wait_for_words()
            case NothingSaid() if not self._quiet.is_set():
                self._go_on()
            case NothingSaid():
                self._forget_guess()
                self._woken_in_vain()
                self._stays = False
                self._rest()

    # Waking.

    async def _perhaps_woken(self, event: WakeHeard | WakeDoubted | WakeMissed) -> None:
        match event:
            case WakeMissed():
                self._notes.note(event, Waking.NEAR)
            case WakeDoubted():
                self._doubted = event
                if self._checking is None or self._checking.done():
                    self._checking = self._tasks.create_task(self._check(), name="session.check")
            case WakeHeard() if not self._is_first(event):
                self._doubt_no_more()
                self._ears.follow_up(0.0)  # another room answers
            case WakeHeard():
                self._doubt_no_more()
                await self._woken(event)

    async def _check(self) -> None:
        """Look at a doubtful wake word again, and at more of it that has come meanwhile; what is said is not lost."""
        while doubted := self._doubted:
            self._doubted = None
            if await self._understanding.is_wake(doubted):
                self._doubted = None
                if self._is_first(doubted.wake):
                    await self._woken(doubted.wake)
                    self._ears.attend(doubted.wake)
            elif not doubted.at_once:
                self._notes.note(doubted.wake, Waking.DOUBTED)

    def _doubt_no_more(self) -> None:
        self._doubted = None
        if self._checking:
            self._checking.cancel()

    async def _woken(self, wake: WakeHeard) -> None:
        self._broadcast.publish(wake)
        self._forget_guess()
        self._acknowledge()
        self.interrupt()
        await self._quiet.wait()
        self._wake, self._joined, self._resumes = wake, None, False
        self._show(State.LISTENING)
        self._turn_voice(1.0)
        self._chime("woken")
        self._tasks.create_task(self._answering.prepare(), name="session.prepare")

    def _woken_in_vain(self) -> None:
        if self._wake:
            self._notes.note(self._wake, Waking.VAIN)
            self._wake = None

    def _chime(self, name: Literal["woken", "thinking", "muted", "unmuted"]) -> None:
        if self._habits.earcons:
            earcon: Speech = getattr(self._habits.earcons, name)
            self._tasks.create_task(self._play(earcon), name="session.earcon")

    async def _play(self, earcon: Speech) -> None:
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
        guess.understood = self._tasks.create_task(self._think(guess), name="session.guess")
        return guess

    async def _think(self, guess: _Guess) -> Understood:
        """Write it down, judge whether it was all, and begin the answer unless there is one under way."""
        understood = await self._understanding.understand(guess.utterance, guess.wake)
        if understood.transcript:
            understood = replace(understood, transcript=replace(understood.transcript, room=self._room))
        transcript = understood.transcript
        if transcript and transcript.text:
            self._ears.judge(guess.utterance.speech_ended, finished=understood.over)
            if self._quiet.is_set() and not self._is_settled_by(transcript, guess.wake):
                self._answering.begin()
                asked = Asked(transcript, guess.wake, guess.ended, guess.end)
                guess.turn = self._tasks.create_task(self._turn(asked), name="session.turn-ahead")
        return understood

    def _forget_guess(self) -> None:
        guess, self._guess = self._guess, None
        if guess:
            guess.forget()

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
            self._turn_voice(LOWERED)

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
            self._turn_voice(0.0)
            self._show(State.LISTENING)

    def _go_on(self) -> None:
        """It was nothing: it speaks on where it was."""
        self._over = None
        if self._is_speaking:
            self._turn_voice(1.0)
            self._show(State.SPEAKING)

    def _turn_voice(self, share: float) -> None:
        """So loud of what it is at this hour."""
        self._loudspeaker.turn(share * self._habits.quiet.volume_at(self._clock.now()))

    async def _interrupted_by(self, utterance: Utterance, guess: _Guess) -> None:
        saying = self._saying.saying
        transcript = (await guess.understood).transcript
        if self._is_speaking and not self._is_sign(transcript) and not _interrupts(transcript, saying):
            self._go_on()
        else:
            await self._begin(self._answer_spoken(utterance, guess))

    async def _begin(self, turn: Coroutine[None, None, None], *, attentive: bool = True) -> None:
        """Start a turn; one under way ends first, and what was said of it is remembered.

        `attentive`: who goes on speaking meanwhile is heard.
        """
        self._forget_guess()
        if not self._quiet.is_set():
            self.interrupt()
            await self._quiet.wait()
        if self._ends:
            # Some of what it does still ends. Who wants something just now, as a timer, is next to be cancelled.
            turn.close()
            raise asyncio.CancelledError
        self._quiet.clear()
        self._ears.attentive, self._last = self._hearing and attentive, None
        self._turn_taken = self._tasks.create_task(self._take(turn), name="session.turn")

    async def _take(self, turn: Coroutine[None, None, None]) -> None:
        try:
            await turn
        finally:
            self._ears.own_voice = self._ears.attentive = False
            self._turn_voice(1.0)
            self._quiet.set()

    async def _answer_spoken(self, utterance: Utterance, guess: _Guess) -> None:
        began = self._clock.monotonic()
        self._show(State.THINKING)
        understood = await guess.understood
        transcript = understood.transcript
        if understood.failed:
            await self._ask_again(guess.wake)
            return
        if transcript is None or not transcript.text:
            self._listen_on(transcript, guess.wake, since=utterance.decided)
            return
        if self._is_settled_by(transcript, guess.wake):
            self._settle(transcript, guess.wake)
            return
        if self._patience.is_tried(transcript.language):
            self._chime("thinking")
        certain = self._clock.monotonic()
        silence_s = (utterance.decided - utterance.speech_ended) / RATE
        endpoint_s = silence_s + max(0.0, began - utterance.captured)
        guess.end.set_result(End(certain, endpoint_s, certain - began))
        await self._answer(Asked(transcript, guess.wake, guess.ended, guess.end), guess.turn)

    async def _ask_again(self, wake: WakeHeard | None) -> None:
        """It heard somebody and does not know what was said: that is told, and it listens."""
        language = self._habits.language
        said: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        await self._announce(words.load(language).text("talk.unheard"), language, said, ring=False)
        self._wake = wake

    def _listen_on(self, transcript: Transcript | None, wake: WakeHeard | None, *, since: int) -> None:
        """Nothing was said to it: after the mere wake word, or in an open talk, it waits for more."""
        self._wake = wake
        if transcript or self._stays:
            self._ears.follow_up(
                self._habits.open_silence_s if self._stays else self._habits.answer_wait_s, since=since
            )
            self._show(State.LISTENING)
        else:
            self._woken_in_vain()
            self._rest()

    async def _answer_typed(self, line: str) -> None:
        self._show(State.THINKING)
        transcript = Transcript(line, language_of(line, self._habits.language), confidence=1.0, room=self._room)
        if self._acknowledged and self._is_settled_by(transcript):
            self._settle(transcript)
            return
        self._acknowledge()
        await self._answer(Asked.typed(transcript, self._clock.monotonic()))

    async def _answer(self, asked: Asked, ahead: asyncio.Task[Turn] | None = None) -> None:
        """Answer, or let the answer that was begun `ahead` be heard."""
        self._broadcast.publish(asked.transcript)
        if ahead is None:
            self._answering.begin()
        turn = await (ahead or self._turn(asked))
        self._broadcast.publish(turn)
        self._patience.learn(turn.heard.language, turn.timings)
        if asked.wake:
            self._notes.note(asked.wake, Waking.ANSWERED)
        command = commands.understood(asked.transcript)
        if command == "mute":
            self._mute.on = True
        if turn.reply.interrupted:
            return  # whoever interrupted decides what comes next
        self._stays = (self._stays or command == "talk") and command != "bye" and self._hearing
        listens_s = self._habits.open_silence_s if self._stays else self._habits.follow_up_s
        if listens_s and self._hearing and command not in ("bye", "mute") and not self._hurries(asked):
            self._ears.follow_up(listens_s, since=self._over)
            self._show(State.LISTENING)
        else:
            self._rest()
        self._tasks.create_task(self._answering.prepare(), name="session.prepare")

    def _hurries(self, asked: Asked) -> bool:
        """Whether nobody spoke, and others who wrote wait: it does not listen for more."""
        return asked.end.result().endpoint_s is None and len(self._queue) > 1 and not self._stays

    async def _turn(self, asked: Asked) -> Turn:
        async with self._thinking:
            return await self._answering.answer(asked, started=self._speaks)

    def _speaks(self) -> None:
        if self._quiet.is_set():
            return  # given up just before its first sample
        self._over = None
        self._ears.own_voice = True
        self._show(State.SPEAKING)

    def _tell_spoken(self, text: str, language: Language) -> None:
        self._broadcast.publish(Spoken(text, language))

    # From a page.

    def look_again(self) -> None:
        """A microphone that was lost may be there: it is not waited for any longer."""
        self._look.set()

    async def say(self, text: str) -> None:
        """Answer a typed line aloud, as one that was typed at the terminal."""
        self._show(State.THINKING)
        await self._begin(self._answer_typed(text))
        await asyncio.sleep(0)  # now it is under way: who stops it before its first step would stop nothing

    @property
    def is_taken(self) -> bool:
        """Whether somebody speaks to it or is answered."""
        if self._state is State.LISTENING:
            return self._voiced or self._wake is not None or not self._quiet.is_set()
        return self._state not in RESTING or not self._quiet.is_set()

    # Waiting for an answer to what was written.

    def join(self, who: str) -> Place:
        """A place among those who wrote, until it is left. Raises CrowdedError."""
        return self._queue.join(who)

    def return_first(self, who: str) -> Place:
        """A place before all others: its answer was begun and given up."""
        return self._queue.return_first(who)

    def leave(self, place: Place) -> None:
        """It is answered, or gave up."""
        self._queue.leave(place)
        moved_up, self._moved_up = self._moved_up, asyncio.Event()
        moved_up.set()

    def before(self, place: Place) -> int:
        """How many are answered before it, who speaks among them."""
        return self._queue.before(place) + (self._let not in self._queue)

    def is_alone(self, who: str) -> bool:
        """Whether nobody else waits or is answered in writing."""
        return self._queue.is_alone(who)

    async def let_in(self, place: Place) -> None:
        """Return when it is its turn and nobody speaks or is answered; it goes on listening to who says nothing."""
        while self.is_taken or self._next != place:
            await self._clock.sleep(LOOK_S)
        self._let = place

    @property
    def _next(self) -> Place | None:
        """While it listens, who wants no sound holds up nobody: the talk may stay open for long."""
        return self._queue.first if self._resting.is_set() else self._queue.first_but(self._asked)

    async def _come_first(self, place: Place) -> None:
        while self._queue.first != place:
            await self._moved_up.wait()

    async def attend(self, *, since: int | None, stays: bool) -> bool:
        """Listen without a wake word, from that position of the sound on; None: from now on. What it says ends.

        `stays`: until the talk is ended, not to one question alone. Returns whether it listens: it cannot while it is
        muted or has no microphone.
        """
        self.look_again()
        if not await self._can_hear():
            return False
        self._forget_guess()
        self._doubt_no_more()
        self._acknowledge()
        self._ears.attentive = False
        self.interrupt()
        await self._quiet.wait()
        self._wake, self._joined, self._resumes, self._stays = None, None, False, stays
        self._ears.follow_up(self._habits.open_silence_s, since=since)
        self._turn_voice(1.0)
        self._show(State.LISTENING)
        self._tasks.create_task(self._answering.prepare(), name="session.prepare")
        return True

    async def _can_hear(self) -> bool:
        if self._mute.on:
            return False
        try:
            async with asyncio.timeout(OPENING_S):
                await self._ears_open.wait()
        except TimeoutError:
            return False
        return True

    # Asked and stopped from elsewhere.

    async def stop(self) -> None:
        """Be silent and listen no longer, as when "stop" is said."""
        if self._state is State.LISTENING and self._quiet.is_set():
            self._stays = False
            self._ears.follow_up(0.0)
        elif not self._quiet.is_set():
            self._acknowledge()
            self.interrupt()
            await self._quiet.wait()
            if self._state is not State.LISTENING:  # else somebody speaks, and is heard
                self._stays = False
                self._rest()

    async def rested(self) -> None:
        """Return when nobody is heard, answered or spoken to."""
        while not (self._resting.is_set() and self._quiet.is_set()):
            await self._resting.wait()
            await self._quiet.wait()

    async def ask(
        self,
        text: str,
        language: Language,
        *,
        talk: str = "",
        who: str = "",
        waits: Callable[[int], None] | None = None,
    ) -> Turn:
        """Answer in writing when nobody speaks. Who begins to speak goes first, and then it is answered from anew.

        `talk` names the dialogue that this belongs to; empty: that of the room. `who` asks: one question of each is
        answered in turn; empty: whose dialogue it is. `waits` is called once when it waits long, with how many are
        before it. Raises CrowdedError when too many wait.
        """
        place = self.join(who or talk)
        self._asked.add(place)
        notice = asyncio.get_running_loop().call_later(NOTICE_S, self._tell_waiting, place, waits)
        try:
            await self._come_first(place)
            return await self._ask(Transcript(text, language, confidence=1.0, remote=True), talk, place, notice)
        finally:
            notice.cancel()
            self._asked.discard(place)
            self.leave(place)

    def _tell_waiting(self, place: Place, waits: Callable[[int], None] | None) -> None:
        if waits:
            waits(self.before(place))

    async def _ask(self, transcript: Transcript, talk: str, place: Place, notice: asyncio.TimerHandle) -> Turn:
        while True:
            await self.rested()
            self._let = place
            notice.cancel()
            answered: asyncio.Future[Turn | None] = asyncio.get_running_loop().create_future()
            self._answering.begin()
            await self._begin(self._write(transcript, answered, talk), attentive=False)
            turn = await answered
            if turn:
                return turn
            self._let = None

    async def _write(self, transcript: Transcript, answered: asyncio.Future[Turn | None], talk: str) -> None:
        turn = None
        try:
            self._show(State.THINKING)
            async with self._thinking:
                turn = await self._answering.write(Asked.typed(transcript, self._clock.monotonic(), talk=talk))
            if turn:
                self._broadcast.publish(Written(turn))
                self._rest()
                self._tasks.create_task(self._answering.prepare(), name="session.prepare")
        finally:
            if not answered.done():
                answered.set_result(turn)

    # Speaking unasked.

    async def free(self) -> None:
        """Return when nobody speaks or is answered; it listens no longer for somebody who says nothing."""
        while not (self._resting.is_set() and self._quiet.is_set()):
            await self._clock.sleep(PAUSE_S)
            if self._state is State.LISTENING and self._quiet.is_set() and not (self._voiced or self._wake):
                self._resumes = self._stays
                self._ears.follow_up(0.0)

    async def announce(
        self, text: str, language: Language, *, ring: bool, acknowledged: Callable[[], None] | None = None
    ) -> bool:
        """Say `text` as soon as nobody speaks, after a tone if it shall `ring`, and listen for an answer.

        Returns whether all of it was said. `acknowledged` is called once, until the next announcement: at the wake
        word, a typed line, or a sign that it was heard. On cancellation it is silent before this raises.
        """
        await self.free()
        self._acknowledged = acknowledged
        said: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        await self._begin(self._announce(text, language, said, ring=ring))
        try:
            return await said
        except asyncio.CancelledError:
            await self.stop()
            raise

    def await_sign(self, told: Callable[[], None], *, seconds: float) -> None:
        """Call `told` once when somebody says after the wake word that it was heard what is said in another room."""
        self._elsewhere = told, self._clock.monotonic() + seconds

    async def _announce(self, text: str, language: Language, said: asyncio.Future[bool], *, ring: bool) -> None:
        whole = False
        try:
            self._turn_voice(1.0)
            self._speaks()
            self._broadcast.publish(Announced(text, language))
            self._unheard = False
            async with self._thinking:
                if not ring or await self._ring():
                    reply = await self._saying.say(_once(text), language)
                    self._unheard = reply.unheard
                    whole = not (reply.interrupted or reply.unheard)
            if whole:
                self._await_answer()
            elif self._unheard:
                self._rest()
        finally:
            if not said.done():
                said.set_result(whole)

    async def _ring(self) -> bool:
        """Whether nobody interrupted it."""
        if not self._habits.earcons:
            return True
        self._ringing = self._tasks.create_task(self._play(self._habits.earcons.ringing), name="session.ringing")
        await asyncio.wait((self._ringing,))
        return not self._ringing.cancelled()

    def _await_answer(self) -> None:
        """To what was announced; a talk that it interrupted goes on."""
        self._stays, self._resumes = self._resumes, False
        if self._hearing:
            listens_s = self._habits.open_silence_s if self._stays else self._habits.answer_wait_s
            self._ears.follow_up(listens_s, since=self._over)
            self._show(State.LISTENING)
        else:
            self._rest()

    def _acknowledge(self) -> None:
        acknowledged, self._acknowledged = self._acknowledged, None
        if acknowledged:
            acknowledged()

    def _is_settled_by(self, transcript: Transcript, wake: WakeHeard | None = None) -> bool:
        """Whether nothing is to be answered: "stop", or a sign that what was announced has been heard."""
        if self._awaited(transcript):
            return False
        is_sign = self._is_sign(transcript) or self._is_sign_elsewhere(transcript, wake)
        return is_sign or commands.understood(transcript) == "stop"

    def _is_sign_elsewhere(self, transcript: Transcript, wake: WakeHeard | None) -> bool:
        """Whether it shows that what was announced in another room has been heard; without the wake word it may not."""
        fresh = self._elsewhere is not None and self._clock.monotonic() <= self._elsewhere[1]
        return fresh and wake is not None and commands.understood(transcript) in commands.SETTLING

    def _is_sign(self, transcript: Transcript | None) -> bool:
        """Whether it shows that what was announced has been heard."""
        if transcript is None or self._acknowledged is None:
            return False
        return commands.understood(transcript) in commands.SETTLING

    def _settle(self, transcript: Transcript, wake: WakeHeard | None = None) -> None:
        self._acknowledge()
        if self._elsewhere and self._is_sign_elsewhere(transcript, wake):
            told, _ = self._elsewhere
            self._elsewhere = None
            told()
        self._stays = self._stays and commands.understood(transcript) != "stop"
        if self._stays and self._hearing:
            self._ears.follow_up(self._habits.open_silence_s)
            self._show(State.LISTENING)
        else:
            self._rest()

    def _rest(self) -> None:
        """Nothing is going on: it waits for its wake word, if it can hear it."""
        self._show(State.MUTED if self._mute.on else State.IDLE if self._hearing else State.DEAF)

    def _show(self, state: State) -> None:
        if state in RESTING:
            self._resting.set()
        else:
            self._resting.clear()
        if state is not self._state:
            self._state = state
            self._broadcast.publish(state)


async def _once(text: str) -> AsyncGenerator[str]:
    yield text


def _interrupts(heard: Transcript | None, saying: str) -> bool:
    """Whether what was heard is more than noise, a sign of listening, or its own words come back."""
    if heard is None or not heard.text or commands.understood(heard) == "backchannel":
        return False
    return not is_echo(heard.text, saying)
