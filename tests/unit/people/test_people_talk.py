"""A voice is learnt in a talk, from the wake word to the file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from digital_life.people.file import PeopleFile
from digital_life.people.voices import recognise
from digital_life.people.wishes import PeopleWishes
from digital_life.values import Speaker, Utterance
from fakes.clock import FakeClock
from fakes.ears import FakeSpeechToText
from fakes.model import FakeLanguageModel
from fakes.room import Room, room

VOICE = np.array([1, 0], "<f4").tobytes()


class OneVoice:
    """Hears the same person in everything."""

    def __init__(self, file: PeopleFile) -> None:
        self._file = file

    async def recognise(self, utterance: Utterance) -> Speaker:
        del utterance
        found = recognise(VOICE, self._file.prints(), threshold=0.5)
        return Speaker(found.name, found.score, VOICE, 2.0)


def _answered(it: Room, turns: int) -> bool:
    return len(it.turns) == turns


async def test_after_three_sentences_it_knows_who_speaks_and_nothing_of_it_is_remembered(tmp_path: Path) -> None:
    file = PeopleFile(tmp_path)
    wishes = PeopleWishes(file, model="model", clock=FakeClock(), user="", name_of=lambda _: None)
    said = ("This is Anna.", "Yes.", "One sentence of mine.", "Another sentence.", "The last sentence.", "Who am I?")
    async with room(FakeSpeechToText(*said), FakeLanguageModel(), wishes=(wishes,), speakers=OneVoice(file)) as it:
        it.broadcast.subscribe(wishes.hear)
        it.ears.wake()
        for number in range(len(said)):
            it.ears.speak()
            await it.until(partial(_answered, it, number + 1))
    assert [each.name for each in file.prints()] == ["Anna"]
    assert it.turns[-1].reply.said == "You sound like Anna."
    assert it.turns[0].heard.speaker == Speaker("", -1.0, VOICE, 2.0)
    assert it.memory.turns == []
