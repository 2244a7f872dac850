"""The talk as pages take part in it: they type, hear and speak, and all of them see the same."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

from digital_life import words
from digital_life.errors import CrowdedError
from digital_life.values import (
    RATE,
    RESTING,
    WIDTH,
    Announced,
    Language,
    Place,
    Spoken,
    State,
    Timings,
    Transcript,
    Turn,
    WakeHeard,
    Written,
)
from digital_life.web import course
from digital_life.web.holding import Holding
from digital_life.web.player import PagePlayer

if TYPE_CHECKING:
    from digital_life.broadcast import Event
    from digital_life.ports import Loudspeaker, Mute, Page

log = logging.getLogger(__name__)

WISHES = 32
"""That wait; each takes as long as an answer needs to be interrupted. Full: the next is refused."""
LINES = 32
"""Typed lines that wait for other talk to end, or are answered; then the next is refused."""
LINES_OF_ONE = 8
"""The same of one page."""
NOTICE_S = 3.0
"""Who waits longer is told."""
LATELY = 40
"""Exchanges of which it is known how they went."""
Why = Literal["bad", "rate", "sound", "elsewhere", "muted", "starting", "deaf", "busy", "crowded"]
"""The reasons to refuse something; `[console.talk.refused]` says each."""


class Line(Protocol):
    """Where the talk is heard and spoken: in the room, or for a while in a page."""

    @property
    def position(self) -> int:
        """Of the sound that a page brings next."""
        ...

    def take(self, guest: Loudspeaker) -> bool:
        """Whether it is heard and spoken there from now on: not while another one has it."""
        ...

    def release(self, guest: Loudspeaker) -> None: ...

    def hear(self, guest: Loudspeaker, pcm: bytes) -> None:
        """16 kHz mono, signed 16-bit little-endian."""
        ...

    def finish(self, guest: Loudspeaker) -> None:
        """Who spoke there has shown that this was all."""
        ...


class Conversation(Protocol):
    """Who speaks when."""

    @property
    def state(self) -> State: ...

    async def say(self, text: str) -> None:
        """Answer a typed line aloud; returns when it is taken up."""
        ...

    async def attend(self, *, since: int, stays: bool) -> bool:
        """Listen from that position on, to one question or in a talk that stays open. Whether it does."""
        ...

    async def stop(self) -> None: ...

    async def quiet(self) -> None:
        """Return when no answer is under way."""
        ...

    @property
    def is_taken(self) -> bool:
        """Whether somebody speaks or is answered."""
        ...

    def join(self, who: str) -> Place:
        """A place among those who wrote, until it is left. Raises CrowdedError."""
        ...

    def return_first(self, who: str) -> Place:
        """A place before all others."""
        ...

    def leave(self, place: Place) -> None: ...

    def before(self, place: Place) -> int:
        """How many are answered before it."""
        ...

    def is_alone(self, who: str) -> bool:
        """Whether nobody else wrote and waits or is answered."""
        ...

    async def let_in(self, place: Place) -> None:
        """Return when it is its turn and nobody speaks or is answered."""
        ...

    def look_again(self) -> None:
        """There may be a microphone now."""
        ...


@dataclass(frozen=True, slots=True)
class About:
    """Who it is."""

    version: str
    name: Callable[[], str]
    """Of who would answer just now."""
    languages: tuple[Language, ...]


@dataclass(frozen=True, slots=True)
class _Circumstances:
    """What the memory does not keep of an exchange."""

    interrupted: bool
    by: str
    timings: Timings


@dataclass(slots=True)
class _Guest:
    """A page that is connected."""

    page: Page
    player: PagePlayer
    holding: Holding = field(default_factory=Holding)
    asks: bool = False
    """Whether it waits for what was said before."""
    refused: Why | None = None
    """What was refused last, not to be told a hundred times."""


@dataclass(eq=False, frozen=True, slots=True)
class _Typed:
    """A line that was typed in a page."""

    guest: _Guest
    text: str
    aloud: bool
    """Whether it is to be answered in the page."""


class Talk:
    """The Channel of the console's pages."""

    def __init__(
        self,
        *,
        line: Line,
        conversation: Conversation,
        mute: Mute,
        about: About,
        past: Callable[[], Awaitable[Sequence[course.TurnTold]]],
    ) -> None:
        """`past`: the latest exchanges of today, the oldest first."""
        self._line = line
        self._conversation = conversation
        self._mute = mute
        self._about = about
        self._past = past
        self._guests: dict[str, _Guest] = {}
        self._holder: _Guest | None = None
        self._typed: tuple[str, str] | None = None
        """The page and the line that was typed there last."""
        self._under_way: list[course.ToPage] = []
        """What was told of the exchange that is not over."""
        self._lately: dict[int, _Circumstances] = {}
        """Of the latest exchanges, by their number: no words, for those may be forgotten."""
        self._asker: _Guest | None = None
        """Where it was asked what is answered just now."""
        self._lines: list[_Typed] = []
        """Those that have a place; LINES at most."""
        self._answered: _Typed | None = None
        """The line that is answered just now."""
        self._called = False
        """Whether somebody said its wake word meanwhile."""
        self._cut: _Typed | None = None
        """A line whose answer was interrupted before it began; when that was by a question, it is answered later."""
        self._wishes: asyncio.Queue[Coroutine[None, None, None]] = asyncio.Queue(WISHES)
        self._one_wish = asyncio.Lock()
        """Of what pages want one thing is begun at a time."""
        self._tasks: asyncio.TaskGroup | None = None
        self._waiting: set[asyncio.Task[None]] = set()
        """One for each line that has a place."""

    @asynccontextmanager
    async def attended(self) -> AsyncGenerator[None]:
        """While this is open, what pages want is done."""
        async with asyncio.TaskGroup() as tasks:
            granting = tasks.create_task(self._grant(), name="talk.wishes")
            self._tasks = tasks
            try:
                yield
            finally:
                self._tasks = None
                granting.cancel()
                for waiting in tuple(self._waiting):
                    waiting.cancel()
                while not self._wishes.empty():
                    self._wishes.get_nowait().close()

    async def _grant(self) -> None:
        while True:
            wish = await self._wishes.get()
            async with self._one_wish:
                await _survived(wish)

    # What happens.

    def hear(self, event: Event) -> None:
        """Of the Broadcast."""
        match event:
            case State():
                self._tell_all(self._state(event))
                self._follow(event)
            case WakeHeard():
                self._called = True
                self._tell_all(course.Wake())
            case Transcript(text, language):
                self._take_back()
                self._tell_heard(text, language)
            case Spoken(text, language):
                self._tell_of_this(course.SpokenTold(text=text, language=language))
            case Turn() | Written():
                turn, written = (event.turn, True) if isinstance(event, Written) else (event, False)
                self._under_way.clear()
                self._put_back(turn)
                self._note(turn)
                self._tell_all(course.told(turn, written=written))
            case Announced(text, language):
                self._under_way.clear()
                self._tell_of_this(course.AnnouncedTold(text=text, language=language))

    def _put_back(self, turn: Turn) -> None:
        """Who speaks goes first: a line whose answer had not begun is answered after that."""
        line = self._answered
        if line is None or line.text != turn.heard.text:
            return
        self._answered = None
        if turn.reply.interrupted and not turn.reply.said:
            self._cut = line
            if self._called:
                self._take_back()

    def _take_back(self) -> None:
        line, self._cut = self._cut, None
        if line:
            self._line_up(line, self._conversation.return_first(line.guest.page.id))

    def _note(self, turn: Turn) -> None:
        self._lately[turn.number] = _Circumstances(turn.reply.interrupted, turn.by, turn.timings)
        if len(self._lately) > LATELY:
            del self._lately[next(iter(self._lately))]

    def _follow(self, state: State) -> None:
        """The page that hears and speaks does so until the talk has come to rest."""
        if state in RESTING:
            self._under_way.clear()
            self._cut = None
            for guest in self._guests.values():
                guest.holding = Holding() if state is State.MUTED else guest.holding.rest()
            self._settle()
        elif state is State.LISTENING and self._holder and self._holder.holding.is_over_unheard:
            self._wish(self._holder, self._end())

    async def _end(self) -> None:
        """Nobody could be heard any more: it need not listen."""
        await self._conversation.quiet()
        if self._conversation.state is State.LISTENING and self._holder and self._holder.holding.is_over_unheard:
            await self._conversation.stop()

    def _tell_heard(self, text: str, language: Language) -> None:
        typed, self._typed = self._typed, None
        self._asker = self._guests.get(typed[0]) if typed and typed[1] == text else self._holder
        heard = course.Heard(text=text, language=language, here=False)
        self._under_way[:] = [heard]
        for guest in tuple(self._guests.values()):
            self._tell(guest, self._seen_from(guest, heard))

    def _seen_from(self, guest: _Guest, message: course.ToPage) -> course.ToPage:
        if isinstance(message, course.Heard) and guest is self._asker:
            return course.Heard(text=message.text, language=message.language, here=True)
        return message

    def _tell_of_this(self, message: course.ToPage) -> None:
        self._under_way.append(message)
        self._tell_all(message)

    # Pages.

    def opened(self, page: Page) -> None:
        guest = self._guests[page.id] = _Guest(page, PagePlayer(page))
        self._tell(
            guest,
            course.Hello(
                version=self._about.version,
                name=self._about.name(),
                state=self._conversation.state,
                muted=self._mute.on,
                languages=self._about.languages,
                page=page.id,
            ),
        )

    def _catch_up(self, guest: _Guest) -> None:
        self._tell(guest, self._holder_for(guest))
        if self._tasks and not guest.asks:
            guest.asks = True
            self._tasks.create_task(_survived(self._tell_past(guest)), name="talk.past")

    async def _tell_past(self, guest: _Guest) -> None:
        try:
            turns = tuple(self._as_it_was(each) for each in await self._past())
        finally:
            guest.asks = False
        self._tell(guest, course.Past(turns=turns))
        for message in self._under_way:
            self._tell(guest, self._seen_from(guest, message))

    def _as_it_was(self, turn: course.TurnTold) -> course.TurnTold:
        """With what the memory does not keep of it."""
        of = self._lately.get(turn.number)
        if of is None:
            return turn
        return msgspec.structs.replace(turn, interrupted=of.interrupted, by=of.by, timings=of.timings)

    def closed(self, page: Page) -> None:
        guest = self._guests.pop(page.id, None)
        if guest is None:
            return
        guest.player.lose()
        guest.holding = Holding()
        if guest is self._holder:
            self._settle()
            if self._conversation.state is State.LISTENING:
                self._wish(guest, self._conversation.stop())

    def told(self, page: Page, message: str) -> None:
        guest = self._guests.get(page.id)
        if guest is None:
            return
        try:
            wish = course.from_json(message)
        except course.CourseError:
            self._refuse(guest, "bad")
            return
        match wish:
            case course.Playing(id=number, seconds=seconds):
                guest.player.playing(number, seconds)
            case course.Played(id=number, seconds=seconds):
                guest.player.played(number, seconds)
            case course.CatchUp():
                self._catch_up(guest)
            case _ if self._conversation.state is State.STARTING:
                self._refuse(guest, "starting")
            case _:
                self._take_up(guest, wish)

    def _take_up(self, guest: _Guest, wish: course.FromPage) -> None:
        guest.refused = None
        match wish:
            case course.Say(text=text, aloud=aloud):
                self._say(guest, text.strip(), aloud=aloud)
            case course.Press(rate=rate):
                self._listen(guest, guest.holding.press(), rate, stays=False)
            case course.Release():
                self._let_go(guest)
            case course.Open(on=True, rate=rate):
                self._listen(guest, guest.holding.open_ears(), rate, stays=True)
            case course.Open(on=False):
                self._close_ears(guest)
            case course.Stop():
                self._wish(guest, self._conversation.stop())
            case course.Mute(on=on):
                self._mute.on = on

    def heard(self, page: Page, pcm: bytes) -> None:
        guest = self._guests.get(page.id)
        if guest is None or self._mute.on:
            return  # what was under way when it was muted is not heard either
        if guest is not self._holder or not guest.holding.hears:
            self._refuse(guest, "elsewhere" if self._holder and guest is not self._holder else "sound")
        elif len(pcm) % WIDTH:
            self._refuse(guest, "bad")
        else:
            self._line.hear(guest.player, pcm)

    # What a page wants.

    def _say(self, guest: _Guest, text: str, *, aloud: bool) -> None:
        line = _Typed(guest, text, aloud)
        if not text:
            return
        if self._may_interrupt(guest):
            self._hold(line)
            if self._wish(guest, self._answer(line)):
                self._typed = (guest.page.id, text)
        elif sum(each.guest is guest for each in self._lines) >= LINES_OF_ONE:
            self._refuse(guest, "busy")
        elif len(self._lines) >= LINES:
            self._refuse(guest, "crowded")
        else:
            self._wait(line)

    def _wait(self, line: _Typed) -> None:
        try:
            place = self._conversation.join(line.guest.page.id)
        except CrowdedError:
            self._refuse(line.guest, "crowded")
        else:
            self._line_up(line, place)

    def _line_up(self, line: _Typed, place: Place) -> None:
        if self._tasks is None:
            self._conversation.leave(place)
            return
        self._lines.append(line)
        waiting = self._tasks.create_task(_survived(self._take_turn(line, place)), name="talk.line")
        self._waiting.add(waiting)
        waiting.add_done_callback(self._waiting.discard)

    def _may_interrupt(self, guest: _Guest) -> bool:
        """What is under way is its own, and nobody waits for it to end."""
        if guest not in (self._holder, self._asker):
            return False
        return self._conversation.is_taken and self._conversation.is_alone(guest.page.id)

    def _hold(self, line: _Typed) -> None:
        if line.aloud and not self._holds(line.guest, line.guest.holding.ask()):
            self._refuse(line.guest, "elsewhere")  # it is answered all the same, where the sound is

    async def _answer(self, line: _Typed) -> None:
        self._answered, self._called = line, False
        await self._conversation.say(line.text)
        self._begun(line.guest)

    async def _take_turn(self, line: _Typed, place: Place) -> None:
        """Answer it when nobody speaks and it is its turn, and keep the others waiting until that is done."""
        notice = asyncio.get_running_loop().call_later(NOTICE_S, self._give_notice, line, place)
        try:
            while not await self._begin(line, place, notice):
                pass  # another page was quicker
            await self._conversation.quiet()
        finally:
            notice.cancel()
            self._lines.remove(line)
            self._conversation.leave(place)

    async def _begin(self, line: _Typed, place: Place, notice: asyncio.TimerHandle) -> bool:
        """Whether it is being answered now."""
        await self._conversation.let_in(place)
        async with self._one_wish:
            if self._conversation.is_taken:
                return False
            notice.cancel()
            if line.guest.page.id in self._guests:
                self._hold(line)
            self._typed = (line.guest.page.id, line.text)
            await self._answer(line)
        return True

    def _give_notice(self, line: _Typed, place: Place) -> None:
        before = self._conversation.before(place)
        name = "console.talk.waiting" if before > 1 else "console.talk.next"
        sentence = words.load(line.guest.page.language).text(name, before=before)
        self._tell(line.guest, course.Waiting(before=before, why=sentence))

    def _listen(self, guest: _Guest, holding: Holding, rate: int, *, stays: bool) -> None:
        if rate != RATE:
            self._refuse(guest, "rate")
        elif self._mute.on:
            self._refuse(guest, "muted")
        elif not self._holds(guest, holding):
            self._refuse(guest, "elsewhere")
        else:
            self._wish(guest, self._attend(guest, self._line.position, stays=stays))

    async def _attend(self, guest: _Guest, since: int, *, stays: bool) -> None:
        if self._holder is not guest:  # it left before its turn came: the room must not listen in its place
            return
        if not await self._conversation.attend(since=since, stays=stays):
            guest.holding = Holding()
            self._refuse(guest, "muted" if self._mute.on else "deaf")
        self._begun(guest)

    def _begun(self, guest: _Guest) -> None:
        guest.holding = guest.holding.begin(resting=self._conversation.state in RESTING)
        self._settle()

    def _let_go(self, guest: _Guest) -> None:
        if guest.holding.pressed:
            guest.holding = guest.holding.let_go()
            self._line.finish(guest.player)
            self._settle()

    def _close_ears(self, guest: _Guest) -> None:
        if guest.holding.open:
            guest.holding = guest.holding.close_ears()
            self._line.finish(guest.player)
            self._settle()

    # Who hears and speaks.

    def _holds(self, guest: _Guest, holding: Holding) -> bool:
        """Whether this page may, being so from now on."""
        if self._holder not in (None, guest):
            return False
        before, guest.holding = guest.holding, holding
        self._settle(guest)
        if self._holder is not guest:
            guest.holding = before
        return self._holder is guest

    def _settle(self, wants: _Guest | None = None) -> None:
        """Give the line to whom it belongs, and take it from who needs it no longer."""
        before = self._holder
        if before and not before.holding.holds:
            self._line.release(before.player)
            self._holder = None
        if self._holder is None and wants and self._line.take(wants.player):
            self._holder = wants
            self._conversation.look_again()
        if self._holder is not before:
            for guest in self._guests.values():
                self._tell(guest, self._holder_for(guest))

    def _holder_for(self, guest: _Guest) -> course.Holder:
        return course.Holder(here=self._holder is guest, other=self._holder not in (None, guest))

    # Telling.

    def _wish(self, guest: _Guest, wish: Coroutine[None, None, None]) -> bool:
        """Whether it is going to be done."""
        if self._tasks is None or self._wishes.full():
            wish.close()
            self._refuse(guest, "busy")
            return False
        self._wishes.put_nowait(wish)
        return True

    def _refuse(self, guest: _Guest, why: Why) -> None:
        if guest.refused != why:
            guest.refused = why
            sentence = words.load(guest.page.language).text(f"console.talk.refused.{why}")
            self._tell(guest, course.Refused(why=sentence, what=why))

    def _state(self, state: State) -> course.StateTold:
        return course.StateTold(state=state, name=self._about.name(), muted=self._mute.on)

    def _tell(self, guest: _Guest, message: course.ToPage) -> None:
        guest.page.send(course.to_json(message))

    def _tell_all(self, message: course.ToPage) -> None:
        written = course.to_json(message)
        for guest in tuple(self._guests.values()):
            guest.page.send(written)


async def _survived(wish: Coroutine[None, None, None]) -> None:
    """Whatever one page asked for, the others are granted theirs, and the daemon goes on."""
    try:
        await wish
    except Exception:
        log.exception("a page asked for what went wrong; nothing else comes of it")
