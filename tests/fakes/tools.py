"""Tools that are called for the sentences the test names."""

from __future__ import annotations

import asyncio

from digital_life.tool import Outcome, Tool, ToolCall
from digital_life.values import Transcript


class FakeTools:
    """Tools."""

    def __init__(self, outcomes: dict[str, Outcome], *, acts: bool = True) -> None:
        self._outcomes = outcomes
        self._acts = acts
        self.held: asyncio.Event | None = None
        """Set by the test when they may be done; None: at once."""
        self.ran: list[str] = []

    async def decide(self, heard: Transcript) -> ToolCall | None:
        async def act(_heard: Transcript) -> Outcome:
            """Do what was asked."""
            if self.held:
                await self.held.wait()
            return self._outcomes[heard.text]

        tool = Tool.of(act, acts=self._acts)
        return ToolCall(tool, {"what": heard.text}) if heard.text in self._outcomes else None

    async def run(self, call: ToolCall, heard: Transcript) -> Outcome:
        self.ran.append(heard.text)
        return await call.tool.run(heard)
