"""The language model: a quantised GGUF file run by llama.cpp."""

from __future__ import annotations

import codecs
import ctypes
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import llama_cpp
from llama_cpp.llama_chat_format import Jinja2ChatFormatter

from digital_life.errors import ModelError
from digital_life.values import Role

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from digital_life import config
    from digital_life.values import Message
    from digital_life.worker import Worker

THINKING = ("<think>", "</think>")
"""What reasoning models put around their thoughts; not part of the answer."""
BATCH_TOKENS = 128
"""Read at a time; 512 were no faster on two cores and took 35 MB more."""

STEP_TOKENS = 64
"""Read at a time when it writes for itself: after each it can be stopped, should somebody speak."""
TOKENS_AHEAD = 4
"""Thought but not taken: while a sentence is made into sound the model waits, or both would be half as fast."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A prompt that was read, put aside."""

    tokens: NDArray[np.intc]
    state: Any
    """llama.cpp's own bytes of the sequence."""


class LlamaCpp:
    """A LanguageModel and a Writer. It keeps the evaluated prompt, so that only what differs from the last one is read."""

    def __init__(self, model: Any, worker: Worker, settings: config.LanguageModel) -> None:
        self._model = model
        self._worker = worker
        self._settings = settings
        self._template = _Template(model)
        self._talk: _Read | None = None
        """The conversation's prompt, while the model writes for itself."""

    @classmethod
    async def open(cls, file: Path, *, worker: Worker, settings: config.LanguageModel) -> Self:
        """Load `file` on the worker's thread. Raises ModelError."""
        model = await worker.run(lambda: _load(file, settings))
        return cls(model, worker, settings)

    async def reply(self, messages: Sequence[Message]) -> AsyncGenerator[str]:
        prompt = self._prompt(messages)
        stream = self._worker.stream(lambda: _without_thoughts(self._generate(prompt)), ahead=TOKENS_AHEAD)
        try:
            async for piece in stream:
                yield piece
        finally:
            await stream.aclose()

    async def prepare(self, messages: Sequence[Message]) -> None:
        prompt = self._prompt(messages, unfinished=True)
        await self._worker.run(lambda: self._read(prompt))

    async def compose(
        self, messages: Sequence[Message], *, grammar: str, tokens: int, temperature: float = 0.0
    ) -> str:
        prompt = self._prompt(messages)
        stream = self._worker.stream(lambda: self._write(prompt, grammar, tokens, temperature), ahead=TOKENS_AHEAD)
        try:
            return "".join([piece async for piece in stream])
        finally:
            await stream.aclose()

    def tokens(self, text: str) -> int:
        return len(self._model.tokenize(text.encode(), add_bos=False))

    def _prompt(self, messages: Sequence[Message], *, unfinished: bool = False) -> list[int]:
        """The prompt's tokens; `unfinished` ends with the last message's text, to be gone on with."""
        text = self._template(messages)
        if unfinished:
            last = messages[-1].text.strip()  # some templates strip it
            text = text[: text.rindex(last) + len(last)]
        tokens: list[int] = self._model.tokenize(text.encode(), add_bos=False, special=True)
        room = self._settings.context_tokens - self._settings.reply_tokens
        if len(tokens) > room:
            raise ModelError("prompt-too-long", tokens=len(tokens), room=room)
        return tokens

    def _read(self, prompt: list[int]) -> None:
        """Evaluate the prompt and sample nothing of worth."""
        self._back_to_talk()
        tokens = self._model.generate(prompt, temp=0.0)
        try:
            next(tokens)
        finally:
            tokens.close()

    def _generate(self, prompt: list[int]) -> Iterator[str]:
        """On the worker's thread: the answer in pieces of whole characters."""
        self._back_to_talk()
        settings = self._settings
        yield from self._pieces(
            self._model.generate(
                prompt, temp=settings.temperature, top_p=settings.top_p, repeat_penalty=settings.repeat_penalty
            ),
            settings.reply_tokens,
        )

    def _write(self, prompt: list[int], grammar: str, most: int, temperature: float) -> Iterator[str]:
        """On the worker's thread: what it writes for itself; empty pieces while it reads, so that it can be stopped."""
        self._put_talk_aside()
        model = self._model
        form = llama_cpp.LlamaGrammar.from_string(grammar, verbose=False)
        try:
            same = _same(model.input_ids[: model.n_tokens], prompt[:-1])
            model.n_tokens = same
            for start in range(same, len(prompt) - 1, STEP_TOKENS):
                model.eval(prompt[start : min(start + STEP_TOKENS, len(prompt) - 1)])
                yield ""
        except (RuntimeError, ValueError) as error:
            raise ModelError("language-model-failed", cause=error) from error
        yield from self._pieces(model.generate(prompt, temp=temperature, grammar=form), most)

    def _pieces(self, tokens: Iterator[int], most: int) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")(errors="ignore")
        try:
            for _, token in zip(range(most), tokens, strict=False):
                if self._ends(token):
                    return
                piece = decoder.decode(self._model.detokenize([token]))
                if piece:
                    yield piece
        except (RuntimeError, ValueError) as error:
            raise ModelError("language-model-failed", cause=error) from error
        finally:
            tokens.close()  # type: ignore[attr-defined] # a generator

    def _put_talk_aside(self) -> None:
        if self._talk is not None:
            return
        model = self._model
        size = llama_cpp.llama_state_seq_get_size(self._context, 0)
        state = (ctypes.c_uint8 * size)()
        llama_cpp.llama_state_seq_get_data(self._context, state, size, 0)
        self._talk = _Read(model.input_ids[: model.n_tokens].copy(), state)

    def _back_to_talk(self) -> None:
        """Go on with the conversation's prompt where it was left."""
        talk, self._talk = self._talk, None
        if talk is None:
            return
        model, count = self._model, len(talk.tokens)
        model.reset()
        if count and llama_cpp.llama_state_seq_set_data(self._context, talk.state, len(talk.state), 0):
            model.input_ids[:count] = talk.tokens
            model.n_tokens = count
            model._requires_eval = True  # noqa: SLF001 - the last token's probabilities are not in the state

    @property
    def _context(self) -> Any:
        return self._model._ctx.ctx  # noqa: SLF001 - has no public name

    def _ends(self, token: int) -> bool:
        return bool(llama_cpp.llama_vocab_is_eog(self._model._model.vocab, token))  # noqa: SLF001 - has no public name


