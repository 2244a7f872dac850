"""The first run, put together: whether it begins, what comes of what was learnt, and how far it is."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import msgspec

from digital_life import config
from digital_life.backends.pinyin import sound
from digital_life.backends.settingsfile import SettingsFile
from digital_life.broadcast import Event
from digital_life.catalogue import Model, Store, Voice
from digital_life.config import Settings
from digital_life.context import Context
from digital_life.hearing.wake import phrase_of, written_of
from digital_life.malformed import WRITTEN
from digital_life.memory.life import Life
from digital_life.personas import Personas, SpeakAs
from digital_life.ports import Clock, WakeNotes
from digital_life.proven import State
from digital_life.talking.introducing import Introducing
from digital_life.talking.introduction import Introduction, Topic, begun_again
from digital_life.values import Language, WakeHeard, WakeMissed, WakeNote, Waking
from digital_life.views.setup import InstalledVoice, Possible, Sample, Setup, Tried, WakePhrase
from digital_life.worker import Worker

log = logging.getLogger(__name__)

NOTE = "introduced"
"""The file in the home folder that tells how far it is."""
STARTS_MOST = 2
"""So often it begins by itself, where nobody ends it."""
LATEST = 12
"""Tries of the wake word that are known."""
KEYS = {Topic.LANGUAGE: "language", Topic.USER: "user", Topic.NAME: "name"}
"""Of the persona in the settings."""
Write = Callable[[Mapping[str, object]], Awaitable[object]]
"""Changes keys of the user's settings file. Raises ConfigError."""


class Note(msgspec.Struct, frozen=True):
    """How far it is, as it is kept."""

    left: tuple[Topic, ...] = ()
    starts: int = 1
    """How often it began by itself."""


class Learning:
    """Keeping: the settings file, and all that goes by the settings while it runs."""

    def __init__(self, settings: Settings, file: Path, *, speak_as: SpeakAs, write: Write, starts: int) -> None:
        self.voices: dict[Language, str] = {}
        """Names of those that speak."""
        self.personas: Personas | None = None
        """Those who are called by what is learnt."""
        self._settings = settings
        self._file = file
        self._speak_as = speak_as
        self._write = write
        self._starts = starts
        self._changing = asyncio.Lock()
        """One voice after the other: the page and the talk may both ask for one."""

    async def learn(self, learnt: Mapping[Topic, str], language: Language) -> None:
        changes = changes_of(learnt, language, self._settings)
        if not changes:
            return
        self._settings = changed(self._settings, learnt, language)
        if self.personas:
            self.personas.become(self._settings)
        await self._write(changes)
        if Topic.VOICE in learnt:
            await self.try_voice(learnt[Topic.VOICE], language)
            self.voices[language] = learnt[Topic.VOICE]

    async def try_voice(self, name: str, language: Language) -> None:
        present = self._settings.cast[0]
        voices = {**self._settings.models.voices, **present.voices, language: name}
        async with self._changing:
            await self._speak_as(msgspec.structs.replace(present, voices=voices))

    def note(self, state: Introduction) -> None:
        written = self._file.with_suffix(".new")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            written.write_bytes(msgspec.json.encode(Note(state.topics, self._starts)))
            written.replace(self._file)
        except OSError as error:
            log.warning("how far the introduction is cannot be noted: %s", error)


class HeededNotes:
    """WakeNotes that tell what was nearly the wake word, and know what happened of late."""

    def __init__(self, notes: WakeNotes, told: Callable[[WakeHeard | WakeMissed, Waking], None]) -> None:
        self._notes = notes
        self._told = told
        self._number = 0
        self.tries: deque[Tried] = deque(maxlen=LATEST)

    def note(self, wake: WakeHeard | WakeMissed, waking: Waking) -> None:
        self._notes.note(wake, waking)
        if waking in (Waking.NEAR, Waking.DOUBTED):
            self._keep(wake, woke=False)
            self._told(wake, waking)

    def hear(self, event: Event) -> None:
        """Of the Broadcast, which tells it sooner than it is noted what came of it."""
        if isinstance(event, WakeHeard):
            self._keep(event, woke=True)

    @property
    def latest(self) -> WakeNote | None:
        return self._notes.latest

    def _keep(self, wake: WakeHeard | WakeMissed, *, woke: bool) -> None:
        self._number += 1
        self.tries.append(Tried(self._number, wake.phrase, wake.score, wake.needed, woke))


