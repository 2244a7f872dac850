"""The language model: a quantised GGUF file run by llama.cpp."""

from __future__ import annotations

import codecs
import ctypes
import os
import re
from typing import TYPE_CHECKING, Any, Self

import llama_cpp
import numpy as np
from llama_cpp.llama_chat_format import Jinja2ChatFormatter
from llama_cpp.llama_grammar import LlamaGrammar

from digital_life.backends.cores import SpareCores
from digital_life.backends.kept import Kept, Read
from digital_life.errors import ModelError
from digital_life.values import Role

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from digital_life import config
    from digital_life.values import Message
    from digital_life.worker import Worker

THINKING = ("<think>", "</think>")
"""What reasoning models put around their thoughts; not part of the answer."""
BATCH_TOKENS = 128
"""Read at a time; 512 were no faster on two cores and took 35 MB more."""

STEP_TOKENS = 64
"""Read at a time: after each it can be stopped, should somebody speak."""
WORTH_KEEPING = 100
"""Tokens of a prompt. To read 700 again takes 5 s; to put them aside 6 ms and 9 MB, to take them up 1 ms."""
ASIDE_MOST = 4
"""A talk in each language, and what it writes for itself."""
TOKENS_AHEAD = 4
"""Thought but not taken: while a sentence is made into sound the model waits, or both would be half as fast."""
FIRST_TOKENS = 4
"""They decide in which language an answer is."""
CHOICES = 64
"""Likeliest next tokens; one beyond them is not chosen anyhow."""
LAST_CHOICE = 50.0
"""Taken from a token's logit."""


class LlamaCpp:
    """A LanguageModel and a Writer. It keeps what it has read, so that only what is new is read."""

    def __init__(self, model: Any, worker: Worker, settings: config.Llm, kept: Kept | None = None) -> None:
        self._model = model
        self._worker = worker
        self._settings = settings
        self._template = _Template(model)
        self._cores = SpareCores(settings.threads)
        self._kept = kept
        self._aside: list[Read] = kept.load() if kept else []
        """Other prompts that were read, the one used last at the end."""

    @classmethod
    async def open(cls, file: Path, *, worker: Worker, settings: config.Llm, kept_in: Path | None = None) -> Self:
        """Load `file` on the worker's thread, and what `keep` left in that folder. Raises ModelError."""
        model = await worker.run(lambda: _load(file, settings))
        kept = Kept(kept_in, key=_key(file, settings)) if kept_in else None
        return await worker.run(lambda: cls(model, worker, settings, kept))

    async def reply(
        self, messages: Sequence[Message], *, may_begin: Callable[[str], bool] | None = None
    ) -> AsyncGenerator[str]:
        prompt = self._prompt(messages)
        stream = self._worker.stream(lambda: _without_thoughts(self._generate(prompt, may_begin)), ahead=TOKENS_AHEAD)
        try:
            async for piece in stream:
                yield piece
        finally:
            await stream.aclose()

    async def prepare(self, messages: Sequence[Message]) -> None:
        prompt = self._prompt(messages, unfinished=True)
        stream = self._worker.stream(lambda: self._read(prompt, left=1), ahead=TOKENS_AHEAD)
        try:
            async for _ in stream:
                pass
        finally:
            await stream.aclose()

    async def keep(self, name: str, messages: Sequence[Message]) -> None:
        prompt = self._prompt(messages, unfinished=True)
        kept = self._kept
        if kept is None or kept.holds(name, prompt):
            return
        await self.prepare(messages)
        read = await self._worker.run(lambda: self._put_aside(self._model.input_ids[: self._model.n_tokens].copy()))
        await self._worker.run(lambda: kept.save(name, read))

    async def compose(self, messages: Sequence[Message], *, grammar: str, tokens: int, temperature: float = 0.0) -> str:
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
        room = self._settings.context - self._settings.reply_tokens
        if len(tokens) > room:
            raise ModelError("prompt-too-long", tokens=len(tokens), room=room)
        return tokens

    def _read(self, prompt: list[int], *, left: int) -> Iterator[str]:
        """On the worker's thread: evaluate the prompt but for its `left` last tokens.

        Between two steps it can be stopped. The last token is always left: what follows it is known only when it was
        evaluated just now.
        """
        model = self._model
        self._take_up(prompt)
        model.n_tokens = same = min(_same(model.input_ids[: model.n_tokens], prompt), len(prompt) - 1)
        self._leave_cores_to_others()
        try:
            for start in range(same, len(prompt) - left, STEP_TOKENS):
                model.eval(prompt[start : min(start + STEP_TOKENS, len(prompt) - left)])
                self._leave_cores_to_others()
                yield ""
        except (RuntimeError, ValueError) as error:
            raise ModelError("language-model-failed", cause=error) from error

    def _generate(self, prompt: list[int], may_begin: Callable[[str], bool] | None) -> Iterator[str]:
        """On the worker's thread: the answer in pieces of whole characters."""
        yield from self._read(prompt, left=STEP_TOKENS)
        settings = self._settings
        beginning = _Beginning(self._model, len(prompt), may_begin) if may_begin else None
        tokens = self._model.generate(
            prompt,
            temp=settings.temperature,
            top_p=settings.top_p,
            repeat_penalty=settings.repeat_penalty,
            logits_processor=[beginning] if beginning else None,
        )
        yield from self._pieces(tokens, settings.reply_tokens)

    def _write(self, prompt: list[int], grammar: str, most: int, temperature: float) -> Iterator[str]:
        """On the worker's thread: what it writes for itself."""
        form = LlamaGrammar.from_string(grammar, verbose=False)
        yield from self._read(prompt, left=STEP_TOKENS)
        yield from self._pieces(self._model.generate(prompt, temp=temperature, grammar=form), most)

    def _pieces(self, tokens: Iterator[int], most: int) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")(errors="ignore")
        try:
            for _, token in zip(range(most), tokens, strict=False):
                if self._ends(token):
                    return
                self._leave_cores_to_others()
                piece = decoder.decode(self._model.detokenize([token]))
                if piece:
                    yield piece
        except (RuntimeError, ValueError) as error:
            raise ModelError("language-model-failed", cause=error) from error
        finally:
            tokens.close()  # type: ignore[attr-defined] # a generator

    def _leave_cores_to_others(self) -> None:
        threads = self._cores.count
        llama_cpp.llama_set_n_threads(self._context, threads, threads)

    def _take_up(self, prompt: list[int]) -> None:
        """Of the prompts that were read, go on with the one that begins most like this."""
        model = self._model
        present = model.input_ids[: model.n_tokens]
        same = _same(present, prompt)
        best = max(self._aside, key=lambda each: _same(each.tokens, prompt), default=None)
        if len(present) - same >= WORTH_KEEPING:
            self._put_aside(present.copy())
        if best and _same(best.tokens, prompt) >= same + WORTH_KEEPING:
            self._restore(best)

    def _put_aside(self, tokens: NDArray[np.intc]) -> Read:
        state = (ctypes.c_uint8 * llama_cpp.llama_state_seq_get_size(self._context, 0))()
        llama_cpp.llama_state_seq_get_data(self._context, state, len(state), 0)
        # One that this one goes on from has nothing to add.
        others = [each for each in self._aside if _same(each.tokens, tokens) < len(each.tokens) - WORTH_KEEPING]
        read = Read(tokens, np.frombuffer(state, dtype=np.uint8))
        self._aside = [*others, read][-ASIDE_MOST:]
        return read

    def _restore(self, read: Read) -> None:
        model, count = self._model, len(read.tokens)
        model.reset()
        state = read.state.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))
        if llama_cpp.llama_state_seq_set_data(self._context, state, len(read.state), 0):
            model.input_ids[:count] = read.tokens
            model.n_tokens = count
            model._requires_eval = True  # noqa: SLF001 - the last token's probabilities are not in the state
        self._aside = [*(each for each in self._aside if each is not read), read]

    @property
    def _context(self) -> Any:
        return self._model._ctx.ctx  # noqa: SLF001 - has no public name

    def _ends(self, token: int) -> bool:
        return bool(llama_cpp.llama_vocab_is_eog(self._model._model.vocab, token))  # noqa: SLF001 - has no public name


