"""A language model that is waited for."""

from __future__ import annotations

import asyncio

from digital_life.backends.coming import Coming
from digital_life.values import Message, Role
from fakes.brain import FakeBrain

QUESTION = (Message(Role.USER, "Where are you?"),)
GRAMMAR = 'root ::= "yes"'


async def answer(model: Coming) -> str:
    return "".join([piece async for piece in model.reply(QUESTION)])


async def test_who_asks_before_it_is_there_is_answered_when_it_is() -> None:
    coming, brain = Coming(), FakeBrain({"Where": "I am here."}, written="here")
    asked = asyncio.ensure_future(answer(coming))
    written = asyncio.ensure_future(coming.compose(QUESTION, grammar=GRAMMAR, tokens=4))
    await asyncio.sleep(0)
    assert not asked.done()
    assert not written.done()
    coming.arrive(brain)
    assert await asked == "I am here."
    assert await written == "here"
    assert coming.tokens("four") == brain.tokens("four")


async def test_one_who_waits_no_longer_leaves_the_others_waiting() -> None:
    coming = Coming()
    gone, staying = asyncio.ensure_future(answer(coming)), asyncio.ensure_future(answer(coming))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.wait((gone,))
    coming.arrive(FakeBrain({"Where": "I am here."}, written="here"))
    assert await staying == "I am here."