class Beginning:
    """The introduction, and what the page of the first steps needs of it."""

    def __init__(
        self,
        introducing: Introducing,
        learning: Learning,
        notes: HeededNotes,
        possible: Possible,
        settings_file: SettingsFile,
    ) -> None:
        self.settings_file = settings_file
        """The one that writes it: what is learnt and what a page changes take turns."""
        self.introducing = introducing
        self.notes = notes
        """To be noted to in place of those that were given."""
        self._learning = learning
        self._possible = possible

    def use(self, personas: Personas) -> None:
        """These are called by what is learnt."""
        self._learning.personas = personas

    def setup(self, sample: Sample, clock: Clock) -> Setup:
        return Setup(
            introducing=self.introducing,
            possible=self._possible,
            sample=sample,
            tries=lambda: tuple(self.notes.tries),
            chosen=lambda: self._learning.voices,
            clock=clock,
        )


@asynccontextmanager
async def open_beginning(
    context: Context, life: Life, notes: WakeNotes, store: Store, voices: Mapping[Language, Voice], *, speak_as: SpeakAs
) -> AsyncGenerator[Beginning]:
    """`voices`: those that speak. Raises MemoryFileError."""
    async with Worker("settings-file") as worker:
        file = SettingsFile(context.settings_file or context.home / config.FILE, worker=worker)
        note = await _wanted(context, life)
        possible = _possible(context, store)
        learning = Learning(
            context.settings, context.home / NOTE, speak_as=speak_as, write=file.write, starts=note.starts
        )
        learning.voices = {language: each.name for language, each in voices.items()}
        state = _state(context, possible, learning.voices, note)
        introducing = Introducing(state, learning, sound=sound, begins=bool(note.left))
        yield Beginning(introducing, learning, HeededNotes(notes, introducing.noted), possible, file)


async def _wanted(context: Context, life: Life) -> Note:
    """What is to be done by itself now: nothing but where nobody has ever been here, or it was not ended."""
    if not context.settings.conversation.introduction:
        return Note()
    note = read(context.home / NOTE)
    if note:
        return Note(note.left, note.starts + 1) if note.starts < STARTS_MOST else Note()
    is_new = context.settings_file is None and not (await life.stats()).turns
    return Note(tuple(Topic)) if is_new else Note()


def read(path: Path) -> Note | None:
    """None where there is none; a damaged one is taken for one that is over."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Note)
    except FileNotFoundError:
        return None
    except (OSError, *WRITTEN) as error:
        log.warning("%s is not used: %s", path, error)
        return Note()


def _state(context: Context, possible: Possible, voices: Mapping[Language, str], note: Note) -> Introduction:
    persona = context.settings.persona
    state = begun_again(
        Introduction(
            me=persona.name,
            phrase=possible.wake[0].written,
            language=context.words.language,
            user=persona.user,
            voices={
                language: _present_first([each.name for each in found], voices.get(language, ""))
                for language, found in possible.voices.items()
            },
        )
    )
    return replace(state, topics=tuple(each for each in state.topics if each in note.left))


def _present_first(names: list[str], present: str) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: name != present))


def _possible(context: Context, store: Store) -> Possible:
    installed = [each for each in store.models if each.role == "voice" and store.state(each) is State.READY]
    return Possible(
        voices={
            language: [_voice(each) for each in installed if language in each.languages]
            for language in context.settings.conversation.languages
        },
        wake=[WakePhrase(phrase_of(each), written_of(each), each.threshold) for each in context.settings.wake.words],
    )


def _voice(model: Model) -> InstalledVoice:
    return InstalledVoice(model.name, model.about, model.licence)


def changes_of(learnt: Mapping[Topic, str], language: Language, settings: Settings) -> Mapping[str, object]:
    """The keys of the settings file that say what was learnt."""
    changes: dict[str, object] = {f"persona.{key}": learnt[topic] for topic, key in KEYS.items() if topic in learnt}
    if Topic.VOICE in learnt:
        changes["models.voices"] = {**settings.models.voices, language: learnt[Topic.VOICE]}
    return changes


def changed(settings: Settings, learnt: Mapping[Topic, str], language: Language) -> Settings:
    """The settings as the file will say them."""
    persona = msgspec.structs.replace(
        settings.persona, **{key: learnt[topic] for topic, key in KEYS.items() if topic in learnt}
    )
    models = settings.models
    if Topic.VOICE in learnt:
        models = msgspec.structs.replace(models, voices={**models.voices, language: learnt[Topic.VOICE]})
    return msgspec.structs.replace(settings, persona=persona, models=models)
