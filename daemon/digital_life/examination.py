"""What the doctor finds: each part tried for real, what is wrong and what to type."""

from __future__ import annotations

import asyncio
import dataclasses
import difflib
import os
import platform
import shutil
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from pathlib import Path, PurePath

import psutil

from digital_life import (
    app,
    backups,
    config,
    elsewhere,
    homecheck,
    household,
    machinecheck,
    offering,
    pace,
    roomdevice,
    sealed,
    units,
    wakings,
)
from digital_life.backends import backup_notes, granted, llama_cpp, sound, soundserver, systemctl, wakenotes
from digital_life.backends.cores import available as cores_available
from digital_life.backends.openai_http import OpenAiHttp
from digital_life.backends.resample import at_rate
from digital_life.backends.wavfile import WavLoudspeaker
from digital_life.context import Context
from digital_life.conversing import written_words
from digital_life.errors import ConfigError, DigitalLifeError, MemoryFileError, ModelError, ServiceError, SoundError
from digital_life.finding import Finding, Health
from digital_life.memory import archive
from digital_life.memory.copies import LIFE, READ
from digital_life.memory.lifefile import snapshot
from digital_life.pace import Pace, Place
from digital_life.ports import LanguageModel
from digital_life.secretfile import path_of
from digital_life.values import FRAME, RATE, WIDTH, Language, Message, Role, Speech, Utterance
from digital_life.words import Words

READ_TIMES = 50
"""The question so often, some 300 tokens, is read to measure the language model."""
WRITTEN_TOKENS = 32
"""Written to measure it."""
LIKE_ENOUGH = 0.6
"""How like what was said and what was understood must be; names and homophones differ with good models too."""
FRAMES = 50
"""Of silence, 4 s, for the wake words' share of a core."""
SENTENCES = 40
"""Of ten tokens, read to measure a server: about what stands in a prompt."""
SPOKEN_TOKENS = 5
"""A second, that a voice says."""


ENDS = ("watchdog", "oom-kill", "signal", "core-dump", "timeout", "exit-code", "start-limit-hit")
"""Why systemd says that a service ended, as far as it can be put plainly."""
ROOM_BYTES, LEAST_ROOM_BYTES = 1_000_000_000, 100_000_000
"""Less than the first is soon too little for a life and its copies; with less than the second it hardly remembers."""


LookForDevices = Callable[[], Awaitable[Sequence[sound.DeviceInfo]]]


async def examine(context: Context) -> list[Finding]:
    """Try every part; one that fails does not keep the others from being tried.

    Beside a daemon of this home no model is loaded a second time: the machine might have no room for that.
    """
    running = homecheck.daemons(context.home)
    at_home = homecheck.check(context, running)
    findings = [
        _machine(context.words),
        *machinecheck.check(context, running),
        _build(context),
        *_service(context),
        *_disk(context),
        *at_home,
        _seal(context),
        *_backup(context),
        *_devices(context),
        *_wakings(context),
        *await _server(context),
        *await _elsewhere(context),
        *await _home(context),
        *await _wyoming(context),
        *await _rooms(context),
    ]
    try:
        chosen = app.choose_models(context)
    except DigitalLifeError as error:
        return [*findings, _failed("models", error, context)]
    findings.append(Finding("models", Health.WELL, chosen.why))
    findings += [Finding("models", Health.WEAK, advice) for advice in chosen.advice]
    if running:
        return [*findings, Finding("speed", Health.WELL, context.words.text("doctor.running"))]
    return findings + await _tried_out(context, with_life=homecheck.is_sound(at_home))


async def _tried_out(context: Context, *, with_life: bool) -> list[Finding]:
    """All models, loaded and measured."""
    try:
        loudspeaker = WavLoudspeaker(None, clock=context.clock, realtime=False)
        async with AsyncExitStack() as stack:
            trial = await stack.enter_async_context(_trial(context, with_life=with_life))
            parts = await stack.enter_async_context(app.open_parts(trial, loudspeaker))
            return await _speeds(parts, trial)
    except DigitalLifeError as error:
        return [_failed("models", error, context)]


@asynccontextmanager
async def _trial(context: Context, *, with_life: bool) -> AsyncGenerator[Context]:
    """A home like this one, in which anything may be changed; the life in it a copy, as far as it is to be had."""
    with tempfile.TemporaryDirectory(prefix="digital-life-doctor-") as folder:
        home = Path(folder)
        await asyncio.to_thread(_furnish, home, context.home, with_life=with_life)
        yield dataclasses.replace(context, home=home)


