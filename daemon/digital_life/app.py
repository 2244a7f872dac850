"""The composition root: the only module that knows every concrete part."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import os
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import NoReturn

import msgspec

from digital_life import elsewhere, words
from digital_life.acquaintance import Acquaintance, open_acquaintance
from digital_life.agenda.agenda import Agenda
from digital_life.agenda.initiative import Initiative
from digital_life.backends.coming import Coming
from digital_life.backends.cores import available
from digital_life.backends.e5 import E5
from digital_life.backends.echo import CleanMicrophone, EchoCanceller, Played
from digital_life.backends.espeak import Espeak
from digital_life.backends.kokoro import Kokoro
from digital_life.backends.llama_cpp import LlamaCpp
from digital_life.backends.memory import give_back, return_large_blocks
from digital_life.backends.mute import FileMute, NoMute
from digital_life.backends.openai_http import OpenAiHttp
from digital_life.backends.openwakeword import OpenWakeWord
from digital_life.backends.pinyin import sound
from digital_life.backends.piper import Piper
from digital_life.backends.punctual import Punctual
from digital_life.backends.silero import Silero
from digital_life.backends.smart_turn import SmartTurn
from digital_life.backends.sound import OUTPUT_LATENCY_S, SoundLoudspeaker, SoundMicrophone, SoundSystem
from digital_life.backends.standby import Standby
from digital_life.backends.standby_recogniser import StandbyRecogniser
from digital_life.backends.standby_voice import StandbyVoice
from digital_life.backends.standby_wake import StandbyWake
from digital_life.backends.terminals import Terminals
from digital_life.backends.voices import Voices
from digital_life.backends.volume import KeptVolume
from digital_life.backends.wakenotes import FileWakeNotes
from digital_life.backends.wavfile import Recording, WavMicrophone
from digital_life.backends.whisper import Whisper
from digital_life.backups import open_backups
from digital_life.beginning import Beginning, open_beginning
from digital_life.broadcast import Broadcast
from digital_life.catalogue import Chosen, Store, Voice, load_catalogue
from digital_life.config import Companion
from digital_life.context import Context
from digital_life.conversing import earcons, ears_of, quiet_hours, session_of, written_words
from digital_life.display.lipsync import LipSync
from digital_life.errors import ungrouped
from digital_life.hearing.ownvoice import Judged, judge
from digital_life.heartbeat import Heartbeat
from digital_life.household import body_of, open_beside, open_connection_of, open_control, open_presence
from digital_life.log import Recent
from digital_life.measuring import open_metrics
from digital_life.memory import copies
from digital_life.memory.life import Life
from digital_life.memory.pages import nearness_of
from digital_life.memory.reading import Mind as ReadingMind
from digital_life.memory.reading import Reading, file_of
from digital_life.mind import Body, Mind, open_mind
from digital_life.offering import open_offering
from digital_life.personas import Personas, SpeakAs, open_personas, wanted
from digital_life.ports import (
    Brain,
    EndOfTurn,
    Loudspeaker,
    Microphone,
    SpeechToText,
    TextToSpeech,
    VoiceActivity,
    WakeNotes,
    WakeWords,
)
from digital_life.profile import Profile
from digital_life.rooming import first_in, open_rooms
from digital_life.rooms.house import House
from digital_life.talking.answering import Answering
from digital_life.talking.moving import MoveRequests
from digital_life.talking.requests import TalkRequests
from digital_life.talking.session import Session
from digital_life.talking.speaking import Speaking
from digital_life.talking.writing import Writing
from digital_life.tasks import owned
from digital_life.values import AudioFrame, DiaryWritten, Language, Loaded, Speech
from digital_life.views.setup import Sample
from digital_life.window import Daemon, open_stage, open_window
from digital_life.worker import Worker

log = logging.getLogger(__name__)

MEMORY_STEP_MOST_S = 900.0
"""A large archive that is taken in is read by the meaning of each turn."""
MEMORY_BYTES = 1_500_000_000
"""What the small models and everything around them take."""


CORES_TO_HEAR = 2
"""Busy until it hears: with the recogniser and the language model."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything with a model in it, loaded and warm."""

    context: Context
    ears_worker: Worker
    wake_words: WakeWords
    voice_activity: VoiceActivity
    stt: SpeechToText
    end_of_turn: EndOfTurn
    notes: WakeNotes
    mind: Mind
    agenda: Agenda
    personas: Personas
    beginning: Beginning
    people: Acquaintance | None
    """None where nobody's voice is looked at."""
    voice: Voices
    """This machine's own."""
    speech: TextToSpeech
    """What speaks: a server's voice with these behind it, or these alone."""
    answering: Answering
    saying: Speaking
    loudspeaker: Loudspeaker
    loaded: asyncio.Event
    """Set when all of it is warm. Before, it hears and understands, and what was said waits for its answer."""


