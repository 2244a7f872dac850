"""One client: its questions about what there is are answered at once, its requests one after another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import ExitStack
from functools import partial
from typing import Final, TypeVar

from wyoming.asr import Transcript
from wyoming.error import Error
from wyoming.event import Event
from wyoming.handle import Handled, HandledChunk, HandledStart, HandledStop, NotHandled
from wyoming.ping import Pong
from wyoming.tts import SynthesizeStopped

from digital_life.errors import DigitalLifeError, WyomingError
from digital_life.ports import Clock
from digital_life.values import RATE, Language
from digital_life.wire.events import wanted
from digital_life.wire.wire import Wire
from digital_life.wyoming import requests
from digital_life.wyoming.info import info
from digital_life.wyoming.listening import Inlet, Recording, Search
from digital_life.wyoming.offers import Offers
from digital_life.wyoming.requests import Chunk, Detect, Format, Ping, Said, Start, Synthesize, Voice
from digital_life.wyoming.sounding import WireLoudspeaker

log = logging.getLogger(__name__)

WAITING: Final = 4
"""Requests of one client that may wait for the one before."""

Job = Callable[[], Awaitable[None]]
_Request = TypeVar("_Request", bound=Start)


class Connection:
    def __init__(self, wire: Wire, offers: Offers, *, clock: Clock, language: Language) -> None:
        """`language` is that of its complaints."""
        self._wire = wire
        self._offers = offers
        self._clock = clock
        self._language = language
        self._jobs: asyncio.Queue[Job] = asyncio.Queue(WAITING)
        self._working = False
        self._wakes: Detect | None = None
        """What the sound that comes is searched for; None: it is to be written down."""
        self._inlet: Inlet | None = None
        self._stream: Recording | Search = Recording()
        self._searching = ExitStack()
        self._text: _Text | None = None
        """What is to be spoken, while it streams in."""
        self._takes: Mapping[str, Callable[[Event], Awaitable[None]]] = {
            "describe": self._describe,
            "ping": self._pong,
            "transcribe": self._listen_for_words,
            "detect": self._listen_for_wake_words,
            "audio-start": self._begin_sound,
            "audio-chunk": self._hear,
            "audio-stop": self._end_sound,
            "transcript": self._ask,
            "synthesize": self._speak_whole,
            "synthesize-start": self._speak_stream,
            "synthesize-chunk": self._speak_on,
            "synthesize-stop": self._end_text,
        }

    @property
    def busy(self) -> bool:
        """Whether something of it is under way."""
        return self._waits() or self._inlet is not None

    def _waits(self) -> bool:
        """Whether it is for us to answer."""
        return self._working or not self._jobs.empty()

    async def serve(self) -> None:
        """Return when it has ended. Raises, in a group: ConnectionError, TimeoutError where it does not keep up."""
        with self._searching:
            async with asyncio.TaskGroup() as tasks:
                working = tasks.create_task(self._work(), name="wyoming.work")
                try:
                    await self._listen()
                except WyomingError as error:
                    log.warning("a Wyoming client is cut off: %s", error)
                    await self._complain(error)
                finally:
                    working.cancel()

    async def _listen(self) -> None:
        while event := await self._wire.read(waits=self._waits):
            take = self._takes.get(event.type)
            if take:  # what is not known is passed over, as the protocol wants
                await take(event)
            await asyncio.sleep(0)  # what has come already is read without a pause: the others have theirs

    async def _work(self) -> None:
        while True:
            job = await self._jobs.get()
            self._working = True
            try:
                await job()
            except DigitalLifeError as error:
                log.warning("%s", error)
                await self._complain(error)
            finally:
                self._working = False

    def _put(self, job: Job) -> None:
        try:
            self._jobs.put_nowait(job)
        except asyncio.QueueFull as error:
            raise WyomingError("wyoming-many") from error

    async def _complain(self, error: DigitalLifeError) -> None:
        await self._wire.write(Error(text=error.sentence(self._language), code=error.key))

    # Answered at once.

    async def _describe(self, _: Event) -> None:
        await self._wire.write(info(self._offers.describe()))

    async def _pong(self, event: Event) -> None:
        await self._wire.write(Pong(text=wanted(event, Ping).text))

    # Sound.

    async def _listen_for_words(self, _: Event) -> None:
        self._wakes = None

    async def _listen_for_wake_words(self, event: Event) -> None:
        self._wakes = wanted(event, Detect)

    async def _begin_sound(self, event: Event) -> None:
        self._open(wanted(event, Format))

    async def _hear(self, event: Event) -> None:
        sound = wanted(event, Format)
        await (self._inlet or self._open(sound)).hear(sound, event.payload or b"")

    def _open(self, sound: Format) -> Inlet:
        self._searching.close()
        if self._wakes:
            watch = self._searching.enter_context(self._offers.watch())
            self._stream = Search(watch, self._wire, self._clock, names=self._wakes.names)
        else:
            self._stream = Recording()
        self._inlet = Inlet(sound, self._offers.convert(sound), self._stream)
        return self._inlet

    async def _end_sound(self, _: Event) -> None:
        inlet, self._inlet = self._inlet, None
        if inlet is None:
            return
        await inlet.end()
        if isinstance(self._stream, Search):
            await self._stream.end()
            self._searching.close()
        else:
            self._put(partial(self._transcribe, bytes(self._stream.pcm)))
            self._stream = Recording()

    async def _transcribe(self, pcm: bytes) -> None:
        heard = await self._offers.transcribe(pcm)
        await self._wire.write(Transcript(heard.text, language=heard.language) if heard else Transcript(""))

    # Conversation.

    async def _ask(self, event: Event) -> None:
        said = wanted(event, Said)
        self._put(partial(self._answer, said))

    async def _answer(self, said: Said) -> None:
        answer = await self._offers.answer(said)
        text = "".join(answer.pieces).strip()
        if answer.failed:
            await self._wire.write(NotHandled(text, context=said.context))
            return
        chunks = (HandledChunk(piece) for piece in answer.pieces)
        # The whole besides: for those who do not read it in pieces.
        whole = Handled(text, context=said.context)
        await self._wire.write(HandledStart(context=said.context), *chunks, whole, HandledStop())

    # Speech.

    async def _speak_whole(self, event: Event) -> None:
        if self._text:
            return  # the same text again, for those who do not read it in pieces
        request = _plain(wanted(event, Synthesize))
        text = _Text(self._wire.idle_s)
        text.add(request.text)
        text.end()
        self._put(partial(self._speak, text, request.voice))

    async def _speak_stream(self, event: Event) -> None:
        request = _plain(wanted(event, Start))
        self._text = _Text(self._wire.idle_s)
        self._put(partial(self._speak, self._text, request.voice, streams=True))

    async def _speak_on(self, event: Event) -> None:
        if self._text:
            self._text.add(wanted(event, Chunk).text)

    async def _end_text(self, _: Event) -> None:
        if self._text:
            self._text.end()
            self._text = None

    async def _speak(self, text: _Text, voice: Voice, *, streams: bool = False) -> None:
        loudspeaker = WireLoudspeaker(self._wire)
        await self._offers.speak(text.pieces(), voice, loudspeaker)
        await loudspeaker.end(rate=RATE)
        if streams:
            await self._wire.write(SynthesizeStopped())


class _Text:
    """A text that comes piece by piece."""

    def __init__(self, wait_s: float) -> None:
        """`wait_s`: how long the next piece may take."""
        self._wait_s = wait_s
        self._came: asyncio.Queue[str] = asyncio.Queue()
        """Bounded by its length; the empty one is the end."""
        self._length = 0

    def add(self, piece: str) -> None:
        self._length += len(piece)
        if self._length > requests.SPOKEN:
            raise WyomingError("wyoming-text", most=requests.SPOKEN)
        if piece:
            self._came.put_nowait(piece)

    def end(self) -> None:
        self._came.put_nowait("")

    async def pieces(self) -> AsyncGenerator[str]:
        """Raises TimeoutError when the next one does not come."""
        while True:
            async with asyncio.timeout(self._wait_s):
                piece = await self._came.get()
            if not piece:
                return
            yield piece


def _plain(request: _Request) -> _Request:
    if request.text_format not in (None, "text"):
        raise WyomingError("wyoming-markup")
    return request
