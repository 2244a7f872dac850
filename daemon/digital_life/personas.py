"""The personas, put together: who can answer, who does, and whose life is lived."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from digital_life.backends.persona import PRESENT, WANTED, KeptName
from digital_life.backends.pinyin import sound
from digital_life.belonging import Household
from digital_life.broadcast import Broadcast
from digital_life.config import Companion, Settings
from digital_life.context import Context
from digital_life.errors import DigitalLifeError, UsageError
from digital_life.memory.life import Life
from digital_life.memory.tending import Tending
from digital_life.mind import Mind
from digital_life.ports import Wishes
from digital_life.talking.answering import Answering
from digital_life.talking.being import Being
from digital_life.talking.cast import CastRequests, meant
from digital_life.talking.floor import Floor
from digital_life.talking.guarded import Guarded
from digital_life.talking.saying import Saying

log = logging.getLogger(__name__)

LIVES = "lives"
"""In the home folder: a folder for each life that is not everybody's."""

SpeakAs = Callable[[Companion], Awaitable[None]]
"""Takes on the voice of this one. Raises ModelError, and then the voice is that of before."""


def wanted(context: Context) -> Companion:
    """Who was asked for last; where nobody was, or that one is no more, the one it starts with."""
    return _kept(context, KeptName(context.home, WANTED))


def _kept(context: Context, kept: KeptName) -> Companion:
    cast, name = context.settings.cast, kept.name
    return next((each for each in cast if each.name == name), cast[0])


def named(name: str, context: Context) -> Companion:
    """The one of this name. Raises UsageError."""
    cast = {each.name: each for each in context.settings.cast}
    found = meant(name, list(cast), sound)
    if found is None:
        raise UsageError("persona-unknown", name=name, names=", ".join(cast))
    return cast[found]


@dataclass(frozen=True, slots=True)
class _Present:
    persona: Companion
    being: Being
    mind: Mind


class Personas:
    """Beings, and Wanted: whose name is set comes as soon as nobody speaks."""

    def __init__(
        self,
        minds: Mapping[str, Mind],
        *,
        requests: Sequence[Wishes],
        speak_as: SpeakAs | None,
        loaded: asyncio.Event | None = None,
    ) -> None:
        """`loaded`: set as soon as they can think; None: they can."""
        self._minds = minds
        """Of each life; the empty name is everybody's."""
        self._requests = requests
        self._speak_as = speak_as
        self._loaded = loaded
        self._context = minds[""].context
        self._wanted = KeptName(self._context.home, WANTED)
        self._last = KeptName(self._context.home, PRESENT)
        self._present = self._of(_kept(self._context, self._last))
        """Who was there last, even before a restart: a conversation belongs to one of them."""
        self._changing = asyncio.Lock()
        """One change at a time: what is prepared for and what is answered may both be the first to notice."""
        self._floor = Floor()
        self._tending: Tending | None = None

    @property
    def present(self) -> Being:
        return self._present.being

    @property
    def life(self) -> Life:
        """Of who is present."""
        return self._present.mind.life

    @property
    def lives(self) -> Mapping[str, Life]:
        """Each life by the name of its folder; the empty name is everybody's."""
        return {name: mind.life for name, mind in self._minds.items()}

    @property
    def name(self) -> str:
        return _kept(self._context, self._wanted).name

    @name.setter
    def name(self, name: str) -> None:
        self._wanted.name = name
        if self._tending:
            self._tending.refresh()

    def become(self, settings: Settings) -> None:
        """From now on the settings describe them so; who talks goes on talking."""
        at = self._context.settings.cast.index(self._present.persona)
        self._context = replace(self._context, settings=settings)
        self._present = self._of(settings.cast[at])

    def move(self, room: str, to: str) -> None:
        """What was said in one room goes on in the other, with whoever is present."""
        self.present.prompting.move(room, to)

    async def write_diary(self) -> None:
        """The conversation is over; its diary is written as soon as nobody speaks. Raises MemoryFileError."""
        await self._present.mind.life.end_conversation()
        if self._tending:
            self._tending.hurry()

    async def now(self) -> Being:
        """The wanted one, who begins a conversation of its own; what was said with the one before gets its diary."""
        async with self._changing:
            persona = _kept(self._context, self._wanted)
            if persona != self._present.persona:
                await self._leave(self._present.mind.life)
                await self._take_voice(persona)
                self._present = self._of(persona)
                self._last.name = persona.name
            return self._present.being

    def answering(self, saying: Saying, *, room: str = "") -> Answering:
        """What answers as whoever is present; empty `room`: where this machine stands."""
        model = Guarded(self._minds[""].model, self._context.settings.llm)
        return Answering(
            model=model,
            saying=saying,
            clock=self._context.clock,
            beings=self,
            room=room,
            floor=self._floor,
            loaded=self._loaded,
        )

    @asynccontextmanager
    async def tended(self, answering: Answering, broadcast: Broadcast) -> AsyncGenerator[None]:
        """The memory of whoever is present is looked after while nobody talks."""
        tending = self._tending = Tending(
            lambda: self._present.mind.life,
            writer=self._minds[""].model,
            clock=self._context.clock,
            prompting=answering,
            languages=self._context.settings.conversation.languages,
            tell=broadcast.publish,
        )
        broadcast.subscribe(tending.hear)
        async with asyncio.TaskGroup() as tasks:
            work = tasks.create_task(tending.run(), name="tending")
            try:
                yield
            finally:
                work.cancel()

    def _of(self, persona: Companion) -> _Present:
        mind = self._minds[persona.life]
        names = [each.name for each in self._context.settings.cast]
        # Asked last: whether something is to be forgotten must be answered first.
        calls = CastRequests(self._wanted, present=persona.name, names=names, sound=sound)
        settings = self._context.settings
        people = settings.people
        users = [each.user for each in settings.cast]
        being = mind.being(
            persona,
            (*self._requests, *mind.wishes, calls),
            kept=not persona.life,
            for_guests=self._requests,  # about the talk itself, and not of what is remembered
            household=Household.of(users, guests=people.enabled and people.guests),
        )
        return _Present(persona, being, mind)

    async def _leave(self, life: Life) -> None:
        try:
            await life.end_conversation()
        except DigitalLifeError as error:
            log.warning("%s", error)

    async def _take_voice(self, persona: Companion) -> None:
        try:
            if self._speak_as:
                await self._speak_as(persona)
        except DigitalLifeError as error:
            log.warning("%s speaks with the voice of before: %s", persona.name, error)


@asynccontextmanager
async def open_personas(
    mind: Mind, *requests: Wishes, speak_as: SpeakAs | None = None, loaded: asyncio.Event | None = None
) -> AsyncGenerator[Personas]:
    """With every life of theirs open, so that a change takes no time. Raises MemoryFileError.

    `mind` is that of the life which they share; `requests` are asked before its own wishes. `loaded`: set as soon as
    they can think; None: they can.
    """
    context = mind.context
    async with AsyncExitStack() as lives:
        minds = {"": mind}
        for name in dict.fromkeys(each.life for each in context.settings.personas if each.life):
            life = await lives.enter_async_context(mind.life.beside(context.home / LIVES / name))
            minds[name] = mind.with_life(life)
        for each in minds.values():
            await each.life.take_for_user(persona.user for persona in context.settings.cast)
        yield Personas(minds, requests=requests, speak_as=speak_as, loaded=loaded)