def choose_models(context: Context, persona: Companion | None = None) -> Chosen:
    """The models of the settings, said why and with advice in the log. Raises ModelError when one is missing.

    `persona` is who is to speak; None: who is wanted just now.
    """
    chosen = _choose(context, persona or wanted(context))
    log.debug("%s", chosen.why)
    for advice in chosen.advice:
        log.warning("%s", advice)
    return chosen


def profile_of(context: Context) -> Profile:
    """How large the models are, and why."""
    return _store(context).profile(context.settings.models)


def _choose(context: Context, persona: Companion) -> Chosen:
    settings = context.settings
    return _store(context).choose(
        settings.models_of(persona),
        settings.conversation.languages,
        settings.wake,
        words=context.words,
        thinks_here=not settings.llm.server.alone,
        knows_voices=settings.people.enabled,
    )


def _store(context: Context) -> Store:
    return Store(context.models, load_catalogue())


@asynccontextmanager
async def open_session(
    context: Context, broadcast: Broadcast, *, recent: Recent, restart: Callable[[], None], heartbeat: Heartbeat
) -> AsyncGenerator[Session]:
    """The daemon: the machine's own microphone and loudspeaker, and the pages that are open.

    `recent` holds the lines of the log that a page shows; `restart` has the daemon end and begin again;
    `heartbeat` is shown what tells that it lives.
    """
    audio = context.settings.audio
    async with AsyncExitStack() as stack:
        connection = await stack.enter_async_context(open_connection_of(context))
        control = await stack.enter_async_context(open_control(context, connection))
        system = SoundSystem(await stack.enter_async_context(Worker("sound")))
        system_cancels = audio.echo_cancellation == "system"
        microphone: Microphone = SoundMicrophone(system, audio.input, echo_free=system_cancels)
        played = Played() if audio.echo_cancellation and not system_cancels else None
        if played:
            microphone = CleanMicrophone(microphone, EchoCanceller(played, delay_s=audio.echo_delay_ms / 1000))
        loudspeaker = await stack.enter_async_context(
            SoundLoudspeaker(system, audio.output, heard=played.add if played else None)
        )
        terminals = Terminals(microphone, loudspeaker, clock=context.clock)
        stage = await stack.enter_async_context(open_stage(context, broadcast, connection))
        lips = LipSync(
            terminals,
            tell=stage.move,
            watched=lambda: stage.watched,
            clock=context.clock,
            worker=await stack.enter_async_context(Worker("display")),
            latency_s=lambda: 0.0 if terminals.has_guest else OUTPUT_LATENCY_S,
            tones=dataclasses.astuple(earcons()),
        )
        mute, loud = FileMute(context.home, clock=context.clock), KeptVolume(lips, context.home)
        house = House.of(context.clock)
        everyone = house.everywhere if context.settings.rooms.devices else None
        body = Body(mute, loud, control, everyone)
        parts = await stack.enter_async_context(open_hearing(context, loud, body, house=house))
        broadcast.subscribe(give_back_after)
        await stack.enter_async_context(parts.personas.tended(parts.answering, broadcast))
        ears = ears_of(parts, terminals)
        if parts.people:
            broadcast.subscribe(parts.people.wishes.hear)
        first = first_in(context.clock)
        session = session_of(
            parts, ears, broadcast, mute=mute, earcons=earcons() if audio.earcon else None, is_first=first("")
        )
        others = await stack.enter_async_context(open_rooms(parts, broadcast, mute=mute, first=first))
        house.rooms.update({"": session, **others})
        broadcast.subscribe(house.hear)
        await stack.enter_async_context(house.at_work(parts.personas.move))
        await stack.enter_async_context(
            _speaking_unasked(context, parts, session, house, broadcast, heard=lambda: terminals.hears)
        )
        if connection:
            seen = body_of(
                context, house.everywhere, mute=mute, volume=loud, personas=parts.personas, agenda=parts.agenda
            )
            await stack.enter_async_context(open_presence(context, connection, seen, broadcast))
        daemon = Daemon(
            context=context,
            parts=parts,
            session=session,
            ears=ears,
            terminals=terminals,
            system=system,
            broadcast=broadcast,
            mute=mute,
            volume=loud,
            control=control,
            connection=connection,
            recent=recent,
            restart=restart,
            sample=sampling(context),
            rooms=others,
        )
        await stack.enter_async_context(open_window(daemon, stage))
        await stack.enter_async_context(open_offering(daemon))
        heartbeat.watch(latest=lambda: ears.latest if session.hears else None, ask=parts.mind.life.stats)
        await stack.enter_async_context(open_backups(context, broadcast))
        await stack.enter_async_context(open_metrics(context, parts.personas.lives, broadcast))
        begin = await stack.enter_async_context(owned())
        begin(_tell_loaded(parts, broadcast), name="loaded")
        yield session


