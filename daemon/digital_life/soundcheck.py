"""The sound check: what the microphone hears of the room and of the loudspeaker, and the settings that follow."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import numpy.typing as npt

from digital_life import app, calibration
from digital_life.backends.echo import EchoCanceller, Played
from digital_life.backends.openwakeword import OpenWakeWord
from digital_life.backends.silero import Silero
from digital_life.backends.sound import OUTPUT_LATENCY_S, SoundLoudspeaker, SoundMicrophone, SoundSystem
from digital_life.backends.sweep import LATEST_S, Echo, clips, find_echo, loudness_db, sweep
from digital_life.context import Context
from digital_life.errors import ModelError, ungrouped
from digital_life.examination import Finding, Health
from digital_life.hearing.overhearing import Overhearing
from digital_life.ports import Microphone
from digital_life.values import FRAME, RATE, WIDTH, AudioFrame, Speech, SpeechSustained
from digital_life.worker import Worker

QUIET_S = 1.5
SWEEPS = 3
WAKING = Speech(bytes(WIDTH * RATE // 2), RATE)
"""Half a second of silence: a device that slept swallows the first sound."""
LEAST_VOICE = 0.9
"""Quantile of a voice's probability in the quiet room that counts: a click is no noise."""
LOUDER_DB = 6.0
"""Above the room, from which its own voice can be told from it."""
DEAF_DB = -90.0
"""A microphone that is on hears its own noise."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The recordings of one sound check."""

    quiet: Sequence[AudioFrame]
    echoes: Sequence[Echo]
    """Of those sweeps that were heard."""
    swept: Sequence[AudioFrame]
    own: Sequence[AudioFrame]
    """While it spoke; empty when it has no voice."""
    left: Sequence[AudioFrame]
    """The same as its ears get them."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What its ears make of them."""

    room_voice: float
    """How like a voice the quiet room is, 0 to 1."""
    own_wake: float | None
    """The highest score of a wake word while it spoke; None when it did not."""
    mistaken: int
    """So often it took its own voice for somebody's."""


async def check(context: Context) -> list[Finding]:
    """Listen, play, listen again, and keep what follows. Raises SoundError when a device cannot be used."""
    audio, words = context.settings.audio, context.words
    try:
        chosen = app.choose_models(context)
        async with app.open_voice(context) as voice:
            text = words.text("soundcheck.own-voice", name=context.settings.persona.name)
            own = await voice.synthesize(text, words.language)
    except ModelError as error:
        chosen, own = None, None
        spoken = [Finding("own voice", Health.BROKEN, error.sentence(words.language))]
    with ungrouped():
        heard = await _listen(context, own)
    async with Worker("ears") as ears:
        judged = await ears.run(
            lambda: _judge(heard, OpenWakeWord(chosen.wake_features, chosen.wake_words) if chosen else None, context)
        )
    if own:
        spoken = [_own_voice(heard, judged, context)]
    findings = [_room(heard, judged, context), _echo(heard, context), *spoken]
    if any(finding.health is Health.BROKEN for finding in findings[:2]):
        return findings
    values = calibration.decide(
        echo_ms=_late_ms(heard.echoes),
        room_voice=judged.room_voice,
        own_wake=judged.own_wake,
        own_left=loudness_db(_sound(_learnt(heard.left))) > loudness_db(_sound(heard.quiet)) + LOUDER_DB,
        system=audio.echo_cancellation == "system",
    )
    path = calibration.keep(context.home, audio, values, measured=context.clock.now())
    return [*findings, _kept(path, values, context)]


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


async def _listen(context: Context, own: Speech | None) -> Heard:
    audio = context.settings.audio
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
                echo = find_echo(*_aligned(ear.heard[during], played))
                echoes += [echo] if echo else []
            swept = slice(begin, len(ear.heard))
            if audio.echo_cancellation and not system_cancels:
                ear.canceller = EchoCanceller(played, delay_s=calibration.echo_delay_ms(_late_ms(echoes)) / 1000)
            spoken = await ear.during(loudspeaker.play(own), after_s=LATEST_S) if own else slice(0)
            listening.cancel()
    return Heard(
        quiet=ear.heard[quiet],
        echoes=echoes,
        swept=ear.heard[swept],
        own=ear.heard[spoken],
        left=ear.left[spoken],
    )


