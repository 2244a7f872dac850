"""`scripts/bench talk`: does it know when you have finished, and who is speaking while it speaks itself?"""

from __future__ import annotations

import itertools
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np

from benches import chains, material, report, waking
from benches.air import Air
from benches.figures import Figure, spread
from benches.voice import CACHE, DATA, context_of, progress
from digital_life import app
from digital_life.backends.echo import CleanMicrophone, EchoCanceller, Played
from digital_life.backends.openwakeword import OpenWakeWord
from digital_life.backends.silero import Silero
from digital_life.backends.wavfile import WavLoudspeaker
from digital_life.context import Context
from digital_life.hearing.listener import Listener
from digital_life.hearing.segmenter import Segmenter
from digital_life.talking.session import GOES_ON_S, LOWERED
from digital_life.talking.understanding import Understanding
from digital_life.values import (
    FRAME,
    RATE,
    Language,
    NothingSaid,
    SpeechPaused,
    SpeechStarted,
    SpeechSustained,
    Utterance,
    WakeHeard,
)
from digital_life.worker import Worker

HESITANT: tuple[tuple[Language, tuple[str, ...]], ...] = (
    ("en", ("I would like to", "order a pizza with mushrooms.")),
    ("en", ("What is the", "capital of Australia?")),
    ("en", ("Please remind me to", "call my mother tomorrow.")),
    ("en", ("Tell me about", "the history of Rome.")),
    ("en", ("My number is five five five", "one two three four.")),
    ("en", ("I need milk, eggs, and", "a loaf of bread.")),
    ("en", ("I think that", "we should leave early.")),
    ("en", ("Can you, um", "turn down the music?")),
    ("en", ("The meeting is at", "half past three.")),
    ("en", ("If it rains, then", "I will stay at home.")),
    ("en", ("Play something by", "the Beatles.")),
    ("en", ("My sister and", "her husband are coming.")),
    ("en", ("I am looking for", "a good restaurant.")),
    ("en", ("She told me because", "she trusts me.")),
    ("en", ("Set an alarm for", "seven o'clock.")),
    ("en", ("Good morning.",)),
    ("en", ("How are you today?",)),
    ("en", ("I have two cats at home.",)),
    ("en", ("Who wrote Romeo and Juliet?",)),
    ("en", ("Thank you very much.",)),
    ("zh", ("我想要", "一杯咖啡。")),
    ("zh", ("那个", "今天天气怎么样？")),
    ("zh", ("请帮我", "打开客厅的灯。")),
    ("zh", ("我觉得", "我们应该早点走。")),
    ("zh", ("如果明天下雨的话，", "我就待在家里。")),
    ("zh", ("我的电话是一三八", "六六七八。")),
    ("zh", ("提醒我明天去买牛奶和", "鸡蛋。")),
    ("zh", ("因为", "我今天很累。")),
    ("zh", ("我妹妹跟", "她的朋友要来。")),
    ("zh", ("你能不能告诉我", "现在几点了？")),
    ("zh", ("我最喜欢的颜色是", "蓝色。")),
    ("zh", ("我昨天在", "公园里跑步。")),
    ("zh", ("给我讲一个", "有意思的故事。")),
    ("zh", ("然后", "我们去吃饭吧。")),
    ("zh", ("你好。",)),
    ("zh", ("今天是星期几？",)),
    ("zh", ("我有两只猫。",)),
    ("zh", ("谢谢你。",)),
    ("zh", ("法国的首都是哪里？",)),
    ("zh", ("我喜欢喝茶。",)),
)
"""Parts of an utterance, with a pause between."""
PAUSES_S = (0.4, 0.6, 0.8, 1.0)
BORDER_S = 0.15
"""The pause is that near to where it should be, by the length of the parts."""
QUIET_SAMPLES = 320
LEARNING_S = 8.0
"""Of its own speech before somebody speaks over it."""
BETWEEN_S = 6.0
SPOKEN_S = 3.0
"""Longest piece of what is said over it."""
OWN_PEAK = 0.3
"""Of full scale."""
ECHOES = (1.5, 0.5, 0.1)
"""How loud the microphone hears the loudspeaker, of what that plays."""
EQUAL_DB = 0.0
"""Louder than the echo that is heard at the time."""


def main() -> int:
    return report.command("talk", measure)


async def measure(profile: str, *, quick: bool) -> list[Figure]:
    context = context_of(profile, Path(tempfile.mkdtemp()))
    loudspeaker = WavLoudspeaker(None, clock=context.clock, realtime=False)
    async with app.open_parts(context, loudspeaker) as parts:
        figures = await _ends(parts, context, HESITANT[::4] if quick else HESITANT)
        figures += await _own_voice(parts, context, minutes=2 if quick else 30)
        figures += await _interruptions(parts, context, count=6 if quick else 60)
    return figures


