"""An ESPHome voice device, such as Home Assistant Voice, as the microphone, the loudspeaker and the lamp of a room."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, Final, Literal, Protocol

from digital_life.backends.esphome_voice import Voice, Write, fetched, streamed
from digital_life.backends.inflow import Inflow
from digital_life.backends.outflow import Ahead
from digital_life.backends.resample import at_rate
from digital_life.errors import ConfigError, SoundError, ungrouped
from digital_life.ports import Clock, RoomDevice
from digital_life.values import FRAME, RATE, RESTING, AudioFrame, Speech, State

if TYPE_CHECKING:
    from digital_life.backends.esphome_link import Link

log = logging.getLogger(__name__)

PORT: Final = 6053
PRESSED: Final = "button"
"""In place of a wake word, where the device was asked to listen without one."""
CHIME_S: Final = 1.0
"""What is so short, while the device listens, is a chime: playing it would end the listening, and it makes its own."""
PLAYER_AHEAD: Final = Ahead(1.25, 0.6)
"""mpv waits for 1.03 s before it begins, and stutters when it has less than half a second."""
SPEAKER_AHEAD: Final = Ahead(0.25, 0.25)
"""A bare loudspeaker has room for 0.5 s."""
RETURNS_S: Final = 1.0
"""When it has played what it was told to, a device that goes on listening says so within this."""
NO_SOUND: Final = "about:blank"
"""Where the sound comes over the connection: without an address a device would not wait for it."""
SOME_TEXT: Final = "…"
"""Of what is said, which a loudspeaker does not know; a device that is given none does not begin to play."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a device is."""

    host: str
    port: int
    key: str
    """Its encryption key, base64 of 32 bytes; empty: it uses none."""


@dataclass(frozen=True, slots=True)
class WakeWord:
    """One that a device offers."""

    phrase: str
    languages: tuple[str, ...]
    active: bool


@dataclass(frozen=True, slots=True)
class Form:
    """Of the sound that a device fetches."""

    name: Literal["wav", "flac"] = "flac"
    """Of a WAV some players (mpv) want 100 kB before they begin."""
    rate: int = 48_000
    """Samples a second."""
    channels: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """What a device says of itself."""

    name: str = ""
    friendly_name: str = ""
    model: str = ""
    version: str = ""
    hears: bool = False
    """Whether it is a voice device at all."""
    by_api: bool = False
    """Whether its sound comes over the connection; old ones send it elsewhere."""
    speaker: bool = False
    """Whether it has a bare loudspeaker, that takes samples."""
    announces: bool = False
    """Whether it has a media player, and so can speak before it was woken."""
    converses: bool = False
    """Whether it can listen without its wake word, as after an answer."""
    forms: tuple[tuple[str, int, int], ...] = ()
    """What its media player wants for announcements: format, samples a second, channels."""
    wake_words: tuple[WakeWord, ...] = ()
    taken: bool = False
    """Whether it answers as one that another program, mostly Home Assistant, listens to; or looks for no wake word."""

    @property
    def called(self) -> str:
        return self.friendly_name or self.name

    @property
    def form(self) -> Form:
        """The first of its forms that can be made; one that says nothing is given a FLAC."""
        for name, rate, channels in self.forms:
            if name in ("wav", "flac"):
                return Form("flac" if name == "flac" else "wav", rate or Form().rate, min(channels or 1, 2))
        return Form()


class Hearer(Protocol):
    """Is told what the device does."""

    def begin(self, phrase: str, *, searched: bool) -> None:
        """It sends sound from now on: it heard `phrase`, or none; `searched`: it wants a wake word to be looked for."""
        ...

    def hear(self, pcm: bytes) -> None:
        """16 kHz mono, signed 16-bit little-endian."""
        ...

    def end(self, *, aborted: bool) -> None:
        """It sends no more: given up, or all that there was."""
        ...

    def finish(self) -> None:
        """It has played what it was given."""
        ...

    def lose(self) -> None:
        """The connection is lost."""
        ...


@asynccontextmanager
async def open_voice_device(
    host: str, port: int = PORT, *, key: str = "", clock: Clock, follow_up: bool = True, sound_port: int = 0
) -> AsyncGenerator[RoomDevice]:
    """Nothing is connected before `frames()` is asked for. Raises ConfigError when the package for it is missing.

    `follow_up`: after what is said the device goes on listening, until it is shown that nobody listens. It fetches what
    is said from `sound_port` of this machine; 0: from any that is free.
    """
    connect = _library()
    address = Address(host, port, key)
    with ungrouped():
        async with asyncio.TaskGroup() as tasks:
            device = VoiceDevice(address, connect, tasks, clock=clock, follow_up=follow_up, sound_port=sound_port)
            try:
                yield device
            finally:
                device.close()


