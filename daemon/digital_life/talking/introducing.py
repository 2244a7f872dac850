"""The first talk, led: it begins by itself, hears the answers, and goes on where it was interrupted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from digital_life import words
from digital_life.errors import DigitalLifeError
from digital_life.talking import commands
from digital_life.talking.introduction import (
    Began,
    Disturbed,
    DoneElsewhere,
    Heard,
    Introduction,
    NotWoken,
    Silence,
    Sound,
    Step,
    Stopped,
    Topic,
    Woken,
    awaits,
    begun_again,
    step,
)
from digital_life.values import USER, Announced, Granted, State, Transcript, Turn, WakeHeard, WakeMissed, Waking

if TYPE_CHECKING:
    from digital_life.broadcast import Event
    from digital_life.values import Language

log = logging.getLogger(__name__)

WAITING = 8
"""What happened and waits to be dealt with. Full: the oldest is forgotten; only what happened last matters."""
WAKE_WAIT_S = 12.0
"""For so long the wake word is waited for, each time."""
ANSWER_WAIT_S = 6.0
"""The same for an answer, where nothing is listened to without the wake word."""


class Talk(Protocol):
    """The talk that is going on."""

    async def announce(
        self, text: str, language: Language, *, ring: bool, acknowledged: Callable[[], None] | None = None
    ) -> bool:
        """Say `text` as soon as nobody speaks, and listen. Returns whether all of it was said."""
        ...

    async def stop(self) -> None:
        """Be silent, and listen no longer."""
        ...


class Keeping(Protocol):
    """What comes of what was learnt."""

    async def learn(self, learnt: Mapping[Topic, str], language: Language) -> None:
        """Keep it, and go by it from now on. Raises DigitalLifeError when it could not be kept."""
        ...

    async def try_voice(self, name: str, language: Language) -> None:
        """Speak so for the time being. Raises DigitalLifeError."""
        ...

    def note(self, state: Introduction) -> None:
        """How far it is, over a restart."""
        ...


class Introducing:
    """Wishes, asked before all others; and WakeNotes' ear for what was nearly the wake word."""

    def __init__(self, state: Introduction, keeping: Keeping, *, sound: Sound, begins: bool) -> None:
        """`begins`: by itself, as soon as it can hear."""
        self.state = state
        self._keeping = keeping
        self._sound = sound
        self._begins = begins
        self._happened: asyncio.Queue[Heard | State] = asyncio.Queue(WAITING)
        self._granted: Transcript | None = None
        """The answer that was dealt with last."""
        self._then: Step | None = None
        """What is still to be said in another voice."""
        self._tried: str = ""
        """The voice of before, while another one is tried."""
        self._thinks = False
        """Whether something was heard, and nothing said to it yet."""
        self._listened = False
        self._says = ""
        """What it said by itself last, or is about to say."""

    # Wishes.

    def concern(self, wish: Transcript) -> bool:
        return self._after(wish) is not None

    async def grant(self, wish: Transcript) -> Granted | None:
        after = self._after(wish)
        if after is None:
            return None
        self._granted, self._then = wish, after if after.tried else None
        lacks = await self._take(after)
        return Granted(f"{lacks}{after.said}", remembered=bool(after.learnt) and not lacks)

    def _after(self, wish: Transcript) -> Step | None:
        """It introduces itself to the user, where this machine stands; what another says their name is, is not his."""
        return None if wish.room or wish.person != USER else step(self.state, wish, sound=self._sound)

    def awaits(self, heard: Transcript) -> bool:
        """Whether this answers a question, though otherwise it would mean "stop"."""
        return awaits(self.state, heard)

    # What happens.

    def hear(self, event: Event) -> None:
        """Of the Broadcast."""
        match event:
            case State():
                self._of_state(event)
            case WakeHeard():
                self._happen(Woken(event.score, event.needed))
            case Turn() if event.heard is not self._granted:
                rests = commands.understood(event.heard) in ("bye", "mute")
                self._happen(Stopped() if rests else Disturbed(event.heard.language))
            case Announced(text) if text == self._says:
                self._forget_disturbances()
            case _:
                pass

    def noted(self, wake: WakeHeard | WakeMissed, waking: Waking) -> None:
        """Something was like the wake word, and did not wake."""
        if waking in (Waking.NEAR, Waking.DOUBTED):
            self._happen(NotWoken(wake.score, wake.needed))

    def _of_state(self, state: State) -> None:
        thought, listened = self._thinks, self._listened
        self._thinks, self._listened = state is State.THINKING, state is State.LISTENING
        if state in (State.MUTED, State.DEAF) or (thought and state is State.IDLE):
            self._happen(Stopped())
        elif state is State.IDLE:
            self._happen(Silence() if listened else state)
        elif state is State.LISTENING:
            self._happen(state)

    def _happen(self, what: Heard | State) -> None:
        if self._happened.full():
            self._happened.get_nowait()
        self._happened.put_nowait(what)

    def _forget_disturbances(self) -> None:
        """Of before it could go on: it does so now, once for all of them."""
        for what in [self._happened.get_nowait() for _ in range(self._happened.qsize())]:
            if not isinstance(what, Disturbed):
                self._happened.put_nowait(what)

    async def done_elsewhere(self, topic: Topic, learnt: Mapping[Topic, str]) -> None:
        """The page did it. Raises DigitalLifeError when it could not be kept."""
        after = step(self.state, DoneElsewhere(topic, learnt), sound=self._sound)
        if after:
            self.state = after.state
        self._keeping.note(self.state)
        if learnt:
            await self._keeping.learn(learnt, self.state.language)

    def over(self) -> None:
        """The person has had enough of it."""
        while self.state.topic:
            after = step(self.state, DoneElsewhere(self.state.topic, {}), sound=self._sound)
            self.state = after.state if after else self.state
        self._keeping.note(self.state)

    def begin_again(self) -> None:
        """From the first question on; the page asks, and the voice when it is spoken to."""
        self.state = begun_again(self.state)
        self._keeping.note(self.state)

    # What it does by itself.

    async def run(self, talk: Talk, *, heard: Callable[[], bool]) -> None:
        """Until it is cancelled. `heard`: whether anybody is; it does not ask into the void."""
        while True:
            happened = await self._next()
            if not isinstance(happened, Stopped) and not heard():
                continue
            if self._begins and happened is State.IDLE:
                self._begins = False
                await self._on(Began(), talk)
            elif isinstance(happened, State):
                await self._of_rest(happened, talk)
            else:
                await self._on(happened, talk)

    async def _next(self) -> Heard | State:
        """What happens next; while the wake word is waited for, that it is not said is something too."""
        try:
            async with asyncio.timeout(WAKE_WAIT_S if self._tests else None):
                return await self._happened.get()
        except TimeoutError:
            return NotWoken()

    @property
    def _tests(self) -> bool:
        return self.state.goes_on and self.state.topic is Topic.WAKE

    async def _of_rest(self, state: State, talk: Talk) -> None:
        """It has answered: now it goes on in another voice, or waits for the wake word."""
        if state is State.LISTENING and self._then:
            after, self._then = self._then, None
            await self._speak_otherwise(after, talk)
        elif state is State.LISTENING and self._tests:
            await talk.stop()  # in an open talk the wake word is just a word
        elif state is State.IDLE and self.state.goes_on and not self._tests:
            await asyncio.sleep(ANSWER_WAIT_S)
            if self._happened.empty():
                self._happen(Silence())

    async def _on(self, happened: Heard, talk: Talk) -> None:
        if isinstance(happened, Silence) and (self._tests or not self._happened.empty()):
            return
        after = step(self.state, happened, sound=self._sound)
        if after is None:
            return
        if isinstance(happened, Woken):
            await talk.stop()
        lacks = await self._take(after)
        if after.said:
            await self._say(f"{lacks}{after.said}", talk)
        if after.tried:
            await self._speak_otherwise(after, talk)

    async def _speak_otherwise(self, after: Step, talk: Talk) -> None:
        self._tried = self.state.voices[self.state.language][0]
        await self._try(after.tried)
        await self._say(after.then, talk)

    async def _try(self, voice: str) -> None:
        try:
            await self._keeping.try_voice(voice, self.state.language)
        except DigitalLifeError as error:
            log.warning("the voice cannot be tried: %s", error)

    async def _say(self, text: str, talk: Talk) -> None:
        self._begins, self._says = False, text
        whole = await talk.announce(text, self.state.language, ring=False)
        if whole and self._tests:
            await talk.stop()

    async def _take(self, after: Step) -> str:
        """Go by it; what is to be said first, where that was not possible."""
        self.state = after.state
        self._keeping.note(after.state)
        if self._tried and after.state.topic is not Topic.VOICE and Topic.VOICE not in after.learnt:
            await self._try(self._tried)
            self._tried = ""
        if not after.learnt:
            return ""
        try:
            await self._keeping.learn(after.learnt, after.state.language)
        except DigitalLifeError as error:
            log.warning("what was learnt is not kept: %s", error)
            return words.load(after.state.language).text("introduction.unkept") + " "
        return ""
