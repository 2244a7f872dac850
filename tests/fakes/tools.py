"""Tools that are called for the sentences the test names."""

from __future__ import annotations

from digital_life.tool import Outcome, Tool, ToolCall
from digital_life.values import Transcript


class FakeTools:
    """Tools."""

    def __init__(self, outcomes: dict[str, Outcome], *, acts: bool = True, slow: bool = False) -> None:
        self._outcomes = outcomes
        self._acts = acts
        self._slow = slow
        self.ran: list[str] = []

    async def decide(self, heard: Transcript) -> ToolCall | None:
        async def act(_heard: Transcript) -> Outcome:
            """Do what was asked."""
            return self._outcomes[heard.text]

        tool = Tool.of(act, acts=self._acts, slow=self._slow)
        return ToolCall(tool, {"what": heard.text}) if heard.text in self._outcomes else None

    async def run(self, call: ToolCall, heard: Transcript) -> Outcome:
        self.ran.append(heard.text)
        return await call.tool.run(heard)
