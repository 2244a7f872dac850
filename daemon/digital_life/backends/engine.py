"""A GGUF model run by llama.cpp: reads tokens, keeps what it read, and writes."""

from __future__ import annotations

import codecs
import ctypes
from pathlib import Path
from typing import TYPE_CHECKING, Any

import llama_cpp
import numpy as np
from llama_cpp.llama_grammar import LlamaGrammar

from digital_life.backends import variants
from digital_life.backends.adapters import Adapters, file_of, name_of
from digital_life.backends.cores import SpareCores, available
from digital_life.backends.kept import Kept, Read
from digital_life.backends.lookup import guess
from digital_life.backends.weights import Weights, see_that_it_fits
from digital_life.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from digital_life import config

BATCH_TOKENS = 128
"""Read at a time; 512 were no faster on two cores and took 35 MB more."""

STEP_TOKENS = 64
"""Read at a time: after each it can be stopped, should somebody speak."""
WORTH_KEEPING = 100
"""Tokens of a prompt. To read 700 again takes 5 s; to put them aside 6 ms and 9 MB, to take them up 1 ms."""
ASIDE_MOST = 4
"""A talk in each language, and what it writes for itself."""
FIRST_TOKENS = 4
"""They decide in which language an answer is."""
CHOICES = 64
"""Likeliest next tokens; one beyond them is not chosen anyhow."""
LAST_CHOICE = 50.0
"""Taken from a token's logit."""
CACHE_TYPES = {
    "f16": llama_cpp.GGML_TYPE_F16,
    "q8_0": llama_cpp.GGML_TYPE_Q8_0,
    "q4_0": llama_cpp.GGML_TYPE_Q4_0,
}


