"""A sentence from a microphone, and what there is where nobody's voice is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from digital_life import words
from digital_life.acquaintance import SENTENCE_WAIT_S, load_embedding, open_acquaintance, sentence
from digital_life.config import Hearing, Settings
from digital_life.context import Context
from digital_life.errors import ModelError, SoundError
from digital_life.values import FRAME, RATE, seconds
from digital_life.worker import Worker
from fakes.clock import FakeClock
from fakes.hearing import FakeMicrophone, FakeVoiceActivity, Heard

QUIET, VOICE = Heard(), Heard(voice=True)
FRAME_S = FRAME / RATE


def context(home: Path) -> Context:
    return Context(Settings(), home, home / "models", FakeClock(), words.load("en"), False, None)


async def hear(story: list[Heard], *, lost: bool = False) -> tuple[bytes, int]:
    """What was heard, and how often it was said that it can hear."""
    told: list[None] = []
    async with Worker("ears") as worker:
        microphone, activity = FakeMicrophone(story, lost=lost), FakeVoiceActivity(story)
        found = await sentence(microphone, activity, worker, Hearing(), ready=lambda: told.append(None))
    return found, len(told)


async def test_a_sentence_ends_with_the_silence_after_it() -> None:
    found, told = await hear([QUIET] * 10 + [VOICE] * 25 + [QUIET] * 40 + [VOICE] * 25)
    assert 25 * FRAME_S <= seconds(found) <= 25 * FRAME_S + 1.0
    assert told == 1


async def test_nobody_is_waited_for_for_ever() -> None:
    found, told = await hear([QUIET] * int(2 * SENTENCE_WAIT_S / FRAME_S))
    assert (found, told) == (b"", 1)


async def test_a_recording_that_ends_in_a_sentence_is_heard_to_its_end() -> None:
    assert (await hear([QUIET] * 5 + [VOICE] * 20))[0]
    assert (await hear([]))[0] == b""


async def test_a_microphone_that_is_lost_is_told() -> None:
    with pytest.raises(SoundError):
        await hear([QUIET] * 3, lost=True)


async def test_where_it_is_not_wanted_nothing_is_loaded(tmp_path: Path) -> None:
    async with open_acquaintance(context(tmp_path), None) as found:
        assert found is None


def test_where_the_network_is_not_there_it_is_said_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="models fetch"):
        load_embedding(context(tmp_path))