def give_back_after(event: object) -> None:
    """A diary took much of the memory for a while, and nobody talks now."""
    if isinstance(event, DiaryWritten):
        give_back()


async def _tell_loaded(parts: Parts, broadcast: Broadcast) -> None:
    await parts.loaded.wait()
    broadcast.publish(Loaded())


@asynccontextmanager
async def open_parts(
    context: Context, loudspeaker: Loudspeaker, body: Body | None = None, *, house: House | None = None
) -> AsyncGenerator[Parts]:
    """All models, loaded and warm; see open_hearing for the rest."""
    async with open_hearing(context, loudspeaker, body, house=house) as parts:
        await parts.loaded.wait()
        yield parts


@asynccontextmanager
async def open_hearing(
    context: Context, loudspeaker: Loudspeaker, body: Body | None = None, *, house: House | None = None
) -> AsyncGenerator[Parts]:
    """Load all models, each on the thread that will own it; those that hear, understand and remember are there first.

    `body`: None: it moves nothing. `house`: None: it talks in one room alone. Raises ModelError, also within it: then
    what is within is cancelled.
    """
    return_large_blocks()
    settings, thinks = context.settings, asyncio.Event()
    async with AsyncExitStack() as stack:
        # On a thread: the sum of a file that is new, or of a folder that is read-only, takes seconds.
        choosing = await stack.enter_async_context(Worker("choosing"))
        chosen = await choosing.run(lambda: choose_models(context))
        ears, hearing, melody, thinking = [
            await stack.enter_async_context(Worker(name)) for name in ("ears", "recogniser", "melody", "model")
        ]
        model, voice = Coming(), await stack.enter_async_context(_coming_voices(chosen, context))
        later = await stack.enter_async_context(owned())
        # Beside the recogniser: each is loaded on a core of its own. What speaks is needed last.
        later(_be_model(model, _open_model(chosen, thinking, context)), name="open.model")
        speaks_beside = available() > CORES_TO_HEAR
        if speaks_beside:
            later(voice.arrive(), name="open.voices")
        with ungrouped():
            async with asyncio.TaskGroup() as tasks:
                stt = tasks.create_task(
                    stack.enter_async_context(_open_recogniser(chosen, hearing, context)), name="open.recogniser"
                )
                end_of_turn = tasks.create_task(
                    SmartTurn.open(chosen.end_of_turn, worker=melody), name="open.end-of-turn"
                )
                wake_words = tasks.create_task(
                    stack.enter_async_context(_open_wake(chosen, ears, context)), name="open.wake"
                )
                activity = tasks.create_task(ears.run(Silero), name="open.activity")
                people = tasks.create_task(
                    stack.enter_async_context(open_acquaintance(context, chosen.speakers)), name="open.people"
                )
                life = tasks.create_task(stack.enter_async_context(open_life(context)), name="open.memory")
        if not speaks_beside:
            later(voice.arrive(), name="open.voices")
        speech = await stack.enter_async_context(_open_speech(voice, context))
        saying = Speaking(voice=speech, loudspeaker=loudspeaker)
        notes = FileWakeNotes(
            context.home, clock=context.clock, keep_sound=settings.wake.keep_sound, seal=context.seal()
        )
        agenda = open_agenda(context, life.result())
        mind = await stack.enter_async_context(open_mind(context, model, life.result(), agenda, body or Body()))
        speak_as = _speaking_as(context, voice)
        beginning = await stack.enter_async_context(
            open_beginning(context, life.result(), notes, _store(context), voice.chosen, speak_as=speak_as)
        )
        requests = TalkRequests(notes, wake_words=written_words(context))
        known = people.result()
        wishes = (beginning.introducing, *((known.wishes,) if known else ()), requests, *_moves(context, house))
        personas = await stack.enter_async_context(open_personas(mind, *wishes, speak_as=speak_as, loaded=thinks))
        beginning.use(personas)
        answering = personas.answering(saying)
        parts = Parts(
            context=context,
            ears_worker=ears,
            wake_words=wake_words.result(),
            voice_activity=activity.result(),
            stt=stt.result(),
            end_of_turn=end_of_turn.result(),
            notes=beginning.notes,
            mind=mind,
            agenda=agenda,
            personas=personas,
            beginning=beginning,
            people=known,
            voice=voice,
            speech=speech,
            answering=answering,
            saying=saying,
            loudspeaker=loudspeaker,
            loaded=asyncio.Event(),
        )
        later(_wake_up(parts, model, thinks), name="open.rest")
        yield parts


