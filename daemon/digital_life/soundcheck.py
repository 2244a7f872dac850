"""The sound check: what the microphone hears of the room and of the loudspeaker, and the settings that follow."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from msgspec import structs

from digital_life import app, calibration, config
from digital_life.backends import soundserver
from digital_life.backends.echo import EchoCanceller, Played
from digital_life.backends.sound import OUTPUT_LATENCY_S, SoundLoudspeaker, SoundMicrophone, SoundSystem
from digital_life.backends.sweep import LATEST_S, Echo, clips, find_echo, loudness_db, sweep
from digital_life.context import Context
from digital_life.errors import ungrouped
from digital_life.finding import Finding, Health
from digital_life.ports import Microphone
from digital_life.values import FRAME, RATE, WIDTH, AudioFrame, Speech
from digital_life.words import Words
from digital_life.worker import Worker

QUIET_S = 1.5
SWEEPS = 3
WAKING = Speech(bytes(WIDTH * RATE // 2), RATE)
"""Half a second of silence: a device that slept swallows the first sound."""
LOUDER_DB = 6.0
"""Above the room, from which its own voice can be told from it."""
DEAF_DB = -90.0
"""A microphone that is on hears its own noise."""
MOSTLY = 0.5
"""Share of its speaking in which the canceller must know the room."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The recordings of one sound check."""

    quiet: Sequence[AudioFrame]
    echoes: Sequence[Echo]
    """Of those sweeps that were heard."""
    swept: Sequence[AudioFrame]
    own: Sequence[AudioFrame]
    """While it spoke."""
    left: Sequence[AudioFrame]
    """The same as its ears get them."""

    @property
    def nothing(self) -> bool:
        return max(_loudness_db(self.quiet), _loudness_db(self.swept)) <= DEAF_DB

    @property
    def late_ms(self) -> float | None:
        return _late_ms(self.echoes)

    @property
    def known(self) -> float:
        """The share of its speaking in which the canceller knew the room."""
        return sum(frame.echo_free for frame in self.left) / max(1, len(self.left))

    @property
    def cleaned(self) -> Sequence[AudioFrame]:
        """What it hears of itself once the canceller knows the room; without a canceller: all."""
        return [frame for frame in self.left if frame.echo_free] or self.left

    @property
    def tells_itself(self) -> bool:
        """Whether its ears can tell its own voice from the room, also before the canceller knows it."""
        return _loudness_db(self.left) > _loudness_db(self.quiet) + LOUDER_DB


async def check(context: Context) -> list[Finding]:
    """Listen, play, listen again, and keep what follows. Raises SoundError, ModelError and ConfigError."""
    words, persona = context.words, context.settings.persona
    async with app.open_voice(context) as voice:
        own = await voice.synthesize(words.text("soundcheck.own-voice", name=persona.name), words.language)
    for settings in await asyncio.to_thread(_trials, context.settings):
        with ungrouped():
            heard = await _listen(own, settings.audio)
        judged = await app.judge_own_voice(replace(context, settings=settings), heard.quiet, heard.left)
        if not judged.mistaken:
            break
    findings = [_room(heard, judged.room_voice, words)]
    if heard.nothing:
        return findings
    values = calibration.decide(
        echo_ms=heard.late_ms,
        room_voice=judged.room_voice,
        calling=judged.calling,
        own_left=heard.tells_itself,
        system=settings.audio.echo_cancellation == "system",
    )
    path = calibration.keep(context.home, settings.audio, values, measured=context.clock.now())
    findings += [_echo(heard, settings.audio, words), _own_voice(heard, judged.mistaken, settings.audio, words)]
    return [*findings, _kept(path, values, words)]


def _trials(settings: config.Settings) -> list[config.Settings]:
    """With the system's canceller, where there is one, and with ours: who trusts one that lets its own voice through
    interrupts itself, so each is tried before it is trusted.
    """
    if not settings.audio.echo_cancellation:
        return [settings]
    systems, ours = (
        structs.replace(settings, audio=structs.replace(settings.audio, echo_cancellation=each))
        for each in ("system", True)
    )
    there = settings.audio.echo_cancellation == "system" or soundserver.cancels()
    return [systems, ours] if there else [ours]


class _Ear:
    """Keeps what the microphone hears."""

    def __init__(self, microphone: Microphone) -> None:
        self._microphone = microphone
        self.canceller: EchoCanceller | None = None
        self.opened = asyncio.Event()
        self.heard: list[AudioFrame] = []
        self.left: list[AudioFrame] = []

    async def listen(self) -> None:
        async with aclosing(self._microphone.frames()) as frames:
            async for frame in frames:
                self.heard.append(frame)
                self.left.append(self.canceller.clean(frame) if self.canceller else frame)
                self.opened.set()

    async def during(self, sound: Awaitable[object], *, after_s: float = 0.0) -> slice:
        """What is heard while that happens and a little later."""
        begin = len(self.heard)
        await sound
        await asyncio.sleep(after_s)
        return slice(begin, len(self.heard))


