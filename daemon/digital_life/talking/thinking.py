"""From what was asked to what is to be said: a tool where one is meant, what is remembered, the language model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from digital_life import words
from digital_life.ports import Diaries, LanguageModel, Tools
from digital_life.talking import calls, claims
from digital_life.talking.being import Being
from digital_life.talking.prompting import Known
from digital_life.talking.spoken.languages import begins_in
from digital_life.tool import Outcome, ToolCall
from digital_life.values import USER, Call, Language, Message, Person, Recall, Role, Transcript

LONG_S = 1.5
"""When a tool takes longer, something is said meanwhile."""
UNASKED = "recall"
"""What is put before it unasked stands among its calls under this name."""


@dataclass(slots=True)
class Thought:
    """What becomes of one question while it is thought about."""

    asked: str
    """The user's message as the model read it last."""
    calls: list[Call] = field(default_factory=list)
    looked: int = 0
    """How often the memory was searched on purpose."""
    steps: tuple[Message, ...] = ()
    """Calls that ended in an event, and what the model was told of each."""
    remembered: bool = True
    """Whether the exchange is to be kept."""
    binding: bool = False
    """Whether something was begun that is not to be done twice."""
    failed: bool = False
    """Whether no model could be asked."""


class Thinking:
    """Thinks about one question at a time."""

    def __init__(self, model: LanguageModel, being: Being) -> None:
        self.being = being
        """Who thinks."""
        self._model = model
        self._recalled: tuple[str, Person, tuple[Recall, ...]] = ("", USER, ())
        """The last question, whose it was, and what came to mind at once."""
        self.seen: tuple[Message, ...] = ()
        """The last prompt, as the model read it."""

    async def think(self, heard: Transcript, thought: Thought, end: Awaitable[object]) -> AsyncGenerator[str]:
        """What is to be said, in pieces. Nothing is done before `end` is. Raises ModelError."""
        self.seen = ()
        tools = self.being.tools
        call = await tools.decide(heard) if tools else None
        known = Known()
        if call and tools:
            running = asyncio.create_task(self._done(tools, call, heard, thought, end), name="thinking.tool")
            try:
                await asyncio.wait({running}, timeout=LONG_S)
                if not running.done():
                    yield words.load(heard.language).text("tools.wait") + " "
                outcome = await running
            finally:
                running.cancel()
            thought.calls.append(Call(call.tool.name, call.argument, outcome.recalls or ()))
            thought.remembered = outcome.remembered
            if outcome.said:
                yield outcome.said
                return
            known = Known(outcome.recalls or (), looked=outcome.recalls is not None, learned=outcome.found)
            thought.looked += known.looked
            heard = replace(heard, text=outcome.question or heard.text)
        done = bool(call and call.tool.acts)
        async with aclosing(self._answer(heard, thought, known)) as pieces:
            honest = pieces if done else claims.kept_honest(pieces, heard.language)
            async with aclosing(honest):
                async for piece in honest:
                    yield piece

    def forget_question(self) -> None:
        """It is answered."""
        self._recalled = ("", USER, ())

    async def _done(
        self, tools: Tools, call: ToolCall, heard: Transcript, thought: Thought, end: Awaitable[object]
    ) -> Outcome:
        if call.tool.acts:
            await end
            thought.binding = True
        return await tools.run(call, heard)

    async def _answer(self, heard: Transcript, thought: Thought, known: Known) -> AsyncGenerator[str]:
        """What the model says, and what it says after the recalls it asked for."""
        checked = None if known.learned else await self.being.memory.of(heard.person).check(heard)
        if checked:
            # Left to itself a small model agrees to whatever is supposed, even with the contrary before its eyes.
            thought.calls.append(Call(UNASKED, "", checked.recalls or ()))
            yield checked.said
            return
        unasked = await self._recall(heard)
        if unasked:
            thought.calls.append(Call(UNASKED, "", unasked))
        known = replace(known, recalls=_joined(known.recalls, unasked))
        prompting = self.being.prompting
        diaries = self.being.diaries.of(heard.person) if self.being.diaries else None
        names = diaries.calls if diaries else ()
        while True:
            thought.asked = prompting.asked(heard.text, known)
            self.seen = prompting.whole(heard.text, known)
            request: calls.Request | None = None
            spoke = False
            reply = self._model.reply(self.seen, may_begin=_beginnings(heard.language, names))
            async with aclosing(reply), aclosing(calls.told(reply, names)) as parts:
                async for part in parts:
                    if isinstance(part, calls.Request):
                        request = part
                    else:
                        spoke = True
                        yield part
            if request is None or diaries is None or thought.looked + len(thought.steps) // 2 >= diaries.chained:
                return
            if spoke:
                yield " "
            known = await self._called(diaries, request, heard, thought, known)

    async def _called(
        self, diaries: Diaries, request: calls.Request, heard: Transcript, thought: Thought, known: Known
    ) -> Known:
        """What is known when the call is done."""
        event = await diaries.event(request.name, request.argument, thought.calls)
        if event:
            thought.calls.append(Call(request.name, request.argument, event.found))
            called = Message(Role.ASSISTANT, f"{request.name}({request.argument})")
            thought.steps += (called, Message(Role.USER, self.being.prompting.event(event)))
            return replace(known, steps=thought.steps)
        thought.looked += 1
        more = await diaries.look_up(request.name, request.argument, heard.text)
        thought.calls.append(Call(request.name, request.argument, more))
        return replace(known, recalls=_joined(known.recalls, more), looked=True)

    async def _recall(self, heard: Transcript) -> tuple[Recall, ...]:
        """What comes to mind unasked; asked for once, though the prompt is read in advance."""
        question, person, found = self._recalled
        if (question, person) != (heard.text, heard.person):
            memory = self.being.memory.of(heard.person)
            found = await memory.recall(heard.text, unseen=self.being.prompting.elsewhere)
            self._recalled = (heard.text, heard.person, found)
        return found


def _joined(found: tuple[Recall, ...], more: tuple[Recall, ...]) -> tuple[Recall, ...]:
    known = {(each.kind, each.ref) for each in found}
    return (*found, *(each for each in more if (each.kind, each.ref) not in known))


def _beginnings(language: Language, names: Sequence[str]) -> Callable[[str], bool]:
    """Of an answer in `language`; left to itself a small model goes on in that of its last answer."""
    return lambda text: begins_in(text, language) or calls.may_be_call(text, names)
