"""Pump frames from the microphone through wake words and voice activity."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from digital_life import config
from digital_life.errors import SoundError
from digital_life.hearing.gate import Gate
from digital_life.hearing.overhearing import Overhearing
from digital_life.hearing.segmenter import Segmenter
from digital_life.hearing.wake import Found, WakeWatch
from digital_life.ports import Microphone, VoiceActivity, WakeWords
from digital_life.values import (
    FRAME,
    LEVEL_LOWEST_DB,
    RATE,
    AudioFrame,
    EarsOpened,
    HearingEvent,
    NothingSaid,
    Sensed,
    SpeechSustained,
    Utterance,
    WakeDoubted,
    WakeHeard,
)
from digital_life.worker import Watch, Worker

RECENT_S = 8.0
"""Sound kept while it waits: the recogniser of a busy machine may take a while to tell whether a wake word was one."""
WAKE_S = 1.6
"""Of that, what holds a wake word: "hey jarvis" takes 0.7 s and is recognised up to 0.4 s after its end."""
SETTLING_FRAMES = 4
"""Of the recent sound, fed to the voice activity so that it knows what is going on when listening begins."""

FRAME_MOST_S = 5.0
"""Longer the networks never look at one frame, or at the few that waited for it: it takes them 4 ms."""
LOADS_MOST_S = 30.0
"""Longer they are never loaded anew."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """To listen."""

    seconds: float
    since: int | None
    wake: bool = False
    """Whether a wake word ended there, after which somebody may have gone on in one breath."""


@dataclass(frozen=True, slots=True)
class _Judgement:
    """Whether the sentence that ended at a position is finished."""

    speech_ended: int
    finished: bool | None


class Listener:
    """Ears over a Microphone. The models run on `worker`, one job a frame."""

    def __init__(
        self,
        *,
        microphone: Microphone,
        wake_words: WakeWords,
        voice_activity: VoiceActivity,
        worker: Worker,
        wake: config.Wake,
        hearing: config.Hearing,
        answer_wait_s: float,
    ) -> None:
        self.own_voice = False
        self.attentive = False
        self.notice: Callable[[Sensed], None] | None = None
        """Told what is made of each frame, on the event loop; it must not block. None: nobody watches."""
        self.latest: float | None = None
        """When the latest frame was captured that was heard."""
        self._sensed: Sensed | None = None
        self._voice: float | None = None
        """The most likely voice in the frame that is being heard; None: none was sought."""
        self._overhearing: Overhearing | None = None
        self._interrupting = False
        """Whether the utterance under way began while it thought or spoke."""
        self._microphone = microphone
        self._wake_words = wake_words
        self._voice_activity = voice_activity
        self._worker = worker
        self._wake = wake
        self._hearing = hearing
        self._answer_wait_s = answer_wait_s
        self._watch = WakeWatch(wake)
        self._gate = Gate()
        self._recent: deque[AudioFrame] = deque(maxlen=int(RECENT_S * RATE / FRAME))
        self._segmenter: Segmenter | None = None
        self._wish: _Wish | None = None
        self._judgement: _Judgement | None = None

    async def events(self) -> AsyncGenerator[HearingEvent]:
        with Watch(self._worker, lambda: LOADS_MOST_S, self._give_up):
            await self._worker.run(self._begin)
        opened = False
        async with aclosing(self._microphone.frames()) as frames:
            async for frame in frames:
                if not opened:
                    opened = True
                    yield EarsOpened(frame.position)
                try:
                    with Watch(self._worker, lambda: FRAME_MOST_S, self._give_up):
                        events = await self._worker.run(lambda frame=frame: self._hear(frame))  # type: ignore[misc]
                except SoundError:
                    raise
                except Exception as error:  # onnxruntime raises what it likes; it begins anew, as with a new microphone
                    raise SoundError("ears-failed", cause=type(error).__name__) from error
                self.latest = frame.captured
                self._tell_sensed()
                for event in events:
                    yield event
        if self._segmenter and (utterance := self._segmenter.close()):
            self._segmenter = None
            yield utterance

    def follow_up(self, seconds: float, *, since: int | None = None) -> None:
        self._wish = _Wish(seconds, since)  # taken up with the next frame, on the thread that owns the models

    def attend(self, wake: WakeHeard) -> None:
        self._wish = _Wish(self._answer_wait_s, wake.position, wake=True)

    def judge(self, speech_ended: int, *, finished: bool | None) -> None:
        self._judgement = _Judgement(speech_ended, finished)

    def _give_up(self) -> None:
        """Its thread is left alone: all who listen by it begin anew, as with a new microphone."""
        self._worker.abandon(SoundError("ears-hang", seconds=f"{FRAME_MOST_S:.0f}"))

    def _begin(self) -> None:
        self._wake_words.reset()
        self._watch = WakeWatch(self._wake)
        self._gate = Gate()
        self._recent.clear()
        self._segmenter = None
        self._wish = None
        self._judgement = None
        self._overhearing = None
        self._interrupting = False

    def _hear(self, frame: AudioFrame) -> list[HearingEvent]:
        """On the worker's thread: all that one frame tells."""
        scored = [(each.position, self._wake_words.feed(each.pcm)) for each in self._gate.feed(frame)]
        self._voice = None
        events = self._understand(frame, scored)
        if self.notice:
            self._sensed = sensed(self._gate.loudness, [scores for _, scores in scored], self._voice)
        return events

    def _understand(self, frame: AudioFrame, scored: Sequence[tuple[int, dict[str, float]]]) -> list[HearingEvent]:
        wish, self._wish = self._wish, None
        events: list[HearingEvent] = []
        if wish:
            events += self._follow(wish, frame)
        if self._segmenter and not self._interrupting:
            return events + self._segment(frame)
        self._recent.append(frame)
        spotted = [self._told(frame)] if frame.woken else self._spot(scored)
        heard = spotted[-1] if spotted and isinstance(spotted[-1], WakeHeard) else None
        events += spotted
        if self._segmenter and not heard:
            return events + self._segment(frame)
        if self.attentive and (frame.echo_free or not self.own_voice) and not heard:
            return events + self._overhear(frame)
        self._overhearing = None
        if heard:
            self._listen(heard.position, self._answer_wait_s, before=tuple(self._recent))
            self._recent.clear()
        return events

    def _spot(self, scored: Sequence[tuple[int, dict[str, float]]]) -> list[Found]:
        """What was a wake word, or nearly one; nothing after the first that is one."""
        spotted: list[Found] = []
        for position, scores in scored:
            found = self._watch.feed(scores, position, own_voice=self.own_voice)
            if found:
                spotted.append(self._with_sound(found))
            if isinstance(found, WakeHeard):
                break
        return spotted

    def _told(self, frame: AudioFrame) -> WakeHeard:
        """By a device that looks for its wake word itself; this frame is the first of what was said after it."""
        return WakeHeard(frame.woken, score=1.0, position=frame.position + FRAME, sound=frame.pcm)

    def _with_sound(self, found: Found) -> Found:
        sound = _sound_of_wake(tuple(self._recent))
        if isinstance(found, WakeDoubted):
            return replace(found, wake=replace(found.wake, sound=sound))
        return replace(found, sound=sound)

    def _overhear(self, frame: AudioFrame) -> list[HearingEvent]:
        """While it thinks or speaks: does somebody speak?"""
        if self._overhearing is None:
            self._voice_activity.reset()
            self._overhearing = Overhearing(self._hearing, position=frame.position)
        events: list[HearingEvent] = []
        for event in self._overhearing.feed(self._voices(frame)):
            events.append(event)
            if isinstance(event, SpeechSustained):
                self._go_on_from(self._overhearing.began or event.position, frame)
                break
        return events

    def _go_on_from(self, begun: int, frame: AudioFrame) -> None:
        """Hear the utterance that began then to its end, unless it turns out to be a wake word."""
        pre_roll = begun - int(self._hearing.pre_roll_ms / 1000 * RATE)
        before = b"".join(each.pcm for each in self._recent if each.position + FRAME > pre_roll)
        self._segmenter = Segmenter(
            self._hearing, position=frame.position + FRAME, wait_s=0.0, before=before, begun=begun
        )
        self._recent.clear()
        self._overhearing = None
        self._interrupting = True

    def _listen(self, position: int, wait_s: float, *, before: tuple[AudioFrame, ...] = ()) -> None:
        self._interrupting = False
        self._voice_activity.reset()
        for frame in before[-SETTLING_FRAMES:]:
            self._voice_activity.feed(frame.pcm)
        self._segmenter = Segmenter(self._hearing, position=position, wait_s=wait_s, before=_sound_of_wake(before))

    def _follow(self, wish: _Wish, frame: AudioFrame) -> list[HearingEvent]:
        """Listen from now on, or from `since`, as far back as the recent sound goes."""
        missed = [each for each in self._recent if wish.since is not None and each.position + FRAME > wish.since]
        position = missed[0].position if missed else frame.position
        before = tuple(each for each in self._recent if wish.wake and each.position < position)
        self._recent.clear()
        self._watch.rest(frame.position)
        self._listen(position, wish.seconds, before=before)
        return [event for each in missed if self._segmenter for event in self._segment(each)]

    def _segment(self, frame: AudioFrame) -> list[HearingEvent]:
        segmenter = self._segmenter
        if segmenter is None:
            return []
        judgement, self._judgement = self._judgement, None
        if judgement:
            segmenter.judge(judgement.speech_ended, finished=judgement.finished)
        events = list(segmenter.feed(frame.pcm, self._voices(frame), frame.captured))
        if frame.final and not (events and isinstance(events[-1], Utterance | NothingSaid)):
            events.append(segmenter.close() or NothingSaid(frame.position + FRAME))
        if events and isinstance(events[-1], Utterance | NothingSaid):
            self._segmenter = None
            if not self._interrupting:
                self._recent.append(frame)
            self._interrupting = False
        return events

    def _voices(self, frame: AudioFrame) -> tuple[float, ...]:
        probabilities = self._voice_activity.feed(frame.pcm)
        self._voice = max(probabilities, default=self._voice)
        return probabilities

    def _tell_sensed(self) -> None:
        sensed, self._sensed = self._sensed, None
        if sensed and self.notice:
            self.notice(sensed)


def sensed(loudness: float, scored: Sequence[Mapping[str, float]], voice: float | None) -> Sensed:
    """`loudness` is of 32767; `scored` are the scores of the frames that were looked at together; none: it rests."""
    level = 20 * math.log10(loudness / 32767) if loudness else LEVEL_LOWEST_DB
    phrases = {phrase for each in scored for phrase in each}
    best = {phrase: max(each.get(phrase, 0.0) for each in scored) for phrase in sorted(phrases)}
    return Sensed(max(LEVEL_LOWEST_DB, level), best, voice, gated=not scored)


def _sound_of_wake(recent: Sequence[AudioFrame]) -> bytes:
    """As much of the recent sound as holds a wake word."""
    return b"".join(frame.pcm for frame in recent[-int(WAKE_S * RATE / FRAME) :])