# When somebody has finished.


async def _ends(parts: app.Parts, context: Context, said: Sequence[tuple[Language, tuple[str, ...]]]) -> list[Figure]:
    progress(f"{len(said)} utterances with pauses in them")
    understanding = Understanding(stt=parts.stt, end_of_turn=parts.end_of_turn, wake_words={})
    waits: list[float] = []
    cut: list[str] = []
    twice = 0
    for number, (language, texts) in enumerate(said):
        sound, goes_on = await _hesitant(parts, language, texts, PAUSES_S[number % len(PAUSES_S)])
        known_at, speech_ended = await _ended(understanding, context, sound)
        if known_at < len(sound):
            cut.append(" … ".join(texts))
            twice += goes_on - speech_ended > GOES_ON_S * RATE
        else:
            waits.append((known_at - len(sound)) / RATE * 1000)
    return [
        Figure(
            "utterances taken to be over in their pause",
            100 * len(cut) / len(said),
            "%",
            note="; ".join(cut) or f"of {len(said)}",
        ),
        Figure(
            "  of all, those that went on too late to be joined",
            100 * twice / len(said),
            "%",
            budget=5,
            note=f"the others are answered once, as a whole, when they go on within {GOES_ON_S:g} s",
        ),
        spread("wait for the end", waits, "ms", budget=500),
    ]


async def _hesitant(
    parts: app.Parts, language: Language, texts: tuple[str, ...], pause_s: float
) -> tuple[material.Sound, int]:
    """Spoken in one go, for its melody, and cut where it is quietest near the place of the pause; where it goes on."""
    whole = material.trimmed(await material.synthesise(parts.voice, (" " * (language == "en")).join(texts), language))
    if len(texts) == 1:
        return whole, 0
    lengths = [len(material.trimmed(await material.synthesise(parts.voice, text, language))) for text in texts]
    near, around = len(whole) * lengths[0] // sum(lengths), int(BORDER_S * RATE)
    loudness = np.convolve(np.abs(whole), np.ones(QUIET_SAMPLES), "same")
    cut = max(0, near - around) + int(np.argmin(loudness[max(0, near - around) : near + around]))
    pause = np.zeros(int(pause_s * RATE), np.float32)
    return np.concatenate((whole[:cut], pause, whole[cut:])), cut + len(pause)


async def _ended(understanding: Understanding, context: Context, sound: material.Sound) -> tuple[int, int]:
    """Positions, in `sound`, at which it was taken to be over, and of the last voice before that.

    The recogniser takes the time that it takes.
    """
    lead, trail = np.zeros(RATE, np.float32), np.zeros(2 * RATE, np.float32)
    pcm = (np.clip(np.concatenate((lead, sound, trail)), -1, 1) * 32767).astype(np.int16)
    voice, segmenter = Silero(), Segmenter(context.settings.hearing, position=0, wait_s=10.0)
    judgements: list[tuple[int, int, bool | None]] = []
    for start in range(0, len(pcm) - FRAME, FRAME):
        for known_at, speech_ended, judged in judgements:
            if known_at <= start:
                segmenter.judge(speech_ended, finished=judged)
        judgements = [each for each in judgements if each[0] > start]
        frame = pcm[start : start + FRAME].tobytes()
        for event in segmenter.feed(frame, voice.feed(frame), 0.0):
            if isinstance(event, Utterance):
                return start + FRAME - len(lead), event.speech_ended - len(lead)
            if isinstance(event, SpeechPaused):
                began = time.monotonic()
                understood = await understanding.understand(event.utterance, None)
                took = int((time.monotonic() - began) * RATE)
                judgements.append((start + FRAME + took, event.utterance.speech_ended, understood.over))
    return len(pcm), len(sound)


# Who speaks while it speaks.


