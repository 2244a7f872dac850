"""An answer is spoken while it comes, and what was heard of it is known."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field

import pytest

from digital_life.errors import ModelError, SoundError
from digital_life.talking.speaking import Speaking
from digital_life.values import Language, Reply, Speech

RATE = 1_000
"""Of the speech made here: a millisecond a sample."""


@dataclass
class Voice:
    """A tenth of a second a character."""

    fails_on: str = "\0"
    made: list[str] = field(default_factory=list)

    async def synthesize(self, text: str, language: Language) -> Speech:
        if self.fails_on in text:
            raise ModelError("model-broken", path=language, cause="it was told to")
        self.made.append(text)
        return Speech(b"\0\0" * (len(text) * RATE // 10), RATE)


@dataclass
class Loudspeaker:
    """Plays at once; holds a play under way when it is told to, for `stop` to end it."""

    hold_at: int | None = None
    heard_of_held_s: float = 0.0
    refuses: bool = False
    plays: list[float] = field(default_factory=list)
    holding: asyncio.Event = field(default_factory=asyncio.Event)
    stopped: asyncio.Event = field(default_factory=asyncio.Event)

    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        if self.refuses:
            raise SoundError("loudspeaker-lost", device="fake")
        if started:
            started()
        self.plays.append(speech.seconds)
        if self.hold_at == len(self.plays) - 1:
            self.holding.set()
            await self.stopped.wait()
            return self.heard_of_held_s
        await asyncio.sleep(0)
        return speech.seconds

    def stop(self) -> None:
        self.stopped.set()

    def turn(self, level: float) -> None:
        """No answer here is spoken over."""


async def pieces(text: str) -> AsyncGenerator[str]:
    for start in range(0, len(text), 4):
        await asyncio.sleep(0)
        yield text[start : start + 4]


async def test_what_was_played_to_the_end_is_the_reply() -> None:
    voice, loudspeaker = Voice(), Loudspeaker()
    text = "Good morning to you. The kettle is on, and the tea is nearly ready."
    reply = await Speaking(voice=voice, loudspeaker=loudspeaker).say(pieces(text), "en")
    assert reply == Reply(text)
    assert len(loudspeaker.plays) >= 2


async def test_the_first_sample_is_told_once() -> None:
    told: list[str] = []
    speaking = Speaking(voice=Voice(), loudspeaker=Loudspeaker())
    await speaking.say(pieces("One thing is here. Another thing is there."), "en", started=lambda: told.append("!"))
    assert told == ["!"]


async def test_an_interrupted_reply_holds_only_what_was_said() -> None:
    loudspeaker = Loudspeaker(hold_at=1, heard_of_held_s=0.0)
    speaking = Speaking(voice=Voice(), loudspeaker=loudspeaker)
    text = "Once upon a time there was a fox. It lived in a wood. It had a friend."
    async with asyncio.TaskGroup() as tasks:
        saying = tasks.create_task(speaking.say(pieces(text), "en"))
        await loudspeaker.holding.wait()
        speaking.interrupt()
    reply = saying.result()
    assert reply.interrupted
    assert reply.said
    assert text.startswith(reply.said)
    assert "friend" not in reply.said


async def test_an_interruption_before_the_first_sample_leaves_nothing_said() -> None:
    speaking = Speaking(voice=Voice(), loudspeaker=Loudspeaker())
    thinking = asyncio.Event()

    async def never() -> AsyncGenerator[str]:
        thinking.set()
        await asyncio.Event().wait()
        yield "never"

    async with asyncio.TaskGroup() as tasks:
        saying = tasks.create_task(speaking.say(never(), "en"))
        await thinking.wait()
        speaking.interrupt()
    assert saying.result() == Reply("", interrupted=True)


async def test_the_model_is_stopped_by_an_interruption() -> None:
    loudspeaker = Loudspeaker(hold_at=0)
    speaking = Speaking(voice=Voice(), loudspeaker=loudspeaker)
    closed = asyncio.Event()

    async def endless() -> AsyncGenerator[str]:
        try:
            while True:
                await asyncio.sleep(0)
                yield "And on it goes. "
        finally:
            closed.set()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(speaking.say(endless(), "en"))
        await loudspeaker.holding.wait()
        speaking.interrupt()
    assert closed.is_set()


async def test_a_voice_that_fails_leaves_the_text_and_the_rest_is_spoken() -> None:
    voice, loudspeaker = Voice(fails_on="broken"), Loudspeaker()
    text = "This is the first sentence. This one is broken, alas. This is the last sentence."
    reply = await Speaking(voice=voice, loudspeaker=loudspeaker).say(pieces(text), "en")
    assert reply == Reply(text)
    assert voice.made


async def test_a_lost_loudspeaker_leaves_the_text() -> None:
    reply = await Speaking(voice=Voice(), loudspeaker=Loudspeaker(refuses=True)).say(pieces("Hello there."), "en")
    assert reply == Reply("Hello there.")


async def test_a_cancellation_goes_through() -> None:
    loudspeaker = Loudspeaker(hold_at=0)
    speaking = Speaking(voice=Voice(), loudspeaker=loudspeaker)
    saying = asyncio.ensure_future(speaking.say(pieces("Hello there, my dear friend."), "en"))
    await loudspeaker.holding.wait()
    saying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await saying


async def test_the_words_are_told_as_they_begin_to_be_heard() -> None:
    told: list[tuple[str, Language]] = []
    loudspeaker = Loudspeaker(hold_at=1)
    speaking = Speaking(voice=Voice(), loudspeaker=loudspeaker)
    speaking.tell(lambda text, language: told.append((text, language)))
    text = "Once upon a time there was a fox. It lived in a wood. It had a friend."
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(speaking.say(pieces(text), "en"))
        await loudspeaker.holding.wait()
        assert len(told) == 2
        assert text.startswith("".join(each for each, _ in told))
        speaking.interrupt()
    assert len(told) == 2
    assert {language for _, language in told} == {"en"}


@pytest.mark.parametrize("lost", ["loudspeaker", "voice"])
async def test_words_that_cannot_be_heard_are_told_all_the_same(lost: str) -> None:
    told: list[str] = []
    voice = Voice(fails_on="." if lost == "voice" else "\0")
    speaking = Speaking(voice=voice, loudspeaker=Loudspeaker(refuses=lost == "loudspeaker"))
    speaking.tell(lambda text, _: told.append(text))
    text = "Once upon a time there was a fox. It lived in a wood."
    await speaking.say(pieces(text), "en")
    assert "".join(told).strip() == text
