"""What others use over Wyoming, put together: the models and the talk that the room uses, in their turn."""

from __future__ import annotations

import logging
import socket
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

import msgspec

from digital_life import config
from digital_life.backends.conversion import Converted
from digital_life.backends.mdns import announced
from digital_life.backends.resample import at_rate
from digital_life.errors import CrowdedError, WyomingError
from digital_life.hearing.wake import WakeWatch, phrase_of, written_of
from digital_life.talking.sentences import Sentences
from digital_life.talking.speaking import Speaking
from digital_life.talking.spoken.languages import language_of
from digital_life.values import FRAME, WIDTH, Speech, Transcript, Utterance, WakeHeard
from digital_life.wyoming import requests
from digital_life.wyoming.offers import Answer, Described, Offers, Watch
from digital_life.wyoming.server import open_server
from digital_life.wyoming.turns import Turns
from digital_life.wyoming.visit import Found, visit

if TYPE_CHECKING:
    from digital_life.ports import Loudspeaker, TextToSpeech, WakeWords
    from digital_life.values import Language
    from digital_life.window import Daemon
    from digital_life.wire.sound import Format
    from digital_life.worker import Worker
from digital_life.wyoming.requests import Said, Voice

log = logging.getLogger(__name__)

KIND: Final = "_wyoming._tcp.local."
STREAMS: Final = 4
"""That may be searched for wake words at once; each takes as much of a core as the room's own microphone."""


@asynccontextmanager
async def open_offering(daemon: Daemon) -> AsyncGenerator[None]:
    """Others may use it, where that is wanted; where it cannot be, the log says why and the talk goes on."""
    context, settings = daemon.context, daemon.context.settings.wyoming
    async with AsyncExitStack() as stack:
        if settings.enabled:
            serving = open_server(settings, offers_of(daemon), clock=context.clock, language=context.words.language)
            try:
                at = await stack.enter_async_context(serving)
            except WyomingError as error:
                log.warning("%s", error.sentence(context.words.language))
            else:
                log.info("Wyoming is offered at %s port %d", at.host, at.port)
                if not settings.local:
                    name = f"Digital Life {socket.gethostname()}"
                    await stack.enter_async_context(announced(KIND, name=name, host=at.host, port=at.port))
        yield


async def visited(settings: config.Wyoming) -> Found:
    """What is found at the port, for the doctor."""
    return await visit(settings.host, settings.port)


def offers_of(daemon: Daemon) -> Offers:
    return _Offering(daemon).offers


class _Offering:
    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._parts = daemon.parts
        self._settings = daemon.context.settings
        self._turns = Turns(daemon.session.rested)
        self._streams = 0

    @property
    def offers(self) -> Offers:
        return Offers(
            describe=self._describe,
            convert=_conversion,
            transcribe=self._transcribe,
            speak=self._speak,
            answer=self._answer,
            watch=self._watch,
        )

    def _describe(self) -> Described:
        words = self._settings.wake.words
        return Described(
            version=version("digital-life"),
            persona=self._parts.personas.present.name,
            languages=self._settings.conversation.languages,
            voices={language: voice.name for language, voice in self._parts.voice.chosen.items()},
            wake_words={phrase_of(each): written_of(each) for each in words},
            controls=self._daemon.control is not None,
        )

    async def _transcribe(self, pcm: bytes) -> Transcript | None:
        samples = len(pcm) // WIDTH
        if not samples:
            return None
        async with self._turns.taken():
            return await self._parts.stt.transcribe(Utterance(pcm, 0, samples, samples, 0.0))

    async def _speak(self, pieces: AsyncGenerator[str], voice: Voice, loudspeaker: Loudspeaker) -> None:
        first = await anext(pieces, "")
        if not first.strip():
            async for piece in pieces:
                first += piece
                if first.strip():
                    break
        language = self._language_of(voice) or language_of(first, self._settings.persona.language)
        speaking = Speaking(voice=_InTurn(self._parts.speech, self._turns), loudspeaker=loudspeaker)
        await speaking.say(_chained(first, pieces), language)

    def _language_of(self, voice: Voice) -> Language | None:
        """Of the voice that is wanted; None where none is named that there is."""
        chosen = self._parts.voice.chosen
        named = next((language for language, each in chosen.items() if each.name == voice.name), None)
        return named or requests.language(voice.language)

    async def _answer(self, said: Said) -> Answer:
        fallback = requests.language(said.language) or self._settings.persona.language
        language = language_of(said.text, fallback)
        try:
            turn = await self._daemon.session.ask(said.text, language, talk=said.talk, who=f"wyoming {said.talk}")
        except CrowdedError as error:
            return Answer((error.sentence(language),), failed=True)
        sentences = Sentences()
        return Answer((*sentences.feed(turn.reply.said), *sentences.close()), failed=turn.failed)

    @contextmanager
    def _watch(self) -> Iterator[Watch]:
        if self._streams >= STREAMS:
            raise WyomingError("wyoming-streams", most=STREAMS)
        self._streams += 1
        try:
            yield _Watch(self._parts.wake_words, self._parts.ears_worker, self._settings.wake)
        finally:
            self._streams -= 1


class _InTurn:
    """TextToSpeech that waits its turn before each sentence; all of one request has the rate of the first."""

    def __init__(self, voice: TextToSpeech, turns: Turns) -> None:
        self._voice = voice
        self._turns = turns
        self._rate: int | None = None

    async def synthesize(self, text: str, language: Language) -> Speech:
        async with self._turns.taken():
            speech = await self._voice.synthesize(text, language)
        self._rate = self._rate or speech.rate
        return Speech(at_rate(speech, self._rate).tobytes(), self._rate)


class _Watch:
    """By the scores alone: the recogniser, which looks at a doubtful wake word in the room, is not asked."""

    def __init__(self, wake_words: WakeWords, worker: Worker, settings: config.Wake) -> None:
        self._wake_words = wake_words.beside()
        self._worker = worker
        words = tuple(msgspec.structs.replace(each, sure=0.0) for each in settings.words)
        self._watch = WakeWatch(msgspec.structs.replace(settings, words=words))
        self._position = 0

    async def hear(self, pcm: bytes) -> str | None:
        scores = await self._worker.run(lambda: self._wake_words.feed(pcm))
        found = self._watch.feed(scores, self._position, own_voice=False)
        self._position += FRAME
        return found.phrase if isinstance(found, WakeHeard) else None


def _conversion(sound: Format) -> Converted:
    return Converted(rate=sound.rate, width=sound.width, channels=sound.channels)


async def _chained(first: str, others: AsyncGenerator[str]) -> AsyncGenerator[str]:
    yield first
    async for each in others:
        yield each
