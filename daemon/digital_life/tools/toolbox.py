"""All tools at hand: which one is meant, with which arguments, and what comes of it.

Small models forget to call and call without need. So a comparison with examples decides wherever it is clear, the words
themselves give the arguments wherever they show, and the language model is asked only for the rest, in a form that
always parses.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from digital_life import words
from digital_life.errors import DigitalLifeError, ToolError
from digital_life.ports import Meanings, Writer
from digital_life.tool import Arguments, Outcome, Tool, ToolCall
from digital_life.tools import choosing, grammar
from digital_life.tools.asked import readings
from digital_life.tools.choosing import NONE, Chooser, Example
from digital_life.values import GUEST, Message, Role, Transcript

log = logging.getLogger(__name__)

CLEAR = 0.1
"""Distance of the scores of two tools from which the better one is taken without asking the language model."""
CLEAR_OF_NONE = 0.02
"""The same for a tool and none: models of 0.5B and 1.5B hardly ever choose a tool when they may choose none."""
CANDIDATES = 3
"""Tools that the language model chooses among, at most."""
CALL_TOKENS = 200
"""More than the longest that the grammar allows for most tools; what is longer is no call."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a sentence is probably for."""

    clear: bool
    """Whether the first of `tools`, or none of them, is surely meant."""
    tools: tuple[Tool, ...]
    """The likeliest first; empty where none is."""


def ranking(scores: Mapping[str, float], tools: Mapping[str, Tool]) -> Ranking:
    """The candidates by their scores; NONE is one of them, and what is likelier none than any tool is none."""
    likely = sorted((name for name in scores if name != NONE), key=lambda name: -scores[name])[:CANDIDATES]
    if not likely or scores[NONE] >= scores[likely[0]]:
        return Ranking(clear=True, tools=())
    best, *others = likely
    rivals = [name for name in others if scores[best] - scores[name] < CLEAR]
    clear = not rivals and scores[best] - scores[NONE] >= CLEAR_OF_NONE
    return Ranking(clear, tuple(tools[name] for name in (best, *rivals)))


