"""One connection to a wyoming-satellite: what it sends, what it is told, and how its loss is noticed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass
from typing import Annotated, Final

import msgspec
from msgspec import Meta
from wyoming.asr import Transcript
from wyoming.audio import AudioStop
from wyoming.event import Event, Eventable
from wyoming.info import Describe, Info
from wyoming.ping import Ping, Pong
from wyoming.satellite import RunSatellite

from digital_life.backends.allowance import Allowance
from digital_life.backends.satellite_stream import TALKING, Format, Named, Pipeline, Stream, sign
from digital_life.backends.wyoming_client import WyomingClient, connect
from digital_life.errors import SoundError, WyomingError, ungrouped
from digital_life.ports import Clock
from digital_life.values import AudioFrame, State
from digital_life.wire.events import wanted

REACH_S: Final = 3.0
ANSWER_S: Final = 4.0
"""A newer satellite asks its wake words what they are before it answers, for 2 s at most."""
BEAT_S: Final = 2.0
"""Between two looks at whether it still answers."""
MISSED: Final = 3
"""Looks in a row at which nothing had come: it is lost, 8 s after its last sign at the latest."""
NAME_LENGTH: Final = 100
KEYS: Final = {
    "wyoming-unreachable": "satellite-unreachable",
    "wyoming-lost": "satellite-lost",
    "wyoming-silent": "satellite-silent",
    "wyoming-unread": "satellite-unread",
}
"""What is wrong with the connection, in the words for a satellite; all else is nonsense."""


class Asked(msgspec.Struct, frozen=True):
    """`ping`."""

    text: Annotated[str, Meta(max_length=1_000)] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a satellite tells of itself."""

    name: str
    area: str
    """Empty: it tells none."""
    version: str
    """Empty: it is too old to tell."""
    phrases: Mapping[str, str]
    """How the wake words are said that it hears by itself, by the names of their models; none where it tells none."""

    @property
    def wake_words(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.phrases.values())))


@contextmanager
def explained(host: str, port: int) -> Iterator[None]:
    """Say what goes wrong on the wire as of a satellite."""
    try:
        yield
    except WyomingError as error:
        key, cause = KEYS.get(error.key, "satellite-foreign"), error.values.get("cause", "")
        raise SoundError(key, host=host, port=port, cause=cause) from error


async def described(client: WyomingClient) -> Found:
    """Raises WyomingError, also where it is another kind of server."""
    info = await client.describe(within_s=ANSWER_S)
    try:
        return _found(info)
    except (AttributeError, TypeError) as error:  # the library does not look what the things in it are
        raise WyomingError("wyoming-foreign") from error


def _found(info: Info) -> Found:
    """Raises AttributeError, TypeError."""
    it = info.satellite
    if it is None:
        raise TypeError
    phrases = {each: each for each in it.active_wake_words or ()}
    phrases |= {model.name: model.phrase or model.name for program in info.wake for model in program.models}
    known = {_short(name): _short(said) for name, said in phrases.items()}
    return Found(_short(it.name), _short(it.area), _short(it.version), known)


def _short(text: object) -> str:
    """A name, as it comes from the network."""
    return str(text or "")[:NAME_LENGTH]