def _furnish(home: Path, like: Path, *, with_life: bool) -> None:
    for name in archive.SMALL:
        with suppress(OSError):
            shutil.copy(like / name, home / name)
    if (like / READ).is_dir():  # what the model has read of this life need not be read again
        (home / READ).symlink_to((like / READ).resolve())
    if with_life and (like / LIFE).exists():
        with suppress(MemoryFileError):  # it was whole a moment ago; the speeds are measured all the same
            snapshot(like / LIFE, home / LIFE)


async def examine_running(
    context: Context,
    parts: app.Parts,
    *,
    devices: LookForDevices,
    is_free: Callable[[], bool],
    is_deaf: Callable[[str], bool],
) -> AsyncGenerator[Finding]:
    """The same of a daemon that runs, with its own parts: nothing is loaded twice and no talk disturbed.

    How fast the wake words and the language model are is left out: they would lose what they have heard and read.
    `devices` looks for them where the sound card is owned. The voices are tried only while `is_free`. `is_deaf`:
    whether a room is; one that is not is left in peace.
    """
    for look in (lambda: _machine(context.words), lambda: _build(context)):
        yield await asyncio.to_thread(look)
    for finding in await asyncio.to_thread(_service, context):
        yield finding
    for finding in await _devices_found(context, devices):
        yield finding
    yield await asyncio.to_thread(_seal, context)
    for look_for in (_around, _disk, _backup, _wakings):
        for finding in await asyncio.to_thread(look_for, context):
            yield finding
    for finding in [
        *await _server(context),
        *await _elsewhere(context),
        *await _home(context),
        *await _wyoming(context),
    ]:
        yield finding
    for finding in await _rooms(context, is_deaf):
        yield finding
    yield await _tried("models", _chosen(context), context)
    yield await _tried("memory", _remembering(parts, context), context)
    for language in context.settings.conversation.languages:
        if is_free():
            yield await _tried(f"voice {language}", _round_trip(parts, context, language), context)
        else:
            yield Finding(f"voice {language}", Health.WEAK, context.words.text("doctor.talking"))


def _around(context: Context) -> list[Finding]:
    """The machine and the home folder, as they are beside the daemons that run."""
    running = homecheck.daemons(context.home)
    return [*machinecheck.check(context, running), *homecheck.check(context, running)]


async def _chosen(context: Context) -> Finding:
    chosen = await asyncio.to_thread(app.choose_models, context)
    advice = "; ".join(chosen.advice)
    return Finding("models", Health.WEAK if advice else Health.WELL, chosen.why, advice)


async def _devices_found(context: Context, devices: LookForDevices) -> list[Finding]:
    try:
        return _devices_of(await devices(), context)
    except DigitalLifeError as error:
        return [_failed("sound", error, context)]


def _machine(words: Words) -> Finding:
    memory = psutil.virtual_memory()
    total = min(memory.total, granted.memory_bytes())
    free = min(memory.available, total)
    found = words.text(
        "doctor.machine",
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        cores=os.cpu_count() or 1,
        total=f"{total / 1e9:.1f}",
        free=f"{free / 1e9:.1f}",
    )
    enough = free > app.MEMORY_BYTES
    advice = "" if enough else words.text("doctor.memory-advice", wanted=f"{app.MEMORY_BYTES / 1e9:.1f}")
    return Finding("machine", Health.WELL if enough else Health.WEAK, found, advice)


def _build(context: Context) -> Finding:
    words, layers = context.words, context.settings.llm.gpu_layers
    features = ", ".join(sorted(llama_cpp.features()))
    if llama_cpp.supports_gpu():
        return Finding("llama.cpp", Health.WELL, words.text("doctor.gpu", layers=layers, features=features))
    found = words.text("doctor.no-gpu", features=features)
    if layers:
        return Finding("llama.cpp", Health.WEAK, found, words.text("doctor.gpu-advice"))
    return Finding("llama.cpp", Health.WELL, found)


def _service(context: Context) -> list[Finding]:
    """Whether systemd starts it, of the machine or of the user, and what became of that."""
    if not systemctl.is_there():
        return []
    of_machine, of_user = _asked(user=False), _asked(user=True)
    shown = ((units.NAME, of_machine), (f"{units.NAME} --user", of_user))
    found = [_service_of(unit, each, context.words) for unit, each in shown if each and each.loaded]
    # The one of the machine cannot be asked where its own user asks: the bus knows no user that exists while it runs.
    if found or of_machine is None:
        return found
    text = context.words.text
    return [Finding("service", Health.WEAK, text("doctor.service-none"), text("doctor.service-none-advice"))]