class Engine:
    """Blocking; owned by one thread, but for `tokenize`."""

    def __init__(self, file: Path, settings: config.Llm, *, kept_in: Path | None = None) -> None:
        """Load it, and what `keep` left in that folder. Raises ModelError."""
        self.path = file
        self._model: Any = _load(file, settings)
        self._weights = Weights(file)
        self._settings = settings
        self._context = self._model._ctx  # noqa: SLF001 - has no public name
        self._vocabulary = self._model._model  # noqa: SLF001 - has no public name
        self._adapters = Adapters(self._vocabulary.model, self._context.ctx, settings.lora)
        self._adapters.use({name_of(each): each.scale for each in settings.lora})
        self.controls = self._controls()
        """The texts that this model reads as marks of its template and not as words."""
        self._cores = SpareCores(settings.threads)
        self._kept = Kept(kept_in, key=_key(file, settings)) if kept_in else None
        self._aside: list[Read] = self._kept.load() if self._kept else []
        """Other prompts that were read, the one used last at the end."""
        self._tokens: list[int] = []
        """What was read and written last; the next token's probabilities are known only after a `_decode`."""
        self._draft = settings.draft if self._can_rewind() else 0
        # The weights come from the disk and a graphics processor's kernels are made at the first token: not in a turn.
        self._decode([0])
        self._forget()

    @property
    def changed(self) -> bool:
        """Whether something has written into the file since."""
        return self._weights.changed

    @property
    def template(self) -> str:
        """The model's own, as Jinja; empty when it has none."""
        return str(self._model.metadata.get("tokenizer.chat_template", ""))

    @property
    def marks(self) -> tuple[str, str]:
        """What begins and what ends a text, for the template."""
        return self._special(self._model.token_bos()), self._special(self._model.token_eos())

    def tokenize(self, text: str, *, special: bool = False) -> list[int]:
        tokens: list[int] = self._model.tokenize(text.encode(), add_bos=False, special=special)
        return tokens

    def use_adapters(self, scales: Mapping[str, float]) -> None:
        """Think with these from now on. What was read with others is put aside until they are used again."""
        if len(self._tokens) >= WORTH_KEEPING:
            self._put_aside()
        self._adapters.use(scales)
        self._forget()

    def read(self, prompt: list[int], *, left: int = 0) -> Iterator[str]:
        """Read the prompt but for its `left` last tokens. Between two steps, which are empty, it can be stopped.

        The last token is read anew: what follows it is known only when it was read just now.
        """
        self._take_up(prompt)
        self._rewind(min(_same(self._tokens, prompt), len(prompt) - 1))
        for start in range(len(self._tokens), len(prompt) - left, STEP_TOKENS):
            self._decode(prompt[start : min(start + STEP_TOKENS, len(prompt) - left)])
            yield ""

    def answer(self, prompt: list[int], may_begin: Callable[[str], bool] | None) -> Iterator[str]:
        """What follows the prompt, in pieces of whole characters."""
        yield from self.read(prompt)
        settings = self._settings
        sampler = self._sampler(temp=settings.temperature, top_p=settings.top_p, repeat_penalty=settings.repeat_penalty)
        yield from self._text(self._draw(sampler, may_begin), settings.reply_tokens)

    def compose(self, prompt: list[int], *, grammar: str, most: int, temperature: float) -> Iterator[str]:
        """At most so many tokens in the form of the grammar."""
        form = LlamaGrammar.from_string(grammar, verbose=False)
        yield from self.read(prompt)
        yield from self._text(self._draw(self._sampler(temp=temperature, grammar=form)), most)

    def keep(self, name: str, prompt: list[int]) -> Iterator[str]:
        """Read the prompt, and save what was read under that name."""
        kept = self._kept
        if kept is None or kept.holds(name, prompt[:-1], adapters=self._adapters.used):
            return
        yield from self.read(prompt, left=1)
        kept.save(name, self._put_aside())

    def _draw(self, sampler: Any, may_begin: Callable[[str], bool] | None = None) -> Iterator[int]:
        """The tokens that follow what was read, without end.

        With a draft, guesses are read behind the token drawn last, and the next one is drawn behind each of them, as
        long as it is the guess: the same tokens with the same probabilities as one by one.
        """
        begun: list[int] = []
        guesses: list[int] = []
        while True:
            for row, expected in enumerate([*guesses, None], start=-1 - len(guesses)):
                if may_begin and len(begun) < FIRST_TOKENS:
                    self._refuse(row, begun, may_begin)
                token: int = sampler.sample(self._context, row)
                yield token
                begun.append(token)
                if token != expected:
                    break
                self._tokens.append(token)
            guesses = self._guess(token)
            self._decode([token, *guesses], taken=1)

    def _guess(self, token: int) -> list[int]:
        room = self._settings.context - len(self._tokens) - 1
        return guess([*self._tokens, token], min(self._draft, room)) if self._draft else []

    def _decode(self, tokens: list[int], *, taken: int | None = None) -> None:
        """Read these behind what was read; only the first `taken` count as read, when not all do."""
        self._weights.check()
        threads, before = self._cores.count, len(self._tokens)
        llama_cpp.llama_set_n_threads(self._context.ctx, threads, threads)
        batch = self._model._batch  # noqa: SLF001 - has no public name
        try:
            self._context.kv_cache_seq_rm(0, before, -1)
            batch.set_batch(batch=tokens, n_past=before, logits_all=taken is not None)
            self._context.decode(batch)
        except Exception as error:
            self._forget()
            raise ModelError("language-model-failed", cause=error) from error
        self._tokens += tokens[:taken]

    def _refuse(self, row: int, begun: list[int], may_begin: Callable[[str], bool]) -> None:
        """Make what may not begin an answer the last choice."""
        address = llama_cpp.llama_get_logits_ith(self._context.ctx, row)
        logits: NDArray[np.single] = np.ctypeslib.as_array(address, shape=(self._model.n_vocab(),))
        for token in np.argpartition(logits, -CHOICES)[-CHOICES:].tolist():
            if not may_begin(self._model.detokenize([*begun, token]).decode(errors="ignore")):
                logits[token] -= LAST_CHOICE

    def _text(self, tokens: Iterator[int], most: int) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")(errors="ignore")
        for _, token in zip(range(most), tokens, strict=False):
            if llama_cpp.llama_vocab_is_eog(self._vocabulary.vocab, token):
                return
            piece = decoder.decode(self._model.detokenize([token]))
            if piece:
                yield piece

    def _sampler(self, **how: Any) -> Any:
        return self._model._init_sampler(**how)  # noqa: SLF001 - the public way evaluates by itself

    def _take_up(self, prompt: list[int]) -> None:
        """Of the prompts that were read, go on with the one that begins most like this."""
        same = _same(self._tokens, prompt)
        usable = (each for each in self._aside if each.adapters == self._adapters.used)
        best = max(usable, key=lambda each: _same(each.tokens, prompt), default=None)
        if len(self._tokens) - same >= WORTH_KEEPING:
            self._put_aside()
        if best and _same(best.tokens, prompt) >= same + WORTH_KEEPING:
            self._restore(best)

    def _put_aside(self) -> Read:
        self._rewind(len(self._tokens))
        context = self._context.ctx
        state = (ctypes.c_uint8 * llama_cpp.llama_state_seq_get_size(context, 0))()
        llama_cpp.llama_state_seq_get_data(context, state, len(state), 0)
        read = Read(self._tokens.copy(), np.frombuffer(state, dtype=np.uint8), self._adapters.used)
        # One that this one goes on from has nothing to add.
        others = [each for each in self._aside if not _adds_nothing(each, read)]
        self._aside = [*others, read][-ASIDE_MOST:]
        return read

    def _restore(self, read: Read) -> None:
        self._forget()
        state = read.state.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))
        if llama_cpp.llama_state_seq_set_data(self._context.ctx, state, len(read.state), 0):
            self._tokens = read.tokens.copy()
        self._aside = [*(each for each in self._aside if each is not read), read]

    def _rewind(self, count: int) -> None:
        """Go back to the first `count` tokens; to none where the model cannot go back a part of the way."""
        if self._context.kv_cache_seq_rm(0, count, -1):
            del self._tokens[count:]
        else:
            self._forget()

    def _forget(self) -> None:
        self._context.kv_cache_clear()
        self._tokens = []

    def _can_rewind(self) -> bool:
        """Recurrent models hold one state, and none of a moment ago."""
        model = self._vocabulary.model
        return not (llama_cpp.llama_model_is_recurrent(model) or llama_cpp.llama_model_is_hybrid(model))

    def _controls(self) -> list[str]:
        vocabulary = llama_cpp.llama_model_get_vocab(self._vocabulary.model)
        tokens = range(llama_cpp.llama_vocab_n_tokens(vocabulary))
        return [self._special(each) for each in tokens if llama_cpp.llama_vocab_is_control(vocabulary, each)]

    def _special(self, token: int) -> str:
        return str(self._model.detokenize([token], special=True).decode(errors="ignore")) if token >= 0 else ""