async def _own_voice(parts: app.Parts, context: Context, *, minutes: float) -> list[Figure]:
    """Its own speech in rooms, louder and quieter: nothing of it is to wake or to interrupt it."""
    speech = await material.other_speech(parts.voice, DATA, CACHE / "bench", minutes * 60)
    rooms = _rooms()
    conditions = list(itertools.product(rooms, ECHOES))
    wakes = lowered = held = 0
    share = -(-len(speech) // len(conditions))
    for number, (room, level) in enumerate(conditions):
        progress(f"its own voice, room and loudness {number + 1} of {len(conditions)}")
        own = _loud([material.load(path) for path in speech[number * share : (number + 1) * share]])
        if not len(own):
            continue
        async with _listening(context, own, level * room) as (air, listener):
            async for event in listener.events():
                wakes += isinstance(event, WakeHeard)
                lowered += isinstance(event, SpeechStarted)
                held += isinstance(event, SpeechSustained)
                _turn(air, event)
    return [
        Figure(f"self-wakes in {minutes:g} minutes", wakes, "", budget=0),
        Figure("its own voice held by itself", held, "", budget=0),
        Figure("  only lowered for a moment", lowered - held, ""),
    ]


async def _interruptions(parts: app.Parts, context: Context, *, count: int) -> list[Figure]:
    """People who speak over it, as loudly as its own voice is where they are heard."""
    people = [_piece(material.load(each)) for each in chains.sentences(DATA).values()]
    rooms = _rooms()
    speech = await material.other_speech(parts.voice, DATA, CACHE / "bench", count * 2 * BETWEEN_S + 60)
    lowered: list[float] = []
    held: list[float] = []
    spoken = 0
    for number, room in enumerate(rooms):
        progress(f"people speak over it, room {number + 1} of {len(rooms)}")
        own = _loud([material.load(path) for path in speech[number :: len(rooms)]])
        passers = _Passers(people, count // len(rooms))
        async with _listening(context, own, ECHOES[1] * room, each_frame=passers) as (air, listener):
            async for event in listener.events():
                since = air.position - passers.began
                if 0 < since < passers.length + RATE // 2 and isinstance(event, SpeechStarted):
                    lowered.append(since / RATE * 1000)
                if 0 < since < passers.length + RATE // 2 and isinstance(event, SpeechSustained):
                    held.append(since / RATE * 1000)
                    passers.length = 0  # noticed once is enough
                _turn(air, event)
        spoken += passers.spoken
    return [
        Figure("interruptions missed", 100 * (1 - len(held) / spoken), "%", budget=5, note=f"of {spoken}"),
        spread("from the first sound until it lowers its voice", lowered, "ms"),
        spread("from the first sound until it is silent", held, "ms"),
    ]


class _Passers:
    """They speak over it one after another."""

    def __init__(self, people: Sequence[material.Sound], count: int) -> None:
        self._people = itertools.islice(itertools.cycle(people), count)
        self._next = int(LEARNING_S * RATE)
        self.began = self.length = self.spoken = 0
        """Position from which somebody speaks, for how many samples, and how many have spoken."""

    def __call__(self, air: Air) -> None:
        if air.position < self._next:
            return
        person = next(self._people, None)
        if person is None:
            air.end()
            return
        air.say(air.louder(person, EQUAL_DB))
        self.began, self.length, self.spoken = air.position, len(person), self.spoken + 1
        self._next = air.position + len(person) + int(BETWEEN_S * RATE)


@asynccontextmanager
async def _listening(
    context: Context, own: material.Sound, room: material.Sound, *, each_frame: Callable[[Air], None] | None = None
) -> AsyncGenerator[tuple[Air, Listener]]:
    """The daemon's own ears in a room in which its own voice sounds without end."""
    settings, chosen = context.settings, app.choose_models(context)
    played = Played()
    air = Air(own, room, played=played.add, each_frame=each_frame)
    async with Worker("ears") as worker:
        listener = Listener(
            microphone=CleanMicrophone(air, EchoCanceller(played)),
            wake_words=await worker.run(lambda: OpenWakeWord(chosen.wake_features, chosen.wake_words)),
            voice_activity=await worker.run(Silero),
            worker=worker,
            wake=settings.wake,
            hearing=settings.hearing,
            answer_wait_s=1.0,
        )
        listener.own_voice = listener.attentive = True
        yield air, listener


def _turn(air: Air, event: object) -> None:
    """What the session does with its loudness."""
    if isinstance(event, SpeechStarted):
        air.wanted = LOWERED
    elif isinstance(event, SpeechSustained | WakeHeard):
        air.wanted = 0.0
    elif isinstance(event, Utterance | NothingSaid):
        air.wanted = 1.0


def _loud(sounds: Sequence[material.Sound]) -> material.Sound:
    """One behind the other, as loud as the voices are."""
    whole = np.concatenate([each / max(1e-6, np.abs(each).max()) for each in sounds] or [np.zeros(0, np.float32)])
    return (OWN_PEAK * whole).astype(np.float32)


def _rooms() -> list[material.Sound]:
    """How they answer to a click, all as loud as it was."""
    return [each / np.sqrt((each**2).sum()) for each in waking.folder(DATA / "speech" / "rooms")]


def _piece(sound: material.Sound) -> material.Sound:
    return material.trimmed(sound)[: int(SPOKEN_S * RATE)]


if __name__ == "__main__":
    sys.exit(main())