def _asked(*, user: bool) -> systemctl.Shown | None:
    """What systemd says of it. None: it does not answer; of the user also when nobody is logged in."""
    try:
        return systemctl.manager(user=user).show(units.NAME)
    except ServiceError:
        return None


def _service_of(unit: str, shown: systemctl.Shown, words: Words) -> Finding:
    values = {"unit": unit, "manage": _manage(unit), "journal": _journal(unit)}
    cause = words.text(f"doctor.service-{shown.result}") if shown.result in ENDS else shown.result
    if shown.active == "failed" or shown.again:
        found = words.text("doctor.service-again" if shown.again else "doctor.service-failed", unit=unit, cause=cause)
        return Finding("service", Health.BROKEN, found, _service_advice(shown, words, values))
    if not shown.runs:
        found, advice = words.text("doctor.service-stopped", unit=unit), words.text("doctor.service-start", **values)
        return Finding("service", Health.WEAK, found, advice)
    if shown.restarts:
        found = words.text("doctor.service-restarted", unit=unit, times=shown.restarts)
        return Finding("service", Health.WEAK, found, words.text("doctor.service-restarted-advice", **values))
    return Finding(
        "service", Health.WELL, words.text("doctor.service-runs", unit=unit, status=shown.status or shown.active)
    )


def _service_advice(shown: systemctl.Shown, words: Words, values: Mapping[str, str]) -> str:
    if shown.exit_status == ConfigError.exit_status:
        return words.text("doctor.service-settings-advice", **values)
    if shown.result == "oom-kill":
        return words.text("doctor.service-oom-advice", **values)
    limit = shown.result == "start-limit-hit"
    return words.text("doctor.service-limit-advice" if limit else "doctor.service-failed-advice", **values)


def _manage(unit: str) -> str:
    return "systemctl --user" if unit.endswith("--user") else "sudo systemctl"


def _journal(unit: str) -> str:
    return "journalctl --user" if unit.endswith("--user") else "journalctl"


def _disk(context: Context) -> list[Finding]:
    """Whether there is room where the life lies."""
    if not context.home.is_dir():
        return []
    usage, text = shutil.disk_usage(context.home), context.words.text
    found = text("doctor.disk", free=f"{usage.free / 1e9:.1f}", total=f"{usage.total / 1e9:.1f}")
    if usage.free >= ROOM_BYTES:
        return [Finding("disk", Health.WELL, found)]
    health = Health.BROKEN if usage.free < LEAST_ROOM_BYTES else Health.WEAK
    return [Finding("disk", health, found, text("doctor.disk-advice", home=context.home))]


def _seal(context: Context) -> Finding:
    """Whether what it remembers is encrypted where it lies, and the key is there."""
    told = sealed.told(context)
    health = {"well": Health.WELL, "weak": Health.WEAK, "broken": Health.BROKEN}[told.state]
    return Finding("seal", health, told.found, told.advice)


def _backup(context: Context) -> list[Finding]:
    """Whether there is a fresh one, and whether another could be made."""
    if not context.settings.backup.target:
        return []
    text, note = context.words.text, backup_notes.read(context.home)
    made, now = backups.made_at(note), context.clock.now()
    late = made is None or now - made > backups.LATE
    if made is None:
        found = text("doctor.backup-never")
    elif late:
        found = text("doctor.backup-late", days=(now - made).days)
    else:
        found = text("doctor.backup-fresh", name=note.name, hours=round((now - made).total_seconds() / 3600))
    failure = _unready(context) or note.failure
    if failure:
        found = text("doctor.backup-failed", found=found, cause=failure)
    advice = text("doctor.backup-advice") if late or failure else ""
    return [Finding("backup", Health.WEAK if advice else Health.WELL, found, advice)]


def _unready(context: Context) -> str:
    """What is missing to make one: keys, the library; empty: nothing."""
    try:
        backups.backup_of(context).check()
    except DigitalLifeError as error:
        return error.sentence(context.words.language)
    return ""


def _devices(context: Context) -> list[Finding]:
    try:
        devices = sound.list_devices()
    except DigitalLifeError as error:
        return [_failed("sound", error, context)]
    return _devices_of(devices, context)