class _Beginning:
    """A logits processor: the first tokens of an answer that `may_begin` refuses become the last choice."""

    def __init__(self, model: Any, start: int, may_begin: Callable[[str], bool]) -> None:
        self._model = model
        self._start = start
        self._may_begin = may_begin

    def __call__(self, ids: NDArray[np.intc], scores: NDArray[np.single]) -> NDArray[np.single]:
        begun = ids[self._start : self._model.n_tokens].tolist()
        if len(begun) < FIRST_TOKENS:
            for token in np.argpartition(scores, -CHOICES)[-CHOICES:].tolist():
                text = self._model.detokenize([*begun, token]).decode(errors="ignore")
                if not self._may_begin(text):
                    scores[token] -= LAST_CHOICE
        return scores


def _same(read: Iterable[int], prompt: Iterable[int]) -> int:
    """How many tokens both begin with."""
    same = 0
    for one, other in zip(read, prompt, strict=False):
        if one != other:
            break
        same += 1
    return same


def supports_gpu() -> bool:
    """Whether the installed build can put layers on a graphics processor."""
    return bool(llama_cpp.llama_supports_gpu_offload())


def features() -> set[str]:
    """The instruction sets that the installed build uses, in llama.cpp's words."""
    said = llama_cpp.llama_print_system_info().decode()
    return set(re.findall(r"([A-Z][A-Z0-9_]+) = 1", said))


def _key(file: Path, settings: config.Llm) -> str:
    """All on which the bytes of what was read depend."""
    about = file.stat()
    parts = (
        llama_cpp.__version__,
        file,
        about.st_size,
        about.st_mtime_ns,
        settings.context,
        settings.gpu_layers,
    )
    return "|".join(map(str, parts))


def _load(file: Path, settings: config.Llm) -> Any:
    if not file.is_file():
        raise ModelError("model-missing", path=file)
    threads = settings.threads or os.cpu_count() or 1
    try:
        return llama_cpp.Llama(
            str(file),
            n_ctx=settings.context,
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
