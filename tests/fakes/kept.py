"""What a life keeps, for its tests: a turn and a diary."""

from __future__ import annotations

from datetime import UTC, datetime

from digital_life.memory.records import Diary, Sentence
from digital_life.values import Language, Reply, Timings, Transcript, Turn

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def turn(heard: str, said: str = "I see.", when: datetime = NOON, language: Language = "en") -> Turn:
    return Turn(1, when, None, Transcript(heard, language, 0.9), Reply(said), Timings())


def page(conversation: int, *sentences: Sentence, when: datetime = NOON) -> Diary:
    return Diary(0, conversation, when, when, "en", "A title", "calm", sentences, extract=False)