async def _be_model(coming: Coming, opening: AbstractAsyncContextManager[Brain]) -> NoReturn:
    """Until it is cancelled: the model is there as long as this runs."""
    async with opening as model:
        coming.arrive(model)
        await asyncio.Event().wait()
    raise AssertionError  # nobody sets that event


async def _wake_up(parts: Parts, model: Coming, thinks: asyncio.Event) -> None:
    """What need not be there to hear and to understand; set what tells that it is."""
    await parts.mind.awake()
    await model.there()
    thinks.set()
    await parts.answering.prepare()
    await parts.voice.there()
    give_back()
    parts.loaded.set()


def _moves(context: Context, house: House | None) -> tuple[MoveRequests, ...]:
    """Who has a conversation go on in another room; nobody where there is no other."""
    rooms = context.settings.rooms
    if house is None or not rooms.devices:
        return ()
    called = {rooms.here: ""} if rooms.here else {}
    called |= {each.name: each.name for each in rooms.devices}
    return (MoveRequests(house.moving, called=called, sound=sound),)


def session_on_recording(parts: Parts, recording: Recording, broadcast: Broadcast, *, realtime: bool) -> Session:
    """The same session over a recording; not in real time it waits while an answer is given."""

    async def quiet() -> None:
        await session.quiet()

    microphone = WavMicrophone(recording, clock=parts.context.clock, realtime=realtime, ready=quiet)
    session = session_of(parts, ears_of(parts, microphone), broadcast, mute=NoMute())
    return session


@asynccontextmanager
async def open_chat(context: Context, show: Callable[[str], None], broadcast: Broadcast) -> AsyncGenerator[Answering]:
    """The language model, the memory and the devices alone, the answers written."""
    async with (
        open_beside(context) as control,
        open_thinking(context, Body(control=control)) as mind,
        open_personas(mind) as personas,
    ):
        answering = personas.answering(Writing(show))
        await answering.prepare()
        async with personas.tended(answering, broadcast):
            yield answering


@asynccontextmanager
async def open_thinking(context: Context, body: Body) -> AsyncGenerator[Mind]:
    """The language model, the memory and the tools alone."""
    async with (
        open_writer(context) as model,
        open_life(context) as life,
        open_mind(context, model, life, open_agenda(context, life), body) as mind,
    ):
        await mind.awake()
        yield mind


@asynccontextmanager
async def open_writer(context: Context) -> AsyncGenerator[Brain]:
    """The language model alone."""
    chosen = choose_models(context)
    async with Worker("model") as worker, _open_model(chosen, worker, context) as model:
        yield model