def _aligned(frames: Sequence[AudioFrame], played: Played) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int16]]:
    """What was heard, and what was played meanwhile by the sound card's own time."""
    offsets = [(played.position(frame.captured - FRAME / RATE) or 0) - frame.position for frame in frames]
    near = _sound(frames)
    return near, played.sound(frames[0].position + round(median(offsets)), len(near))


def _judge(heard: Heard, wake_words: OpenWakeWord | None, context: Context) -> Judged:
    """On the thread that owns the models."""
    voice, hearing = Silero(), context.settings.hearing
    quiet = [probability for frame in heard.quiet for probability in voice.feed(frame.pcm)]
    overhearing, sustained, scores = Overhearing(hearing, position=0), 0, [0.0]
    for frame in heard.left:
        if wake_words:
            scores += wake_words.feed(frame.pcm).values()
        if frame.echo_free:
            events = list(overhearing.feed(voice.feed(frame.pcm)))
            if any(isinstance(event, SpeechSustained) for event in events):
                overhearing, sustained = Overhearing(hearing, position=0), sustained + 1
    return Judged(float(np.quantile(quiet, LEAST_VOICE)), max(scores) if heard.left else None, sustained)


def _room(heard: Heard, judged: Judged, context: Context) -> Finding:
    text = context.words.text
    noise = loudness_db(_sound(heard.quiet))
    found = text("soundcheck.room", noise=round(noise), voice=f"{judged.room_voice:.2f}")
    if max(noise, loudness_db(_sound(heard.swept))) <= DEAF_DB:
        return Finding("microphone", Health.BROKEN, found, text("soundcheck.muted-advice"))
    if judged.room_voice >= calibration.SURELY_A_VOICE:
        return Finding("microphone", Health.WEAK, found, text("soundcheck.voice-advice"))
    return Finding("microphone", Health.WELL, found)


def _echo(heard: Heard, context: Context) -> Finding:
    text = context.words.text
    if not heard.echoes:
        if context.settings.audio.echo_cancellation == "system":
            return Finding("loudspeaker", Health.WELL, text("soundcheck.no-echo"))
        return Finding("loudspeaker", Health.WEAK, text("soundcheck.no-echo"), text("soundcheck.no-echo-advice"))
    found = text(
        "soundcheck.echo",
        delay=round((OUTPUT_LATENCY_S + median(echo.delay_s for echo in heard.echoes)) * 1000),
        level=round(median(echo.level_db for echo in heard.echoes)),
        decay=round(median(echo.decay_s for echo in heard.echoes) * 1000),
    )
    if clips(_sound(heard.swept)):
        return Finding("loudspeaker", Health.WEAK, found, text("soundcheck.clips-advice"))
    return Finding("loudspeaker", Health.WELL, found)


def _own_voice(heard: Heard, judged: Judged, context: Context) -> Finding:
    text = context.words.text
    found = text(
        "soundcheck.own-voice-heard",
        before=round(loudness_db(_sound(_learnt(heard.own)))),
        after=round(loudness_db(_sound(_learnt(heard.left)))),
        score=f"{judged.own_wake or 0.0:.2f}",
    )
    if not context.settings.audio.echo_cancellation:
        return Finding("own voice", Health.WELL, f"{found} {text('soundcheck.wake-word-alone')}")
    if judged.mistaken:
        found = f"{found} {text('soundcheck.mistaken', times=judged.mistaken)}"
        return Finding("own voice", Health.WEAK, found, text("soundcheck.mistaken-advice"))
    return Finding("own voice", Health.WELL, f"{found} {text('soundcheck.speak-over')}")


def _kept(path: Path, values: calibration.Values, context: Context) -> Finding:
    kept = ", ".join(f"{table}.{key} = {value}" for table, keys in values.items() for key, value in keys.items())
    found = context.words.text("soundcheck.kept", path=path) if kept else context.words.text("soundcheck.usual")
    return Finding("calibration", Health.WELL, f"{kept} {found}".strip())


def _late_ms(echoes: Sequence[Echo]) -> float | None:
    """After the sound card's own time; None when there is no echo."""
    return median(echo.delay_s for echo in echoes) * 1000 if echoes else None


def _learnt(frames: Sequence[AudioFrame]) -> Sequence[AudioFrame]:
    """Those of the second half, when the canceller knows the room."""
    return frames[len(frames) // 2 :]


def _sound(frames: Sequence[AudioFrame]) -> npt.NDArray[np.int16]:
    return np.frombuffer(b"".join(frame.pcm for frame in frames), dtype=np.int16)
