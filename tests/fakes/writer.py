"""A language model that writes what the test tells it to, by the last message it reads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from digital_life.errors import ModelError
from digital_life.values import Message


class FakeWriter:
    """`write` gets the rule and what is asked; where it returns None the model fails."""

    def __init__(self, write: Callable[[str, str], str | None]) -> None:
        self._write = write
        self.asked: list[str] = []
        self.held: asyncio.Event | None = None
        """While this is there and not set, nothing is answered."""

    async def compose(
        self,
        messages: Sequence[Message],
        *,
        grammar: str,
        tokens: int,
        temperature: float = 0.0,  # noqa: ARG002 - the port
    ) -> str:
        assert "root ::=" in grammar
        assert tokens > 0
        self.asked.append(messages[-1].text)
        if self.held:
            await self.held.wait()
        await asyncio.sleep(0)
        written = self._write(messages[0].text, messages[-1].text)
        if written is None:
            raise ModelError("language-model-failed", cause="it was told to")
        return written


def diligent(rule: str, asked: str) -> str | None:
    """Notes what was said almost word for word, as a good model might."""
    if rule.startswith("You note"):
        told = asked.partition("\n")[0].removeprefix("User: ").rstrip(".!?")
        return f"The user said that {told.replace('My ', 'the ').replace('I ', 'the user ')}.\nI answered."
    if rule.startswith("From a sentence about one day"):
        return asked
    if rule.startswith("You give a diary a title"):
        return asked.partition("\n")[0][:40].rstrip(".")
    if rule.startswith("You say in one word"):
        return "calm"
    if rule.startswith("You say two sentences"):
        return asked.partition("\n")[0]
    return "no" if "Known:" in asked else "-"
