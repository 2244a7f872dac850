"""A talk that notes what pages want of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from digital_life.ports import Loudspeaker
from digital_life.talking.queue import FairQueue
from digital_life.values import Place, State, Turn
from digital_life.web import course
from digital_life.web.talk import About, Talk
from fakes.ears import FakeMute
from fakes.pages import FakePage


@dataclass
class Line:
    """Where the talk is, for one at a time."""

    holder: Loudspeaker | None = None
    heard: list[bytes] = field(default_factory=list)
    finished: int = 0
    position: int = 4_800

    def take(self, guest: Loudspeaker) -> bool:
        self.holder = self.holder or guest
        return self.holder is guest

    def release(self, guest: Loudspeaker) -> None:
        assert self.holder is guest
        self.holder = None

    def hear(self, guest: Loudspeaker, pcm: bytes) -> None:
        assert self.holder is guest
        self.heard.append(pcm)

    def finish(self, guest: Loudspeaker) -> None:
        assert self.holder is guest
        self.finished += 1


@dataclass
class Conversation:
    """Does what it is asked, and notes it."""

    state: State = State.IDLE
    asked: list[str] = field(default_factory=list)
    can_hear: bool = True
    held: asyncio.Event | None = None
    wrong: Exception | None = None
    tell: Callable[[State], None] = print
    queue: FairQueue = field(default_factory=FairQueue)

    async def say(self, text: str) -> None:
        self.asked.append(f"say {text}")
        if self.wrong:
            raise self.wrong
        if self.held:
            await self.held.wait()
        self.become(State.THINKING)

    async def attend(self, *, since: int, stays: bool) -> bool:
        self.asked.append(f"attend {since} {'stays' if stays else 'once'}")
        if self.can_hear:
            self.become(State.LISTENING)
        return self.can_hear

    async def stop(self) -> None:
        self.asked.append("stop")

    @property
    def is_taken(self) -> bool:
        return self.state in (State.THINKING, State.SPEAKING)

    def join(self, who: str) -> Place:
        return self.queue.join(who)

    def return_first(self, who: str) -> Place:
        return self.queue.return_first(who)

    def leave(self, place: Place) -> None:
        self.queue.leave(place)

    def before(self, place: Place) -> int:
        return self.queue.before(place)

    def is_alone(self, who: str) -> bool:
        return self.queue.is_alone(who)

    async def let_in(self, place: Place) -> None:
        while self.is_taken or self.queue.first != place:
            await asyncio.sleep(0)

    async def quiet(self) -> None:
        await asyncio.sleep(0)

    def look_again(self) -> None:
        self.asked.append("look")

    def become(self, state: State) -> None:
        self.state = state
        self.tell(state)


class World:
    def __init__(self, past: Sequence[Turn] = ()) -> None:
        self.line, self.conversation, self.mute = Line(), Conversation(), FakeMute()

        async def told() -> Sequence[course.TurnTold]:
            return [course.told(each) for each in past]

        about = About("0.7.0", lambda: "Ada", ("en", "zh"))
        self.talk = Talk(line=self.line, conversation=self.conversation, mute=self.mute, about=about, past=told)
        self.conversation.tell = self.talk.hear

    def page(self, name: str = "one", *, chinese: bool = False) -> FakePage:
        page = FakePage(name, "zh" if chinese else "en")
        self.talk.opened(page)
        return page

    async def tell(self, page: FakePage, kind: str, **values: object) -> None:
        self.talk.told(page, json.dumps({"type": kind, **values}))
        for _ in range(10):
            await asyncio.sleep(0)

    async def become(self, *states: State) -> None:
        for state in states:
            self.conversation.become(state)
            for _ in range(10):
                await asyncio.sleep(0)


@asynccontextmanager
async def world(past: Sequence[Turn] = ()) -> AsyncGenerator[World]:
    it = World(past)
    async with it.talk.attended():
        yield it