def _devices_of(devices: Sequence[sound.DeviceInfo], context: Context) -> list[Finding]:
    audio = context.settings.audio
    return [
        _device("microphone", audio.input, [each for each in devices if each.inputs], context.words),
        _device("loudspeaker", audio.output, [each for each in devices if each.outputs], context.words),
    ]


def _device(part: str, wanted: str | int, devices: list[sound.DeviceInfo], words: Words) -> Finding:
    listed = "; ".join(
        f"{'* ' if each.default_input or each.default_output else ''}{each.index}: {each.name}" for each in devices
    )
    if not devices:
        return Finding(part, Health.BROKEN, words.text(f"doctor.no-{part}"), _sound_advice(words))
    if wanted != "" and not any(wanted in (each.index, each.name) or str(wanted) in each.name for each in devices):
        return Finding(part, Health.BROKEN, listed, words.text("doctor.device-advice", wanted=wanted))
    return Finding(part, Health.WELL, listed)


def _sound_advice(words: Words) -> str:
    """What brings a device back: it is plugged in, or the sound server is started."""
    try:
        soundserver.running()
    except SoundError as error:
        if error.key == "soundserver-refused":
            return words.text("doctor.sound-server-advice")
    return words.text("doctor.sound-advice")


def _wakings(context: Context) -> list[Finding]:
    """How often it was called lately, and which threshold would be better."""
    notes = wakings.lately(wakenotes.read(context.home), context.clock.now())
    counted = wakings.count(notes)
    text = context.words.text
    found = text("doctor.wakings", days=wakings.LATELY.days, **dataclasses.asdict(counted))
    advice = [
        text("doctor.wakings-advice", model=word.model, threshold=better)
        for word in context.settings.wake.words
        if (better := wakings.better_threshold(notes, PurePath(word.model).stem, word.threshold))
    ]
    return [Finding("wakings", Health.WEAK if advice else Health.WELL, found, "; ".join(advice))] if notes else []


async def _server(context: Context) -> list[Finding]:
    """The language model's server, if there is to be one."""
    settings = context.settings.llm.server
    if not settings.address:
        return []
    try:
        async with OpenAiHttp(context.settings.llm) as server:
            return [await _serving(server, context)]
    except ModelError as error:
        found = error.sentence(context.words.language)
        return [Finding("language server", Health.WEAK if settings.local else Health.BROKEN, found)]


async def _elsewhere(context: Context) -> list[Finding]:
    """The voice, the recogniser and the wake words on other machines, if there are to be some."""
    trials = {
        "voice server": _voice_elsewhere,
        "recogniser server": _recogniser_elsewhere,
        "wake service": _wake_elsewhere,
    }
    findings = []
    for part, trial in trials.items():
        try:
            found = await trial(context)
        except DigitalLifeError as error:  # this machine's own stands in: it works
            findings.append(Finding(part, Health.WEAK, error.sentence(context.words.language)))
        else:
            findings += [Finding(part, Health.WELL, found)] if found else []
    return findings


async def _voice_elsewhere(context: Context) -> str:
    """Empty: none is wanted."""
    language = context.settings.persona.language
    async with elsewhere.open_voice(context.settings) as voice:
        if voice is None:
            return ""
        began = context.clock.monotonic()
        speech = await voice.synthesize(context.words.text(f"doctor.sentence-{language}"), language)
        took = context.clock.monotonic() - began
    values = {"seconds": f"{speech.seconds:.1f}", "took": f"{took:.2f}"}
    return context.words.text("doctor.elsewhere-voice", kind=context.settings.tts.server, **values)


async def _recogniser_elsewhere(context: Context) -> str:
    """Empty: none is wanted. It is given silence."""
    async with elsewhere.open_recogniser(context.settings) as recogniser:
        if recogniser is None:
            return ""
        await recogniser.greet()
        began = context.clock.monotonic()
        await recogniser.transcribe(Utterance(bytes(RATE * WIDTH), 0, RATE, RATE, 0.0))
        took = context.clock.monotonic() - began
    kind = context.settings.speech_to_text.server
    return context.words.text("doctor.elsewhere-recogniser", kind=kind, took=f"{took:.2f}")


async def _wake_elsewhere(context: Context) -> str:
    """Empty: none is wanted."""
    words = written_words(context)
    service = elsewhere.wake_of(context.settings, words)
    if service is None:
        return ""
    heard = set((await service.greet()).values())
    here = [written for phrase, written in words.items() if phrase not in heard]
    found = context.words.text("doctor.elsewhere-wake", words=", ".join(words[each] for each in sorted(heard)))
    return found + (context.words.text("doctor.elsewhere-wake-here", words=", ".join(here)) if here else "")