@asynccontextmanager
async def open_reading(context: Context, text: str) -> AsyncGenerator[Reading]:
    """A long text, and who reads it."""
    settings = context.settings
    model = choose_models(context).language_model
    async with open_writer(context) as writer, Worker("meaning") as worker:

        async def near(question: str, texts: Sequence[str]) -> list[float]:
            embedder = await worker.run(E5)
            return await worker.run(lambda: nearness_of(embedder, question, texts))

        mind = ReadingMind(
            writer=writer,
            near=near,
            tokens=writer.tokens,
            room=settings.llm.context - settings.llm.reply_tokens,
            gists=settings.memory.gist_limit,
        )
        name = settings.llm.server.model if model is None else model.parent.name
        yield Reading(text, mind, kept=file_of(context.home, text, name), seal=context.seal())


@asynccontextmanager
async def open_life(context: Context) -> AsyncGenerator[Life]:
    """The memory alone, that of all personas without a life of their own. Raises MemoryFileError."""
    cast = context.settings.cast
    async with Worker("memory", most_s=MEMORY_STEP_MOST_S, keeps=True) as worker:
        opening = Life.open(
            context.home,
            worker=worker,
            embedder=lambda: Punctual(E5),
            clock=context.clock,
            settings=context.settings.memory,
            names=[name for each in cast for name in (each.name, each.user) if name],
            sound=sound,
            seal=context.seal(),
        )
        async with opening as life:
            yield life


def open_agenda(context: Context, life: Life) -> Agenda:
    """What is to ring; it does so while something runs it."""
    quiet = quiet_hours(context).include
    return Agenda(life, clock=context.clock, settings=context.settings.agenda, quiet=quiet)


async def judge_own_voice(context: Context, quiet: Sequence[AudioFrame], own: Sequence[AudioFrame]) -> Judged:
    """What the ears make of the quiet room, and of its own voice as the microphone heard it."""
    chosen = choose_models(context)
    async with Worker("ears") as ears:
        return await ears.run(
            lambda: judge(
                quiet,
                own,
                wake_words=OpenWakeWord(chosen.wake_features, chosen.wake_words),
                voice_activity=Silero(),
                settings=context.settings,
            )
        )


@asynccontextmanager
async def open_voice(context: Context, persona: Companion | None = None) -> AsyncGenerator[TextToSpeech]:
    """The voices alone: those of `persona`; None: of who is wanted just now."""
    async with (
        _open_voices(choose_models(context, persona), context) as voices,
        _open_speech(voices, context) as speech,
    ):
        yield speech


@asynccontextmanager
async def open_loudspeaker(context: Context) -> AsyncGenerator[Loudspeaker]:
    """The machine's own loudspeaker."""
    async with (
        Worker("sound") as worker,
        SoundLoudspeaker(SoundSystem(worker), context.settings.audio.output) as loudspeaker,
    ):
        yield loudspeaker


@asynccontextmanager
async def _speaking_unasked(
    context: Context, parts: Parts, session: Session, house: House, broadcast: Broadcast, *, heard: Callable[[], bool]
) -> AsyncGenerator[None]:
    """What is due rings, and where the user wants it, it begins by itself. `heard`: whether anybody is.

    It introduces itself where this machine stands.
    """
    settings, quiet = context.settings.proactive, quiet_hours(context).include
    initiative = Initiative(parts.mind.life, clock=context.clock, settings=settings, quiet=quiet)
    introducing = parts.beginning.introducing
    for each in (parts.agenda, initiative, introducing, parts.beginning.notes):
        broadcast.subscribe(each.hear)
    async with asyncio.TaskGroup() as tasks:
        ringing = tasks.create_task(parts.agenda.run(house.calling, tell=broadcast.publish), name="agenda")
        beginning = tasks.create_task(initiative.run(house.calling), name="initiative")
        meeting = tasks.create_task(introducing.run(session, heard=heard), name="introducing")
        try:
            yield
        finally:
            ringing.cancel()
            beginning.cancel()
            meeting.cancel()


@asynccontextmanager
async def _open_model(chosen: Chosen, worker: Worker, context: Context) -> AsyncGenerator[Brain]:
    """The server's, where there is one, with this machine's own behind it."""
    settings = context.settings.llm
    async with AsyncExitStack() as stack:
        if chosen.language_model is None:
            yield await stack.enter_async_context(OpenAiHttp(settings))
            return
        # What the model has read holds what was said, in a form that is too large to be sealed at every talk.
        kept_in = None if context.settings.memory.key_file else context.home / copies.READ
        file, store = chosen.language_model, _store(context)
        local = await LlamaCpp.open(
            file, worker=worker, settings=settings, kept_in=kept_in, is_whole=lambda: store.is_whole(file)
        )
        if not settings.server.address:
            yield local
            return
        remote = await stack.enter_async_context(OpenAiHttp(settings))
        yield await stack.enter_async_context(Standby.open(remote, local, clock=context.clock))