async def visit_voice_device(host: str, port: int = PORT, *, key: str = "", clock: Clock) -> Found:
    """What is found there. Raises SoundError that tells what to do, ConfigError when the package is missing."""
    async with _library()(Address(host, port, key), clock) as link:
        if not link.found.hears:
            raise SoundError("esphome-no-voice", host=host, name=link.found.called)
        if not link.found.by_api:
            return link.found
        await link.listen(_Nobody())
        wake_words = await link.wake_words()
        return replace(link.found, wake_words=wake_words or (), taken=wake_words is None)


class _Nobody:
    """Hears nothing of a device that is only visited."""

    def begin(self, phrase: str, *, searched: bool) -> None: ...
    def hear(self, pcm: bytes) -> None: ...
    def end(self, *, aborted: bool) -> None: ...
    def finish(self) -> None: ...
    def lose(self) -> None: ...


Connect = Callable[[Address, Clock], "AbstractAsyncContextManager[Link]"]


def _library() -> Connect:
    try:
        from digital_life.backends.esphome_link import connect  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise ConfigError("esphome-missing", cause=error) from error
    return connect


class _Run(Enum):
    """What the device does of the pipeline that it believes to talk to."""

    NONE = auto()
    HEARS = auto()
    ANSWERED = auto()
    """It has stopped sending sound, and waits."""