async def _home(context: Context) -> list[Finding]:
    """The broker and its devices, if there are to be some."""
    settings = context.settings
    if not settings.mqtt.enabled:
        return []
    try:
        if not settings.devices.enabled:
            await household.visit_broker(context)
            found = context.words.text("doctor.broker", host=settings.mqtt.host, port=settings.mqtt.port)
            return [Finding("home", Health.WELL, found)]
        async with household.open_visit(context) as control:
            away = [each for each in control.entities if not control.is_available(each)]
            found = context.words.text(
                "doctor.home",
                host=settings.mqtt.host,
                port=settings.mqtt.port,
                count=len(control.entities),
                away=len(away),
            )
            advice = "" if control.entities else context.words.text("doctor.home-advice")
            return [Finding("home", Health.WEAK if advice or away else Health.WELL, found, advice)]
    except DigitalLifeError as error:
        return [_failed("home", error, context)]


async def _wyoming(context: Context) -> list[Finding]:
    """Whether its port is its own, if it is to be offered to others."""
    settings, text = context.settings.wyoming, context.words.text
    if not settings.enabled or not settings.port:
        return []
    state = await offering.visited(settings)
    found = text(f"doctor.wyoming-{state}", host=settings.host, port=settings.port)
    if state == "taken":
        return [Finding("wyoming", Health.BROKEN, found, text("doctor.wyoming-advice"))]
    return [Finding("wyoming", Health.WELL, found)]


async def _rooms(context: Context, is_deaf: Callable[[str], bool] = lambda _: True) -> list[Finding]:
    """Whether the device of each room answers; one that is heard just now need not be asked."""
    return await asyncio.gather(
        *(
            _tried(f"room {each.name}", _room(each, context, connected=not is_deaf(each.name)), context)
            for each in context.settings.rooms.devices
        )
    )


async def _room(room: config.RoomDevice, context: Context, *, connected: bool) -> Finding:
    text = context.words.text
    where = {"kind": text(f"rooms-command.kind-{room.kind}"), "host": room.host, "port": roomdevice.port_of(room)}
    if connected:
        return Finding(f"room {room.name}", Health.WELL, text("doctor.room-connected", **where))
    answer = await roomdevice.visit(room, context.clock)
    found = text("doctor.room", called=answer.name, **where)
    advice = text("doctor.room-taken") if answer.taken else ""
    return Finding(f"room {room.name}", Health.WEAK if advice else Health.WELL, found, advice)


async def _serving(server: OpenAiHttp, context: Context) -> Finding:
    """What it has, how fast it is, and whether it can write for the memory."""
    settings, text = context.settings.llm.server, context.words.text
    served = await server.greet()
    question = text("doctor.question")
    # The moment, so that none of it was read before.
    long = f"{context.clock.now()} {text('doctor.sentence-en') * SENTENCES} {question}"
    reading, _ = await _writing(server, long, context)
    first, writing = await _writing(server, question, context)
    writes = await server.takes_grammars()
    advice = _server_advice(settings, context.words, fast=writing >= SPOKEN_TOKENS, writes=writes)
    found = text(
        "doctor.server",
        address=settings.address,
        model=settings.model or served.models[0],
        count=len(served.models),
        first=round(first * 1000),
        reading=round(server.tokens(long) / reading),
        writing=round(writing),
        grammar=text("doctor.server-grammar" if writes else "doctor.server-no-grammar"),
    )
    return Finding("language server", Health.WEAK if advice else Health.WELL, found, advice)


def _server_advice(server: config.Server, words: Words, *, fast: bool, writes: bool) -> str:
    """What matters most."""
    if server.key_file and path_of(server.key_file).stat().st_mode & 0o077:
        return words.text("doctor.server-key-open", path=server.key_file)
    if not fast:
        return words.text("doctor.server-slow")
    return "" if writes or server.local else words.text("doctor.server-grammar-advice")


async def _speeds(parts: app.Parts, context: Context) -> list[Finding]:
    trials = {
        "wake words": _wake(parts, context),
        "language model": _thinking(parts, context),
        "memory": _remembering(parts, context),
    }
    trials |= {f"voice {each}": _round_trip(parts, context, each) for each in context.settings.conversation.languages}
    return [await _tried(part, trial, context) for part, trial in trials.items()]


async def _tried(part: str, trial: Coroutine[None, None, Finding], context: Context) -> Finding:
    try:
        return await trial
    except DigitalLifeError as error:
        return _failed(part, error, context)


