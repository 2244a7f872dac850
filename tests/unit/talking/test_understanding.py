"""What was said, and by whom."""

from __future__ import annotations

import asyncio

import pytest

from digital_life.talking import understanding
from digital_life.talking.understanding import NOBODY, Understanding
from digital_life.values import Speaker, Utterance
from fakes.ears import FakeEndOfTurn, FakeSpeechToText
from fakes.voices import hum, uttered

ANNA = Speaker("Anna", 0.8, b"\0\0\x80?", 2.0)


class FakeSpeakers:
    """Knows one voice, after it has waited for so many turns of the loop."""

    def __init__(self, speaker: Speaker, *, late: int = 0) -> None:
        self._speaker = speaker
        self._late = late
        self.asked = 0

    async def recognise(self, utterance: Utterance) -> Speaker:
        del utterance
        self.asked += 1
        for _ in range(self._late):
            await asyncio.sleep(0)
        return self._speaker


class Hanging:
    async def recognise(self, utterance: Utterance) -> Speaker:
        del utterance
        await asyncio.Event().wait()
        return ANNA


def of(*texts: str | None, speakers: FakeSpeakers | Hanging | None) -> Understanding:
    return Understanding(stt=FakeSpeechToText(*texts), end_of_turn=FakeEndOfTurn(), wake_words={}, speakers=speakers)


SOUND = uttered(hum(200, 2.0))


async def test_a_transcript_tells_who_spoke() -> None:
    understood = await of("Good morning.", speakers=FakeSpeakers(ANNA)).understand(SOUND, None)
    assert understood.transcript
    assert understood.transcript.speaker == ANNA


async def test_where_nobody_listens_for_that_it_tells_nothing() -> None:
    understood = await of("Good morning.", speakers=None).understand(SOUND, None)
    assert understood.transcript
    assert understood.transcript.speaker is None


async def test_what_has_no_words_is_said_by_nobody() -> None:
    assert (await of(None, speakers=FakeSpeakers(ANNA)).understand(SOUND, None)).transcript is None


async def test_who_is_told_a_little_after_the_words_is_still_told() -> None:
    understood = await of("Good morning.", speakers=FakeSpeakers(ANNA, late=20)).understand(SOUND, None)
    assert understood.transcript
    assert understood.transcript.speaker == ANNA


async def test_an_answer_does_not_wait_for_a_voice_that_is_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(understanding, "SPEAKER_WITHIN_S", 0.01)
    understood = await of("Good morning.", speakers=Hanging()).understand(SOUND, None)
    assert understood.transcript
    assert understood.transcript.text == "Good morning."
    assert understood.transcript.speaker == NOBODY  # and so not the user


def test_a_voice_is_not_written_down_by_chance() -> None:
    assert "80" not in repr(Speaker("Anna", 0.5, b"\x80\x3f" * 4, 1.0))
