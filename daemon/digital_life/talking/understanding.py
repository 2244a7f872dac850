"""What was said, in words, by whom, and whether it was all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace

from digital_life.errors import ModelError
from digital_life.ports import EndOfTurn, SpeakerRecogniser, SpeechToText
from digital_life.talking.addressed import is_called, without_wake
from digital_life.talking.endpoint import SOUNDS_OVER, is_finished, is_over
from digital_life.values import RATE, WIDTH, Speaker, Transcript, Utterance, WakeDoubted, WakeHeard

log = logging.getLogger(__name__)

WAKE_TAIL_S = 0.6
"""Speech that ends so soon after the wake word was recognised is mostly the wake word's own end."""
UNSURE = 0.5
"""Such speech is believed to hold more only when the recogniser is surer than this."""
SURE_OF_NAME = 0.55
SURE_AT_ONCE = 0.9
"""The same of a wake word half a second after it, and at once: with it for a hint the recogniser writes it down for
much that is none. In 7 hours of other speech nothing was believed with the first, and one thing with the second."""

SPEAKER_WITHIN_S = 0.5
"""After the words are known. It is mostly known before them; should it not be, the answer does not wait for it."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A transcript; None when there were no words."""

    transcript: Transcript | None
    over: bool | None = None
    """Whether it was all that was to be said; None where nobody could tell."""
    failed: bool = False
    """Whether something was said, perhaps, and the recogniser could not write it down."""


NOBODY = Speaker(name="", score=-1.0)


class Understanding:
    """The recogniser, and beside it the ears for melody and, where that is wanted, for voices."""

    def __init__(
        self,
        *,
        stt: SpeechToText,
        end_of_turn: EndOfTurn,
        wake_words: Mapping[str, str],
        speakers: SpeakerRecogniser | None = None,
    ) -> None:
        """`speakers`: None where nobody's voice is listened for."""
        self._stt = stt
        self._end_of_turn = end_of_turn
        self._speakers = speakers
        self._written = wake_words
        """How each wake phrase is written that is looked for here; a device may know others."""

    async def understand(self, utterance: Utterance, wake: WakeHeard | None) -> Understood:
        """Write it down without the wake word, and judge whether the sentence is finished."""
        async with asyncio.TaskGroup() as tasks:
            sounds = tasks.create_task(self._sounds_over(utterance), name="understanding.melody")
            speaks = tasks.create_task(self._speaks(utterance), name="understanding.speaker")
            try:
                transcript = await self._transcribe(utterance, wake)
            except ModelError as error:
                log.warning("not understood: %s", error)
                speaks.cancel()
                return Understood(None, failed=True)
            await asyncio.wait({speaks}, timeout=SPEAKER_WITHIN_S)
            speaks.cancel()
        if transcript is None or not transcript.text:
            return Understood(transcript)
        # Who could not be told in time is nobody who is known, and not the user.
        speaker = NOBODY if speaks.cancelled() else speaks.result()
        return Understood(replace(transcript, speaker=speaker), is_over(is_finished(transcript), sounds.result()))

    async def is_wake(self, doubted: WakeDoubted) -> bool:
        """Whether the words heard were the wake word, too."""
        wake = doubted.wake
        length = len(wake.sound) // WIDTH
        sound = Utterance(wake.sound, wake.position - length, wake.position, wake.position, captured=0.0)
        try:
            transcript = await self._stt.transcribe(sound, hint=self._name(wake))
        except ModelError as error:
            log.warning("the wake word is believed without a second look: %s", error)
            return True
        if transcript is None or transcript.confidence < (SURE_AT_ONCE if doubted.at_once else SURE_OF_NAME):
            return False
        return is_called(transcript.text, self._name(wake))

    async def _transcribe(self, utterance: Utterance, wake: WakeHeard | None) -> Transcript | None:
        hint = self._name(wake) if wake and _mere_wake(utterance, wake) else ""
        try:
            transcript = await self._stt.transcribe(utterance, hint=hint)
        except ModelError as error:
            log.warning("the recogniser is asked once more: %s", error)
            transcript = await self._stt.transcribe(utterance, hint=hint)
        if transcript is None:
            return None
        if hint and transcript.confidence < UNSURE:
            return replace(transcript, text="")
        text = transcript.text
        for written in (self._name(wake),) if wake else self._written.values():
            text = without_wake(text, written)
        return replace(transcript, text=text.strip())

    def _name(self, wake: WakeHeard) -> str:
        return self._written.get(wake.phrase, wake.phrase.replace("_", " "))

    async def _speaks(self, utterance: Utterance) -> Speaker | None:
        return await self._speakers.recognise(utterance) if self._speakers else None

    async def _sounds_over(self, utterance: Utterance) -> float:
        try:
            return await self._end_of_turn.is_over(utterance)
        except ModelError as error:
            log.warning("the melody is not judged, only the words: %s", error)
            return SOUNDS_OVER


def _mere_wake(utterance: Utterance, wake: WakeHeard) -> bool:
    """Whether next to nothing can have been said after the wake word."""
    one_breath = utterance.position < wake.position
    return one_breath and utterance.speech_ended - wake.position < WAKE_TAIL_S * RATE