async def _wake(parts: app.Parts, context: Context) -> Finding:
    """The share of a core that waiting takes."""
    silence = b"\0" * (2 * FRAME)
    began = context.clock.monotonic()
    for _ in range(FRAMES):
        await parts.ears_worker.run(lambda: parts.wake_words.feed(silence))
    share = (context.clock.monotonic() - began) / (FRAMES * FRAME / RATE)
    names = ", ".join(each.model for each in context.settings.wake.words)
    return Finding("wake words", Health.WELL, context.words.text("doctor.wake", names=names, share=f"{share:.1%}"))


async def _thinking(parts: app.Parts, context: Context) -> Finding:
    """How fast the language model reads and writes, and whether that is enough."""
    text = context.words.text
    reading = await _reading(parts.mind.model, context)
    first_s, writing = await _writing(parts.mind.model, text("doctor.question"), context)
    found = text("doctor.thinking", reading=f"{reading:.0f}", writing=f"{writing:.0f}", first=round(first_s * 1000))
    settings, cores = context.settings, cores_available()
    place = Place(
        app.profile_of(context),
        named=bool(settings.models.language_model),
        threads=settings.llm.threads,
        cores=cores,
        gpu_idle=llama_cpp.supports_gpu() and not settings.llm.gpu_layers,
    )
    advice = [
        text(f"pace.{each}", threads=settings.llm.threads, cores=cores)
        for each in pace.advice(Pace(reading, writing), place)
    ]
    return Finding("language model", Health.WEAK if advice else Health.WELL, found, "; ".join(advice))


async def _reading(model: LanguageModel, context: Context) -> float:
    """Tokens a second of a text that was never read before."""
    text = f"{context.clock.now()} " + READ_TIMES * context.words.text("doctor.question")
    began = context.clock.monotonic()
    await model.prepare((Message(Role.USER, text),))
    return model.tokens(text) / (context.clock.monotonic() - began)


async def _writing(model: LanguageModel, question: str, context: Context) -> tuple[float, float]:
    """Seconds until the first word, and tokens a second from there on."""
    began = context.clock.monotonic()
    moments: list[float] = []
    async with aclosing(model.reply((Message(Role.USER, question),))) as pieces:
        async for _ in pieces:
            moments.append(context.clock.monotonic())
            if len(moments) == WRITTEN_TOKENS:
                break
    if len(moments) < 2:
        raise ModelError("language-model-failed", cause=context.words.text("talk.speechless"))
    return moments[0] - began, (len(moments) - 1) / (moments[-1] - moments[0])


async def _remembering(parts: app.Parts, context: Context) -> Finding:
    """How much there is, and how long it takes until something comes to mind."""
    stats = await parts.mind.life.stats()
    began = context.clock.monotonic()
    await parts.mind.life.search(context.words.text("doctor.question"))
    seconds = context.clock.monotonic() - began
    found = context.words.text(
        "doctor.memory", turns=stats.turns, size=f"{stats.bytes / 1e6:.1f}", ms=round(seconds * 1000)
    )
    return Finding("memory", Health.WELL, found)


async def _round_trip(parts: app.Parts, context: Context, language: Language) -> Finding:
    """Say a sentence and listen to it: does the recogniser understand the voice?"""
    sentence = context.words.text(f"doctor.sentence-{language}")
    began = context.clock.monotonic()
    speech = await parts.speech.synthesize(sentence, language)
    said = context.clock.monotonic()
    transcript = await parts.stt.transcribe(_as_utterance(speech))
    understood = context.clock.monotonic()
    text = transcript.text if transcript else ""
    found = context.words.text(
        "doctor.round-trip",
        seconds=f"{speech.seconds:.1f}",
        said=f"{said - began:.2f}",
        understood=f"{understood - said:.2f}",
        text=text,
    )
    likeness = difflib.SequenceMatcher(None, sentence.lower(), text.lower()).ratio()
    if likeness >= LIKE_ENOUGH:
        return Finding(f"voice {language}", Health.WELL, found)
    return Finding(f"voice {language}", Health.WEAK, found, context.words.text("doctor.voice-advice"))


def _as_utterance(speech: Speech) -> Utterance:
    heard = at_rate(speech, RATE)
    return Utterance(heard.tobytes(), 0, len(heard), len(heard), 0.0)


def _failed(part: str, error: DigitalLifeError, context: Context) -> Finding:
    return Finding(part, Health.BROKEN, error.sentence(context.words.language))
