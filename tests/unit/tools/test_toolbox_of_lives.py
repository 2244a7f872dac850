"""One choice of tools serves several lives, each with its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from digital_life.tool import Outcome, Tool
from digital_life.tools.toolbox import Toolbox
from digital_life.values import Transcript
from fakes.embedder import FakeEmbedder
from fakes.writer import FakeWriter

HEARD = Transcript("Remember that my sister is called Anna.", "en", 1.0)


class Words:
    """Meanings."""

    async def meanings(self, texts: Sequence[str]) -> list[bytes]:
        embedder = FakeEmbedder()
        return [embedder.query(each) for each in texts]


def remember_in(kept: list[str]) -> Tool:
    async def remember(_heard: Transcript, *, what: Annotated[str, "what is to be kept"]) -> Outcome:
        """Keep something in mind for good, when the user asks for that."""
        kept.append(what)
        return Outcome(said="I will.")

    return Tool.of(remember, read=lambda heard: {"what": heard.text})


async def test_what_one_learns_the_other_knows_and_each_calls_its_own() -> None:
    here, there = list[str](), list[str]()
    one = Toolbox((remember_in(here),), meanings=Words(), writer=FakeWriter(lambda _rule, _asked: None))
    other = one.with_tools((remember_in(there),))
    await one.learn(Words())
    call = await other.decide(HEARD)
    assert call
    assert (await other.run(call, HEARD)).said == "I will."
    assert (here, there) == ([], [HEARD.text])