def _same(read: Sequence[int], prompt: Sequence[int]) -> int:
    """How many tokens both begin with."""
    different = (n for n, (one, other) in enumerate(zip(read, prompt, strict=False)) if one != other)
    return next(different, min(len(read), len(prompt)))


def _adds_nothing(older: Read, newer: Read) -> bool:
    if older.adapters != newer.adapters:
        return False
    return _same(older.tokens, newer.tokens) >= len(older.tokens) - WORTH_KEEPING


def _key(file: Path, settings: config.Llm) -> str:
    """All on which the bytes of what was read depend."""
    files = (file, *map(file_of, settings.lora))
    parts = (
        llama_cpp.__version__,
        *(f"{each}:{about.st_size}:{about.st_mtime_ns}" for each in files if (about := each.stat())),
        settings.context,
        settings.gpu_layers,
        settings.flash_attention,
        settings.cache,
    )
    return "|".join(map(str, parts))


def _load(file: Path, settings: config.Llm) -> Any:
    if not file.is_file():
        raise ModelError("model-missing", path=file)
    see_that_it_fits(file)
    threads = settings.threads or available()
    variants.choose()
    try:
        return llama_cpp.Llama(
            str(file),
            n_ctx=settings.context,
            n_batch=BATCH_TOKENS,
            n_ubatch=BATCH_TOKENS,
            n_threads=threads,
            n_threads_batch=threads,
            n_gpu_layers=settings.gpu_layers,
            flash_attn=settings.flash_attention,
            type_k=CACHE_TYPES[settings.cache],
            type_v=CACHE_TYPES[settings.cache],
            verbose=False,
        )
    except (ValueError, RuntimeError) as error:
        raise ModelError("model-broken", path=file, cause=error) from error