@dataclass(slots=True)
class _Learned:
    """What the examples teach."""

    chooser: Chooser | None = None
    """None: not learned yet, or there was no learning it."""
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Toolbox:
    """Chooses among its tools and calls them."""

    def __init__(self, tools: Sequence[Tool], *, meanings: Meanings, writer: Writer) -> None:
        self._tools = {each.name: each for each in tools}
        self._meanings = meanings
        self._writer = writer
        self._learned = _Learned()

    def with_tools(self, tools: Sequence[Tool]) -> Toolbox:
        """The same with other tools of the same names: what this one learns, that one knows."""
        other = Toolbox(tools, meanings=self._meanings, writer=self._writer)
        other._learned = self._learned
        return other

    async def learned(self) -> None:
        """Return when it has learned."""
        await self._learned.done.wait()

    async def learn(self, kept: Meanings) -> None:
        """Learn which is meant from the examples, whose meanings are `kept`. Until then decisions wait."""
        learnt = self._examples()
        try:
            meanings = await kept.meanings([each.text for each in learnt])
            # Beside the loop: it takes half a second, several on a small machine, and sound must not wait.
            self._learned.chooser = await asyncio.to_thread(Chooser.learned, learnt, meanings)
        except DigitalLifeError as error:
            log.warning("no tool will be called: %s", error)
        self._learned.done.set()

    def _examples(self) -> tuple[Example, ...]:
        known = words.load("en").table["examples"]
        described = {name: tool.about for name, tool in self._tools.items() if name not in known}
        return choosing.examples(self._tools, described)

    async def decide(self, heard: Transcript) -> ToolCall | None:
        """The call that this asks for; None when it is ordinary talk, or when nobody could tell."""
        for tool in self._tools.values():
            awaited = tool.awaits(heard) if tool.awaits else None
            if awaited is not None:
                return ToolCall(tool, awaited)
        for tool in self._tools.values():
            claimed = tool.claims(heard) if tool.claims else None
            if claimed is not None:
                return ToolCall(tool, tool.validated(claimed))
        try:
            ranked = await self._ranked(heard)
            if not ranked.tools:
                return None
            if ranked.clear:
                return await self._with_arguments(ranked.tools[0], heard)
            return await self._chosen(ranked.tools, heard)
        except DigitalLifeError as error:
            # The sentence of a ToolError may name an argument, which is what was said.
            log.warning("no tool was called: %s", error.key if isinstance(error, ToolError) else error)
            return None

    async def run(self, call: ToolCall, heard: Transcript) -> Outcome:
        """What came of it. When the arguments turn out wrong the model may write them once more; then it is said."""
        if heard.person == GUEST and not call.tool.guests:
            return Outcome(said=words.load(heard.language).text("tools.not-for-guests"))
        try:
            return await call.tool.run(heard, **call.arguments)
        except ToolError as error:
            wrong = error
        if not call.written:
            return Outcome(said=wrong.sentence(heard.language), remembered=False)
        try:
            again = await self._written([call.tool], heard, refusable=False, wrong=wrong)
            if again is None or again.arguments == call.arguments:
                raise wrong
            return await call.tool.run(heard, **again.arguments)
        except DigitalLifeError:
            return Outcome(said=wrong.sentence(heard.language), remembered=False)

    async def _ranked(self, heard: Transcript) -> Ranking:
        await self.learned()
        chooser = self._learned.chooser
        if chooser is None:
            return Ranking(clear=True, tools=())
        (meaning,) = await self._meanings.meanings([heard.text])
        return ranking(chooser.scores(heard.text, heard.language, meaning), self._tools)

    async def _with_arguments(self, tool: Tool, heard: Transcript) -> ToolCall | None:
        """As the words show them; else as the model writes them down."""
        found = _read(tool, heard)
        if found is not None:
            return ToolCall(tool, tool.validated(found))
        if not tool.parameters:
            return ToolCall(tool)
        return await self._written([tool], heard, refusable=False)

    async def _chosen(self, tools: Sequence[Tool], heard: Transcript) -> ToolCall | None:
        """The model's own choice, none of them included."""
        call = await self._written(tools, heard, refusable=True)
        if call is None:
            return None
        found = _read(call.tool, heard)
        return ToolCall(call.tool, call.tool.validated(found)) if found is not None else call

    async def _written(
        self, tools: Sequence[Tool], heard: Transcript, *, refusable: bool, wrong: ToolError | None = None
    ) -> ToolCall | None:
        """One call as the model writes it; arguments that do not fit are told to it once. Raises ToolError."""
        form = grammar.grammar(tools, refusable=refusable)
        messages = question(tools, heard, refusable=refusable, wrong=wrong)
        written = _parsed(await self._writer.compose(messages, grammar=form, tokens=CALL_TOKENS))
        if written is None:
            return None
        name, arguments = written
        tool = self._tools[name]
        try:
            return ToolCall(tool, tool.validated(arguments), written=True)
        except ToolError as error:
            if wrong:
                raise
            return await self._written([tool], heard, refusable=refusable, wrong=error)


def _parsed(written: str) -> tuple[str, dict[str, Any]] | None:
    try:
        return grammar.parsed(written)
    except ValueError as error:
        raise ToolError("tool-call-unfinished") from error


def _read(tool: Tool, heard: Transcript) -> Arguments | None:
    """The arguments as the words show them, in the whole or in a clause of it; else as far as they show."""
    for read in filter(None, (tool.read, tool.guess)):
        for each in readings(heard):
            found = read(each)
            if found is not None:
                return found
    return None


def question(
    tools: Sequence[Tool], heard: Transcript, *, refusable: bool, wrong: ToolError | None = None
) -> tuple[Message, ...]:
    """What the model is asked: the tools, one a line, and what was said."""
    text = words.load(heard.language)
    lines = [_line(each) for each in tools] + ([text.text("tools.none")] if refusable else [])
    asked = (
        heard.text if wrong is None else text.text("tools.wrong", said=heard.text, cause=wrong.sentence(text.language))
    )
    return (
        Message(Role.SYSTEM, text.text("tools.choose", tools="\n".join(lines))),
        Message(Role.USER, asked),
    )


def _line(tool: Tool) -> str:
    arguments = ", ".join(f"{each.name}: {each.about or each.name}" for each in tool.parameters)
    return f"{tool.name}({arguments}): {tool.about}"
