"""The language model: a quantised GGUF file run by llama.cpp."""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

import llama_cpp
from llama_cpp.llama_chat_format import Jinja2ChatFormatter

from digital_life.backends import variants
from digital_life.backends.engine import Engine
from digital_life.backends.marks import Marks
from digital_life.backends.memory import give_back
from digital_life.backends.thoughts import Thoughts
from digital_life.errors import DigitalLifeError, ModelError
from digital_life.values import Role
from digital_life.worker import Watch

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from digital_life import config
    from digital_life.values import Message
    from digital_life.worker import Worker

log = logging.getLogger(__name__)

TOKENS_AHEAD = 4
"""Thought but not taken: while a sentence is made into sound the model waits, or both would be half as fast."""


class LlamaCpp:
    """A LanguageModel and a Writer. It keeps what it has read, so that only what is new is read.

    A model that gives no sign of life for `llm.stall_s` is left to its thread and loaded anew on another; so it is when
    something wrote into its file.
    """

    def __init__(self, load: Callable[[], Engine], engine: Engine, worker: Worker, settings: config.Llm) -> None:
        self._load = load
        self._engine = engine
        self._lost = False
        """Whether the engine is left to a thread that does not come back."""
        self._worker = worker
        self._settings = settings
        self._template = _Template(engine)
        self._marks = Marks(engine.controls)
        self._adapters: Mapping[str, float] | None = None
        """Those chosen last; None: those of the settings."""

    @classmethod
    async def open(
        cls,
        file: Path,
        *,
        worker: Worker,
        settings: config.Llm,
        kept_in: Path | None = None,
        is_whole: Callable[[], bool] = lambda: True,
    ) -> Self:
        """Load `file` on the worker's thread, and what `keep` left in that folder. Raises ModelError.

        `is_whole` tells whether it is the file that is meant: it is not loaded before.
        """

        def load() -> Engine:
            if not is_whole():
                raise ModelError("model-changed", path=file)
            return Engine(file, settings, kept_in=kept_in)

        return cls(load, await worker.run(load), worker, settings)

    async def reply(
        self, messages: Sequence[Message], *, may_begin: Callable[[str], bool] | None = None
    ) -> AsyncGenerator[str]:
        prompt = self._prompt(messages)
        pieces = self._stream(lambda engine: _without_thoughts(engine.answer(prompt, may_begin)))
        try:
            async for piece in pieces:
                if piece:
                    yield piece
        finally:
            await pieces.aclose()

    async def prepare(self, messages: Sequence[Message]) -> None:
        prompt = self._prompt(messages, unfinished=True)
        await self._done(lambda engine: engine.read(prompt, left=1))

    async def keep(self, name: str, messages: Sequence[Message]) -> None:
        prompt = self._prompt(messages, unfinished=True)
        await self._done(lambda engine: engine.keep(name, prompt))

    async def compose(self, messages: Sequence[Message], *, grammar: str, tokens: int, temperature: float = 0.0) -> str:
        prompt = self._prompt(messages)
        return await self._done(
            lambda engine: engine.compose(prompt, grammar=grammar, most=tokens, temperature=temperature)
        )

    async def use_adapters(self, scales: Mapping[str, float]) -> None:
        """Think with these of `llm.lora` from now on, by name, each so strongly, and with no others. Raises ModelError.

        The model is not loaded again; what was read with other adapters is read anew, unless it was before.
        """
        engine = await self._alive()
        await self._worker.run(lambda: engine.use_adapters(scales))
        self._adapters = dict(scales)

    def tokens(self, text: str) -> int:
        return len(self._engine.tokenize(text))

    def _prompt(self, messages: Sequence[Message], *, unfinished: bool = False) -> list[int]:
        """The prompt's tokens; `unfinished` ends with the last message's text, to be gone on with."""
        messages = [replace(each, text=self._marks.broken(each.text)) for each in messages]
        text = self._template(messages)
        if unfinished:
            last = messages[-1].text.strip()  # some templates strip it
            text = text[: text.rindex(last) + len(last)]
        tokens = self._engine.tokenize(text, special=True)
        room = self._settings.context - self._settings.reply_tokens
        if len(tokens) > room:
            raise ModelError("prompt-too-long", tokens=len(tokens), room=room)
        return tokens

    async def _done(self, job: Callable[[Engine], Iterator[str]]) -> str:
        """All that the job yields. Cancelling stops it at its next step."""
        pieces = self._stream(job)
        try:
            return "".join([piece async for piece in pieces])
        finally:
            await pieces.aclose()

    async def _stream(self, job: Callable[[Engine], Iterator[str]]) -> AsyncGenerator[str]:
        engine = await self._alive()
        stream = self._worker.stream(lambda: job(engine), ahead=TOKENS_AHEAD)
        try:
            while True:
                with self._watched(), _told():
                    piece = await anext(stream, None)
                if piece is None:
                    return
                yield piece
        finally:
            with self._watched():
                await stream.aclose()

    async def _alive(self) -> Engine:
        """The engine, loaded anew when it was lost, or is not what it was."""
        if self._engine.changed:
            log.error("something wrote into %s; it is loaded anew", self._engine.path)
            self._lost = True
        if self._lost:
            await self._worker.run(self._load_again)
        return self._engine

    def _load_again(self) -> None:
        """On the worker's new thread: for the first of those who wait for it."""
        if self._lost:
            self._engine = self._load()
            if self._adapters is not None:
                self._engine.use_adapters(self._adapters)
            self._lost = False
            give_back()  # each thread allocates apart: what those before it left, 40 MB each, nobody uses again

    def _watched(self) -> Watch:
        return Watch(self._worker, lambda: self._settings.stall_s, self._give_up)

    def _give_up(self) -> None:
        log.error("the language model gives no sign of life; it is loaded anew")
        self._lost = True
        self._worker.abandon(ModelError("language-model-hangs", seconds=f"{self._settings.stall_s:g}"))