class Link:
    """Begun by `begin`, ended by `close`, or by itself when it is lost: then `check` tells why."""

    def __init__(self, host: str, port: int, *, clock: Clock, state: State, echo_free: bool) -> None:
        self._host = host
        self._port = port
        self._clock = clock
        self._client: WyomingClient | None = None
        """None until it has let us in."""
        self._entered = asyncio.Event()
        """Set when it has, or is lost."""
        self._lost: SoundError | None = None
        self._task: asyncio.Task[None] | None = None
        self._stream = Stream({}, echo_free)
        self._came = asyncio.Event()
        """Set when there is sound, or it is lost."""
        self._state = state
        self._changed = asyncio.Event()
        self._missed = 0
        """Looks since something came."""
        self._pongs = False
        """Whether it knows the event that is only to show that one is there."""
        self.users = 0
        self.news = asyncio.Event()
        """For who plays: it has played, or is lost."""
        self.tells_played = False
        """Whether it tells when it has played something; known when it first does."""
        self._unplayed = 0
        """Sounds whose end was sent, and of which that was not told."""

    @property
    def rate(self) -> int:
        """Samples a second that its loudspeaker takes best."""
        return self._stream.rate

    @property
    def lost(self) -> bool:
        return self._lost is not None

    def begin(self) -> None:
        self._task = asyncio.create_task(self._run(), name="satellite.link")

    async def entered(self) -> None:
        """Return when it is there for us. Raises SoundError."""
        await self._entered.wait()
        self.check()

    def check(self, *, speaks: bool = False) -> None:
        """Raises SoundError when it is lost; with `speaks` also when it has no loudspeaker."""
        if self._lost:
            raise SoundError(self._lost.key, **self._lost.values) from self._lost
        if speaks and self._stream.speechless:
            raise self._error("satellite-speechless")

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.wait({self._task})
            if not self._task.cancelled():
                self._task.result()

    @property
    def played(self) -> bool:
        """Whether it has told that it played all that was sent."""
        return self._unplayed == 0

    async def end_sound(self) -> None:
        """What was sent since the last time is one sound. Raises SoundError."""
        self._unplayed += 1
        await self.send(AudioStop())

    def forget_played(self) -> None:
        """It will not tell of what was sent so far."""
        self._unplayed = 0

    async def send(self, *told: Eventable) -> None:
        """Raises SoundError."""
        self.check()
        if not self._client:
            raise self._error("satellite-lost")
        try:
            with explained(self._host, self._port):
                await self._client.send(*told)
        except SoundError as error:
            self._lose(error)
            raise

    def show(self, state: State) -> None:
        self._state = state
        self._changed.set()

    async def frames(self) -> AsyncGenerator[AudioFrame]:
        """Raises SoundError when it is lost."""
        self._stream.open(self._clock.monotonic())
        try:
            await self.send(RunSatellite())
            while True:
                now = self._clock.monotonic()
                self._came.clear()
                if frame := self._stream.take(now):
                    yield frame
                    continue
                self.check()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._stream.due_s(now)):
                        await self._came.wait()
        finally:
            self._stream.close()

    # While it lasts.

    async def _run(self) -> None:
        try:
            with explained(self._host, self._port), ungrouped():
                async with connect(self._host, self._port, timeout_s=REACH_S) as client:
                    await self._enter(client)
                    async with asyncio.TaskGroup() as tasks:
                        tasks.create_task(self._read(client), name="satellite.read")
                        tasks.create_task(self._beat(client), name="satellite.beat")
                        tasks.create_task(self._tell(client), name="satellite.tell")
        except SoundError as error:
            self._lose(error)
        finally:
            self._lose(self._error("satellite-lost"))

    def _lose(self, error: SoundError) -> None:
        """What was first is what is told."""
        self._lost = self._lost or error
        for each in (self._entered, self._came, self.news):
            each.set()

    async def _enter(self, client: WyomingClient) -> None:
        found = await described(client)
        try:
            # It talks with one alone, but describes itself to everybody: so it is told something else, and asked again.
            await client.send(Ping())
            await client.describe(within_s=ANSWER_S)
        except WyomingError as error:
            raise self._error("satellite-taken") from error
        self._stream.phrases = found.phrases
        self._client = client
        self._entered.set()

    async def _beat(self, client: WyomingClient) -> None:
        """Raises SoundError when it does not answer, or sends no sound."""
        await client.send(Ping())  # whether it knows that
        while True:
            await self._clock.sleep(BEAT_S)
            now = self._clock.monotonic()
            self._missed += 1
            if self._missed > MISSED:
                raise self._error("satellite-silent")
            if self._stream.deaf(now):
                raise self._error("satellite-deaf")
            if self._stream.unheard(now) and self._state not in TALKING:
                self._stream.ask_to_rest()
                await client.send(Transcript(text=""))
            await client.send(Ping() if self._pongs else Describe())

    async def _tell(self, client: WyomingClient) -> None:
        """What it is to show."""
        shown = State.IDLE
        while True:
            self._changed.clear()
            state = self._state
            if told := sign(shown, state, woken=self._stream.woken):
                await client.send(told)
            if state not in TALKING and shown in TALKING:
                self._stream.ask_to_rest()
            shown = state
            await self._changed.wait()

    async def _read(self, client: WyomingClient) -> None:
        """Raises SoundError, WyomingError."""
        allowance = Allowance(self._clock.monotonic())
        async with aclosing(client.events()) as events:
            async for event in events:
                self._missed = 0
                now = self._clock.monotonic()
                sound = wanted(event, Format) if event.type == "audio-chunk" else None
                pcm = event.payload or b""
                if not allowance.spend(sound.seconds(len(pcm)) if sound else 0.0, now):
                    raise self._error("satellite-flood")
                if sound and self._stream.add(sound, pcm, now):
                    self._came.set()
                if not sound:
                    await self._take(event, client)
                await asyncio.sleep(0)  # what has come already is read without a pause: the others have theirs

    async def _take(self, event: Event, client: WyomingClient) -> None:
        match event.type:
            case "ping":
                await client.send(Pong(text=wanted(event, Asked).text))
            case "pong":
                self._pongs = True
            case "detection":
                self._stream.name(wanted(event, Named))
            case "run-pipeline":
                self._stream.begin(wanted(event, Pipeline), self._clock.monotonic())
            case "audio-stop":
                self._stream.end()
            case "played":
                self.tells_played = True
                self._unplayed = max(0, self._unplayed - 1)
                self.news.set()

    def _error(self, key: str) -> SoundError:
        return SoundError(key, host=self._host, port=self._port)
