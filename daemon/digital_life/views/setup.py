"""The first steps in the page: what is done, what can be chosen, and how it sounds."""

from __future__ import annotations

import io
import wave
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

import msgspec
from msgspec import Meta

from digital_life import words
from digital_life.errors import RequestError
from digital_life.ports import Clock
from digital_life.talking.introducing import Introducing
from digital_life.talking.introduction import Topic
from digital_life.values import Language, Speech
from digital_life.web.resource import Call, Download, Resource

LONGEST_NAME = 60
PAUSE_S = 1.0
"""Between two voices that are made to be heard: each takes a core for a second."""
Name = Annotated[str, Meta(max_length=LONGEST_NAME)]
Sample = Callable[[str, Language], Awaitable[Speech]]
"""A sentence in the voice of that name. Raises ModelError."""


@dataclass(frozen=True, slots=True)
class Tried:
    """Something that was the wake word, or nearly."""

    number: int
    """Counts up."""
    phrase: str
    score: float
    needed: float
    """Both 0 to 1."""
    woke: bool


@dataclass(frozen=True, slots=True)
class WakePhrase:
    phrase: str
    """What the scores name it."""
    written: str
    threshold: float
    """Score from which it wakes, 0 to 1."""


@dataclass(frozen=True, slots=True)
class InstalledVoice:
    name: str
    about: str
    licence: str


@dataclass(frozen=True, slots=True)
class Possible:
    """What this machine can be set up to."""

    voices: Mapping[Language, Sequence[InstalledVoice]]
    wake: Sequence[WakePhrase]


class LanguageChoice(msgspec.Struct, frozen=True):
    language: Language


class Names(msgspec.Struct, frozen=True):
    user: Name = ""
    name: Name = ""


class VoiceChoice(msgspec.Struct, frozen=True):
    language: Language
    name: str


class Done(msgspec.Struct, frozen=True):
    step: Topic


@dataclass(slots=True)
class Setup:
    """Answers for the page; what is done here is done for the voice, and the other way round."""

    introducing: Introducing
    possible: Possible
    sample: Sample
    tries: Callable[[], Sequence[Tried]]
    """Of the wake word, of late."""
    chosen: Callable[[], Mapping[Language, str]]
    """Names of the voices that speak just now."""
    clock: Clock
    _made: dict[tuple[str, Language], bytes] = field(default_factory=dict)
    """Samples that were heard before."""
    _made_at: float | None = None
    """Monotonic seconds when the last one was asked for."""

    @property
    def resources(self) -> tuple[Resource, ...]:
        return (
            Resource("GET", "/api/setup", self.state),
            Resource("POST", "/api/setup/language", self.choose_language),
            Resource("POST", "/api/setup/names", self.choose_names),
            Resource("POST", "/api/setup/voice", self.choose_voice),
            Resource("GET", "/api/setup/voice", self.hear_voice),
            Resource("POST", "/api/setup/done", self.done),
            Resource("POST", "/api/setup/over", self.over),
            Resource("POST", "/api/setup/again", self.again),
        )

    async def state(self, _call: Call) -> object:
        now = self.introducing.state
        return {
            "first": bool(now.topics),
            "done": now.done,
            "asks": now.topic if now.goes_on else None,
            "language": now.language,
            "languages": words.LANGUAGES,
            "user": now.user,
            "name": now.me,
            "voices": self.possible.voices,
            "chosen": self.chosen(),
            "wake": self.possible.wake,
            "tries": self.tries(),
        }

    async def choose_language(self, call: Call) -> object:
        wanted = call.read(LanguageChoice)
        await self.introducing.done_elsewhere(Topic.LANGUAGE, {Topic.LANGUAGE: wanted.language})
        return await self.state(call)

    async def choose_names(self, call: Call) -> object:
        wanted = call.read(Names)
        user, name = (" ".join(each.split()) for each in (wanted.user, wanted.name))
        if not all(_is_name(each) for each in (user, name) if each):
            raise RequestError("setup-name")
        await self.introducing.done_elsewhere(Topic.USER, {Topic.USER: user})
        await self.introducing.done_elsewhere(Topic.NAME, {Topic.NAME: name} if name else {})
        return await self.state(call)

    async def choose_voice(self, call: Call) -> object:
        wanted = call.read(VoiceChoice)
        self._require(wanted.name, wanted.language)
        learnt = {Topic.VOICE: wanted.name, Topic.LANGUAGE: wanted.language}
        await self.introducing.done_elsewhere(Topic.VOICE, learnt)
        return await self.state(call)

    async def hear_voice(self, call: Call) -> object:
        """A short WAV."""
        name, language = call.query.get("name", ""), _language(call.query.get("language", ""))
        self._require(name, language)
        if (name, language) not in self._made:
            self._pace()
            self._made[name, language] = _wav(await self.sample(name, language))
        return Download(self._made[name, language], name=f"{name}-{language}.wav", kind="audio/wav")

    async def done(self, call: Call) -> object:
        await self.introducing.done_elsewhere(call.read(Done).step, {})
        return await self.state(call)

    async def over(self, call: Call) -> object:
        self.introducing.over()
        return await self.state(call)

    async def again(self, call: Call) -> object:
        self.introducing.begin_again()
        return await self.state(call)

    def _require(self, name: str, language: Language) -> None:
        if name not in [each.name for each in self.possible.voices.get(language, ())]:
            raise RequestError("setup-voice", name=name, status=404)

    def _pace(self) -> None:
        now = self.clock.monotonic()
        if self._made_at is not None and now - self._made_at < PAUSE_S:
            raise RequestError("setup-busy", status=429)
        self._made_at = now


def _language(written: str) -> Language:
    for each in words.LANGUAGES:
        if each == written:
            return each
    raise RequestError("setup-language", written=written[:LONGEST_NAME])


def _is_name(name: str) -> bool:
    """Something that can be said, and no more than that."""
    return any(each.isalpha() for each in name) and name.isprintable()


def _wav(speech: Speech) -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(speech.rate)
        file.writeframes(speech.pcm)
    return written.getvalue()