@contextmanager
def _told() -> Iterator[None]:
    """Whatever the library raises, or that there is no memory left, is told as our own error."""
    try:
        yield
    except DigitalLifeError:
        raise
    except Exception as error:
        # Not in its own words: a tokenizer names the text that it stumbled over.
        raise ModelError("language-model-failed", cause=type(error).__name__) from error


def supports_gpu() -> bool:
    """Whether the installed build can put layers on a graphics processor."""
    return bool(llama_cpp.llama_supports_gpu_offload())


def features() -> set[str]:
    """The instruction sets that the installed build uses, in llama.cpp's words."""
    variants.choose()
    said = llama_cpp.llama_print_system_info().decode()
    return set(re.findall(r"([A-Z][A-Z0-9_]+) = 1", said))


class _Template:
    """The model's own chat template: messages in, prompt out."""

    def __init__(self, engine: Engine) -> None:
        if not engine.template:
            raise ModelError("model-without-template", path=engine.path)
        begin, end = engine.marks
        self._render = Jinja2ChatFormatter(engine.template, bos_token=begin, eos_token=end)

    def __call__(self, messages: Sequence[Message]) -> str:
        entries = [{"role": each.role.value, "content": each.text} for each in messages]
        try:
            return self._text(entries)
        except ValueError:  # some templates (Gemma's) know no system role: it goes before the first user's words
            return self._text(_without_system(entries))

    def _text(self, entries: list[Any]) -> str:
        return str(self._render(messages=entries, enable_thinking=False).prompt)


def _without_system(entries: list[dict[str, str]]) -> list[dict[str, str]]:
    system, *rest = entries
    if system["role"] != Role.SYSTEM or not rest:
        return entries
    return [{"role": rest[0]["role"], "content": f"{system['content']}\n\n{rest[0]['content']}"}, *rest[1:]]


def _without_thoughts(pieces: Iterator[str]) -> Iterator[str]:
    """It goes step by step with `pieces`, also where nothing is left: between two steps it can be stopped."""
    thoughts = Thoughts()
    for piece in pieces:
        yield thoughts.feed(piece)
    yield thoughts.end()