@asynccontextmanager
async def _open_voices(chosen: Chosen, context: Context) -> AsyncGenerator[Voices]:
    async with _coming_voices(chosen, context) as voices:
        await voices.arrive()
        yield voices


def _coming_voices(chosen: Chosen, context: Context) -> AbstractAsyncContextManager[Voices]:
    spare = Espeak(speed=context.settings.speech.speed)
    return Voices.coming(chosen.voices, lambda voice, worker: _open_voice(voice, worker, context, spare), spare=spare)


@asynccontextmanager
async def _open_speech(voices: Voices, context: Context) -> AsyncGenerator[TextToSpeech]:
    """The server's voice, where there is one, with this machine's own behind it."""
    async with AsyncExitStack() as stack:
        remote = await stack.enter_async_context(elsewhere.open_voice(context.settings))
        if remote is None:
            yield voices
        else:
            yield await stack.enter_async_context(StandbyVoice.open(remote, voices, clock=context.clock))


@asynccontextmanager
async def _open_recogniser(chosen: Chosen, worker: Worker, context: Context) -> AsyncGenerator[SpeechToText]:
    """The server's, where there is one, with this machine's own behind it."""
    settings = context.settings
    local = await Whisper.open(
        chosen.speech_to_text,
        worker=worker,
        settings=settings.speech_to_text,
        languages=settings.conversation.languages,
    )
    async with AsyncExitStack() as stack:
        remote = await stack.enter_async_context(elsewhere.open_recogniser(settings))
        if remote is None:
            yield local
        else:
            yield await stack.enter_async_context(StandbyRecogniser.open(remote, local, clock=context.clock))


@asynccontextmanager
async def _open_wake(chosen: Chosen, ears: Worker, context: Context) -> AsyncGenerator[WakeWords]:
    """The service's, where there is one, with this machine's own behind it."""
    wake, words = context.settings.wake, written_words(context)
    local = await ears.run(lambda: OpenWakeWord(chosen.wake_features, chosen.wake_words))
    remote = elsewhere.wake_of(context.settings, words)
    if remote is None:
        yield local
        return
    held = max(wake.own_voice_frames, *(each.frames for each in wake.words))
    async with StandbyWake.open(remote, local, phrases=words, held=held, clock=context.clock) as standby:
        yield standby


def sampling(context: Context) -> Sample:
    """How a voice that need not be the present one sounds; it is loaded for that."""

    async def sample(name: str, language: Language) -> Speech:
        persona = msgspec.structs.replace(wanted(context), voices={language: name})
        voice = _choose(context, persona).voices[language]
        spare = Espeak(speed=context.settings.speech.speed)
        async with Worker("voice-sample") as worker:
            speaks = await _open_voice(voice, worker, context, spare)
            return await speaks.synthesize(words.load(language).text("console.setup.sample"), language)

    return sample


def _speaking_as(context: Context, voices: Voices) -> SpeakAs:
    """What gives another persona its voices; for one that is not installed the one before goes on speaking."""

    async def speak_as(persona: Companion) -> None:
        missing = _store(context).missing_voices(persona.voices)
        for name in missing.values():
            log.warning("%s", context.words.text("personas.no-voice", persona=persona.name, name=name))
        found = _choose(context, persona).voices
        await voices.become(voices.chosen | {each: voice for each, voice in found.items() if each not in missing})

    return speak_as


async def _open_voice(voice: Voice, worker: Worker, context: Context, spare: TextToSpeech) -> TextToSpeech:
    speech = context.settings.speech
    threads = speech.threads or os.cpu_count() or 1
    match voice.engine:
        case "piper":
            return await Piper.open(voice.folder, worker=worker, speed=speech.speed, threads=threads)
        case "kokoro":
            return await Kokoro.open(voice.folder, worker=worker, speed=speech.speed, threads=threads)
        case "espeak":
            return spare
