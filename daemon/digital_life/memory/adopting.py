"""What another program remembered becomes part of a life. Blocking; on the life's thread."""

from __future__ import annotations

from datetime import datetime

from digital_life.memory import diary, foreign
from digital_life.memory.foreign import Foreign, Talk
from digital_life.memory.records import Concept, Diary, Sentence
from digital_life.memory.sentences import split
from digital_life.memory.store import Store
from digital_life.values import Reply, Timings, Transcript, Turn


def take_in(store: Store, memory: Foreign, now: datetime) -> int:
    """All of it or nothing. Returns the number of turns."""
    count = 0
    with store.whole:
        for talk in memory.talks:
            count += _take_in_talk(store, talk, now)
        for kind, text in memory.concepts.items():
            sentences = tuple(Sentence(each, ()) for each in split(text))
            store.add_concept(Concept(kind, now, sentences))
    return count


def _take_in_talk(store: Store, talk: Talk, now: datetime) -> int:
    conversation = store.begin_conversation(talk.began)
    numbers = tuple(store.add_turn(conversation.id, _taken_in(when, heard, said)) for when, heard, said in talk.turns)
    if talk.summary:
        language = foreign.language_of(talk.summary)
        texts = split(talk.summary)
        page = Diary(
            id=0,
            conversation=conversation.id,
            began=talk.began,
            ended=talk.ended,
            language=language,
            title=talk.title or diary.short_title(texts[0], language),
            mood="",
            sentences=tuple(Sentence(each, numbers) for each in texts),
            extract=False,
        )
        store.add_diary(page, now)
    store.end_conversation(conversation.id)
    return len(numbers)


def _taken_in(when: datetime, heard: str, said: str) -> Turn:
    language = foreign.language_of(heard or said)
    return Turn(0, when, None, Transcript(heard, language, 1.0), Reply(said), Timings())