class VoiceDevice:
    """A RoomDevice. It sends sound only from its wake word on; before that there is silence."""

    def __init__(
        self,
        address: Address,
        connect: Connect,
        tasks: asyncio.TaskGroup,
        *,
        clock: Clock,
        follow_up: bool,
        sound_port: int,
    ) -> None:
        self._address = address
        self._connect = connect
        self._tasks = tasks
        self._clock = clock
        self._follow_up = follow_up
        self._sound_port = sound_port
        self._link: Link | None = None
        self._inflow = Inflow(clock.monotonic())
        self._came = asyncio.Event()
        self._woken = ""
        self._state = State.IDLE
        self._level = 1.0
        self._run = _Run.NONE
        self._searched = False
        """Whether its sound is searched for a wake word here."""
        self._voice: Voice | None = None
        self._speaking: set[asyncio.Task[None]] = set()
        self._returns = False
        """Whether it plays the last of something, after which it goes on listening by itself."""
        self._returns_until = 0.0
        """Monotonic seconds until which it does, when it has played that."""
        self._warned = False
        self._muted = False
        """Whether its player is silenced, until it has let go of what it was given."""

    # The microphone.

    async def frames(self) -> AsyncGenerator[AudioFrame]:
        async with self._connect(self._address, self._clock) as link:
            self._inflow = Inflow(self._clock.monotonic())
            self._run, self._woken, self._link = _Run.NONE, "", link
            self._returns, self._returns_until = False, 0.0
            try:
                self._unmute()  # it was lost in between
                await link.listen(self)
                await self._look_at_wake_words(link)
                position, captured = 0, 0.0
                while not link.lost:
                    now = self._clock.monotonic()
                    self._came.clear()
                    if piece := self._inflow.take(now):
                        captured = max(captured, now - self._inflow.waiting / RATE)
                        woken, self._woken = self._woken, ""
                        yield AudioFrame(piece.pcm, position, captured, final=piece.final, woken=woken)
                        position += FRAME
                        continue
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self._inflow.due_s(now)):
                            await self._came.wait()
                raise link.lost
            finally:
                self._unmute()
                self._link = None
                self.close()

    async def _look_at_wake_words(self, link: Link) -> None:
        if await link.wake_words() is None and not self._warned:
            self._warned = True
            log.warning("%s", SoundError("esphome-taken", host=self._address.host, name=link.found.called))

    # What the device does.

    def begin(self, phrase: str, *, searched: bool) -> None:
        link = self._link
        if link is None:
            return
        # A device may name its last wake word again. A bare loudspeaker does not say when it has played all.
        goes_on = self._clock.monotonic() < self._returns_until or (self._returns and not link.found.announces)
        self._returns, self._returns_until = False, 0.0
        self._unmute()
        link.tell("run-start")
        if goes_on and self._state in RESTING:
            link.tell("run-end")  # nobody listens any more
            return
        link.tell("listening")
        self._run, self._searched = _Run.HEARS, searched
        if not (goes_on or searched):
            self._woken = phrase or PRESSED
        self._came.set()

    def hear(self, pcm: bytes) -> None:
        if self._run is _Run.HEARS:
            self._inflow.add(pcm, self._clock.monotonic())
            self._came.set()

    def end(self, *, aborted: bool) -> None:
        if self._run is _Run.HEARS and not aborted:
            self._inflow.finish()
            self._came.set()
        self._run = _Run.NONE if aborted else _Run.ANSWERED

    def finish(self) -> None:
        self._unmute()
        stopped_there = self._voice is not None and self._voice.begun and self._converses
        if self._returns or stopped_there:
            self._returns, self._returns_until = False, self._clock.monotonic() + RETURNS_S

    def lose(self) -> None:
        self._came.set()

    # The loudspeaker.

    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        """Returns up to 0.6 s before the end is heard, so that what comes next follows without a gap."""
        if self._run is _Run.HEARS and self._state is State.LISTENING and speech.seconds <= CHIME_S:
            return 0.0
        voice = self._voice or self._begin_voice()
        try:
            heard_s = await voice.play(at_rate(speech, voice.rate), started)
        except asyncio.CancelledError:
            self.stop()
            raise
        if self._link is None:
            raise SoundError("esphome-away", host=self._address.host)
        if self._state in RESTING and not voice.speaks:
            self._end_voice()
        return heard_s

    def stop(self) -> None:
        """A media player holds a second of sound that cannot be taken back: it is silenced until that is over."""
        if self._voice and not self._voice.closing:
            self._voice.stop()
            if self._link and self._voice.begun:
                self._link.mute(on=True)
                self._muted = True

    def _unmute(self) -> None:
        if self._muted and self._link and not self._link.lost:
            self._link.mute(on=False)
            self._muted = False

    def turn(self, level: float) -> None:
        self._level = level

    @property
    def _converses(self) -> bool:
        return self._follow_up and self._link is not None and self._link.found.converses

    def _loudness(self) -> float:
        return self._level

    def _begin_voice(self) -> Voice:
        link = self._link
        if link is None:
            raise SoundError("esphome-away", host=self._address.host)
        self._unmute()
        converses = self._converses
        if link.found.announces:
            form = link.found.form
            offer = partial(self._offer, link, converses)
            sink, rate, ahead = fetched(link, form, offer, port=self._sound_port), form.rate, PLAYER_AHEAD
        elif link.found.speaker and self._run is not _Run.NONE:
            self._answer(link, NO_SOUND, converses=converses)
            sink, rate, ahead = streamed(link), RATE, SPEAKER_AHEAD
        else:
            raise SoundError("esphome-dumb", host=self._address.host, name=link.found.called)
        voice = self._voice = Voice(rate, ahead, clock=self._clock, level=self._loudness)
        speaking = self._tasks.create_task(self._speak(voice, sink, converses), name=f"room.{self._address.host}.voice")
        self._speaking.add(speaking)
        speaking.add_done_callback(self._speaking.discard)
        return voice

    async def _speak(self, voice: Voice, sink: AbstractAsyncContextManager[Write], converses: bool) -> None:  # noqa: FBT001 - of one caller
        await voice.run(sink)
        self._returns = converses and voice.begun and self._clock.monotonic() >= self._returns_until

    async def _offer(self, link: Link, converses: bool, url: str) -> None:  # noqa: FBT001 - bound by name
        if self._run is _Run.NONE:
            await link.announce(url, converse=converses)
        else:
            self._answer(link, url, converses=converses)

    def _answer(self, link: Link, url: str, *, converses: bool) -> None:
        """To what it heard."""
        if self._run is _Run.HEARS:
            link.tell("heard")
        link.tell("thought", continue_conversation=str(int(converses)))
        link.tell("speaking", text=SOME_TEXT)
        link.tell("sound", url=url)
        link.tell("run-end")
        self._run = _Run.NONE

    def _end_voice(self) -> None:
        if self._voice:
            self._voice.close()
            self._voice = None

    # The lamp.

    def show(self, state: State) -> None:
        self._state = state
        link = self._link
        if link is None:
            return
        if state is State.THINKING:
            self._show_thinking(link)
        elif state is State.LISTENING:
            self._show_listening(link)
        elif state in RESTING:
            self._show_resting(link)

    def _show_thinking(self, link: Link) -> None:
        if self._run is _Run.HEARS:
            link.tell("heard")
            link.tell("thinking")
            self._run = _Run.ANSWERED

    def _show_listening(self, link: Link) -> None:
        if self._voice and self._voice.speaks:
            return  # it is held: perhaps it goes on
        returns = self._voice is not None or self._returns or self._clock.monotonic() < self._returns_until
        self._end_voice()
        if self._run is _Run.HEARS:
            if self._searched:
                link.tell("wake-word")
                link.tell("listening")
        elif not returns and link.found.announces and link.found.converses:
            self._invite(link)

    def _invite(self, link: Link) -> None:
        """It is to listen without its wake word, as it does after what it was told to play."""
        if self._run is _Run.ANSWERED:
            link.tell("run-end")
            self._run = _Run.NONE
        self._begin_voice()
        self._end_voice()

    def _show_resting(self, link: Link) -> None:
        if self._voice and self._voice.speaks:
            return  # `play` ends it
        self._end_voice()
        if self._run is not _Run.NONE and not self._searched:
            link.tell("run-end")
            self._run = _Run.NONE

    def close(self) -> None:
        if self._voice:
            self._voice.stop()
            self._voice = None
        for speaking in self._speaking:
            speaking.cancel()