async def _listen(own: Speech, audio: config.Audio) -> Heard:
    system_cancels = audio.echo_cancellation == "system"
    played = Played()
    async with AsyncExitStack() as stack:
        system = SoundSystem(await stack.enter_async_context(Worker("sound")))
        ear = _Ear(SoundMicrophone(system, audio.input, echo_free=system_cancels))
        loudspeaker = await stack.enter_async_context(SoundLoudspeaker(system, audio.output, heard=played.add))
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(ear.listen(), name="soundcheck.listen")
            await ear.opened.wait()
            await loudspeaker.play(WAKING)
            quiet = await ear.during(asyncio.sleep(QUIET_S))
            begin, echoes = len(ear.heard), []
            for _ in range(SWEEPS):
                during = await ear.during(loudspeaker.play(sweep()), after_s=LATEST_S)
                echo = _echo_in(ear.heard[during], played)
                echoes += [echo] if echo else []
            swept = slice(begin, len(ear.heard))
            if audio.echo_cancellation and not system_cancels:
                ear.canceller = EchoCanceller(played, delay_s=calibration.echo_delay_ms(_late_ms(echoes)) / 1000)
            spoken = await ear.during(loudspeaker.play(own))
            listening.cancel()
    return Heard(ear.heard[quiet], echoes, ear.heard[swept], ear.heard[spoken], ear.left[spoken])


def _echo_in(frames: Sequence[AudioFrame], played: Played) -> Echo | None:
    """What they hold of what was played meanwhile, by the sound card's own time."""
    if not frames:
        return None
    start = median((played.position(frame.captured - FRAME / RATE) or 0) - frame.position for frame in frames)
    far = played.sound(frames[0].position + round(start), len(frames) * FRAME)
    return find_echo(_sound(frames), far.tobytes())


def _room(heard: Heard, room_voice: float, words: Words) -> Finding:
    noise, voice = round(_loudness_db(heard.quiet)), f"{room_voice:.2f}"
    found = words.text("soundcheck.room", noise=noise, voice=voice)
    if heard.nothing:
        return Finding("microphone", Health.BROKEN, found, words.text("soundcheck.muted-advice"))
    if room_voice >= calibration.SURELY_A_VOICE:
        return Finding("microphone", Health.WEAK, found, words.text("soundcheck.voice-advice"))
    return Finding("microphone", Health.WELL, found)


def _echo(heard: Heard, audio: config.Audio, words: Words) -> Finding:
    if heard.late_ms is None:
        found = words.text("soundcheck.no-echo")
        if audio.echo_cancellation == "system":
            return Finding("loudspeaker", Health.WELL, found)
        return Finding("loudspeaker", Health.WEAK, found, words.text("soundcheck.no-echo-advice"))
    found = words.text(
        "soundcheck.echo",
        delay=round(OUTPUT_LATENCY_S * 1000 + heard.late_ms),
        level=round(median(echo.level_db for echo in heard.echoes)),
        decay=round(median(echo.decay_s for echo in heard.echoes) * 1000),
    )
    if clips(_sound(heard.swept)):
        return Finding("loudspeaker", Health.WEAK, found, words.text("soundcheck.clips-advice"))
    return Finding("loudspeaker", Health.WELL, found)


def _own_voice(heard: Heard, mistaken: int, audio: config.Audio, words: Words) -> Finding:
    before = round(_loudness_db(heard.own))
    if not audio.echo_cancellation:
        return Finding("own voice", Health.WELL, words.text("soundcheck.wake-word-alone", before=before))
    found = words.text(
        "soundcheck.own-voice-left",
        before=before,
        share=f"{heard.known:.0%}",
        after=round(_loudness_db(heard.cleaned)),
        mistaken=mistaken,
    )
    if mistaken or heard.known < MOSTLY:
        return Finding("own voice", Health.WEAK, found, words.text("soundcheck.mistaken-advice"))
    return Finding("own voice", Health.WELL, found)


def _kept(path: Path, values: calibration.Values, words: Words) -> Finding:
    kept = ", ".join(f"{table}.{key} = {value}" for table, keys in values.items() for key, value in keys.items())
    found = words.text("soundcheck.kept", settings=kept, path=path) if kept else words.text("soundcheck.usual")
    return Finding("calibration", Health.WELL, found)


def _late_ms(echoes: Sequence[Echo]) -> float | None:
    """After the sound card's own time; None when there is no echo."""
    return median(echo.delay_s for echo in echoes) * 1000 if echoes else None


def _loudness_db(frames: Sequence[AudioFrame]) -> float:
    return loudness_db(_sound(frames))


def _sound(frames: Sequence[AudioFrame]) -> bytes:
    return b"".join(frame.pcm for frame in frames)