def _same(read: Sequence[int], prompt: Sequence[int]) -> int:
    """How many tokens both begin with."""
    return next((n for n, (one, other) in enumerate(zip(read, prompt, strict=False)) if one != other), min(len(read), len(prompt)))


def supports_gpu() -> bool:
    """Whether the installed build can put layers on a graphics processor."""
    return bool(llama_cpp.llama_supports_gpu_offload())


def features() -> set[str]:
    """The instruction sets that the installed build uses, in llama.cpp's words."""
    said = llama_cpp.llama_print_system_info().decode()
    return set(re.findall(r"([A-Z][A-Z0-9_]+) = 1", said))


def _load(file: Path, settings: config.LanguageModel) -> Any:
    if not file.is_file():
        raise ModelError("model-missing", path=file)
    threads = settings.threads or os.cpu_count() or 1
    try:
        return llama_cpp.Llama(
            str(file),
            n_ctx=settings.context_tokens,
            n_batch=BATCH_TOKENS,
            n_ubatch=BATCH_TOKENS,
            n_threads=threads,
            n_threads_batch=threads,
            n_gpu_layers=settings.gpu_layers,
            verbose=False,
        )
    except (ValueError, RuntimeError) as error:
        raise ModelError("model-broken", path=file, cause=error) from error


class _Template:
    """The model's own chat template: messages in, prompt out."""

    def __init__(self, model: Any) -> None:
        source = model.metadata.get("tokenizer.chat_template")
        if not source:
            raise ModelError("model-without-template", path=model.model_path)
        self._render = Jinja2ChatFormatter(
            source, eos_token=_piece(model, model.token_eos()), bos_token=_piece(model, model.token_bos())
        )

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


def _piece(model: Any, token: int) -> str:
    return str(model.detokenize([token], special=True).decode(errors="ignore")) if token >= 0 else ""


def _without_thoughts(pieces: Iterator[str]) -> Iterator[str]:
    """Leave out what stands between THINKING's marks, and white space before the answer."""
    began = False
    for piece in _outside(pieces):
        ready = piece if began else piece.lstrip()
        if ready:
            began = True
            yield ready


def _outside(pieces: Iterator[str]) -> Iterator[str]:
    opening, closing = THINKING
    held, thinking = "", False
    for piece in pieces:
        held += piece
        while (mark := closing if thinking else opening) in held:
            before, _, held = held.partition(mark)
            if not thinking:
                yield before
            thinking = not thinking
        keep = _overlap(held, mark)
        ready, held = held[: len(held) - keep], held[len(held) - keep :]
        if not thinking:
            yield ready
    if not thinking:
        yield held


def _overlap(text: str, mark: str) -> int:
    """How many characters at the end of `text` may be the beginning of `mark`."""
    return next((n for n in range(min(len(mark) - 1, len(text)), 0, -1) if mark.startswith(text[-n:])), 0)
