"""Ears that hear what the test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from digital_life.errors import SoundError
from digital_life.ports import Clock
from digital_life.values import (
    RATE,
    EarsOpened,
    HearingEvent,
    SpeechPaused,
    Transcript,
    Utterance,
    WakeDoubted,
    WakeHeard,
    WakeMissed,
    WakeNote,
    Waking,
)


class FakeEars:
    def __init__(self) -> None:
        self.own_voice = False
        self.attentive = False
        self.is_gone = False
        """Whether a microphone that was lost is not found again."""
        self.follow_ups: list[float] = []
        self.attended: list[WakeHeard] = []
        self.judged: list[bool | None] = []
        self.opened = self.closed = 0
        self._events: asyncio.Queue[HearingEvent | SoundError | None] = asyncio.Queue()
        self._position = 0

    async def events(self) -> AsyncGenerator[HearingEvent]:
        if self.is_gone:
            raise SoundError("microphone-lost", device="fake")
        self.opened += 1
        try:
            yield EarsOpened(0)
            while (event := await self._events.get()) is not None:
                if isinstance(event, SoundError):
                    raise event
                yield event
        finally:
            self.closed += 1

    def follow_up(self, seconds: float, *, since: int | None = None) -> None:
        del since
        self.follow_ups.append(seconds)

    def attend(self, wake: WakeHeard) -> None:
        self.attended.append(wake)

    def judge(self, speech_ended: int, *, finished: bool | None) -> None:
        del speech_ended
        self.judged.append(finished)

    def hear(self, event: HearingEvent) -> None:
        self._events.put_nowait(event)

    def wake(self, phrase: str = "hey_jarvis") -> WakeHeard:
        self._position += RATE
        event = WakeHeard(phrase, 0.9, self._position)
        self.hear(event)
        return event

    def doubt(self, *, at_once: bool = False) -> WakeHeard:
        """Something like the wake word, which the recogniser is to look at."""
        self._position += RATE
        wake = WakeHeard("hey_jarvis", 0.7, self._position, 0.6, b"\0\0" * RATE)
        self.hear(WakeDoubted(wake, at_once=at_once))
        return wake

    def pause(self) -> None:
        """A silence that may be the end: the recogniser may begin."""
        self.hear(SpeechPaused(self._utterance()))

    def speak(self) -> Utterance:
        """A whole utterance; what it says is told to the fake recogniser."""
        self._position += RATE
        utterance = self._utterance()
        self.hear(utterance)
        return utterance

    def lose_microphone(self) -> None:
        self._events.put_nowait(SoundError("microphone-lost", device="fake"))

    def end(self) -> None:
        self._events.put_nowait(None)

    def _utterance(self) -> Utterance:
        ended = self._position + RATE
        return Utterance(b"\0\0" * RATE, self._position, ended, ended + RATE // 2, captured=0.0)


class FakeSpeechToText:
    """Hears the given texts one after another; None is a noise."""

    def __init__(self, *texts: str | None, language: str = "en") -> None:
        self._texts = list(texts)
        self._language = language
        self.asked = 0
        self.heard_s: list[float] = []

    async def transcribe(self, utterance: Utterance, *, hint: str = "") -> Transcript | None:
        del hint
        self.heard_s.append(utterance.seconds)
        self.asked += 1
        await asyncio.sleep(0)
        text = self._texts.pop(0) if self._texts else None
        return None if text is None else Transcript(text, "zh" if self._language == "zh" else "en", 0.9)


class FakeEndOfTurn:
    """Hears the same melody in everything."""

    def __init__(self, probability: float = 0.9) -> None:
        self._probability = probability

    async def is_over(self, utterance: Utterance) -> float:
        del utterance
        return self._probability


class FakeMute:
    def __init__(self) -> None:
        self._on = False
        self._changed = asyncio.Event()

    @property
    def on(self) -> bool:
        return self._on

    @on.setter
    def on(self, on: bool) -> None:
        self._on = on
        self._changed.set()

    async def until(self, *, on: bool) -> None:
        while self._on is not on:
            self._changed.clear()
            await self._changed.wait()


class FakeWakeNotes:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.notes: list[WakeNote] = []

    @property
    def latest(self) -> WakeNote | None:
        return next((each for each in reversed(self.notes) if each.waking in (Waking.ANSWERED, Waking.VAIN)), None)

    def note(self, wake: WakeHeard | WakeMissed, waking: Waking) -> None:
        self.notes.append(WakeNote(self._clock.now(), wake.phrase, wake.score, wake.needed, -30.0, waking))
