"""The real models of a life that is soaked: what thinks, hears, speaks and finds, and fails when it is told to."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from pathlib import Path

import numpy as np

from benches import material
from benches.soak_parts import FAULTS, Failing, FastClock, Faults, Opening, Parts, Question
from digital_life import app, config, words
from digital_life.backends.llama_cpp import LlamaCpp
from digital_life.backends.memory import give_back, return_large_blocks
from digital_life.backends.whisper import Whisper
from digital_life.context import Context
from digital_life.memory import copies
from digital_life.ports import Brain, TextToSpeech
from digital_life.talking.prompting import Budget, Prompting
from digital_life.values import Language, Message
from digital_life.worker import Worker

ANSWERED_S = 120.0
"""A model that hangs is given up after 30 s, and its answer is the one after the next."""
HANGS_S = 45.0
"""Longer than `llm.stall_s`: then it is left alone, and comes back when another was loaded."""
REPLY_TOKENS = 60
TOLD: tuple[tuple[Language, str], ...] = (
    ("en", "My sister Clara has moved to Lisbon and works in a bakery there."),
    ("en", "I planted tomatoes and basil on the balcony this morning."),
    ("en", "The doctor said that my knee will be fine in three weeks."),
    ("en", "I am learning to play the cello, and the neighbours are patient."),
    ("en", "We saw a heron by the river on our walk."),
    ("en", "My old bicycle was stolen in front of the library."),
    ("en", "I would like to visit Norway in the winter."),
    ("en", "Yesterday I burned the soup because I was reading."),
    ("en", "My favourite film is the one about the two sailors."),
    ("en", "The cat sleeps on my keyboard whenever I write."),
    ("zh", "我妹妹下个月要结婚了。"),
    ("zh", "我今天在公园里看见一只白色的鸟。"),
    ("zh", "我最近在学做饭，昨天做了番茄炒蛋。"),
    ("zh", "我的朋友小王从北京来看我。"),
    ("zh", "我不喜欢喝咖啡，我喜欢喝绿茶。"),
    ("zh", "昨天晚上下了很大的雨。"),
    ("zh", "我想去海边住几天。"),
)
"""With the questions they are 37, so that each is spoken, typed and written in turn."""


def real_parts(profile: str) -> Opening:
    """With models of that size."""

    @asynccontextmanager
    async def opening(home: Path, clock: FastClock, faults: Faults) -> AsyncGenerator[Parts]:
        return_large_blocks()
        context = _context(profile, home, clock)
        async with AsyncExitStack() as stack:
            life = await stack.enter_async_context(app.open_life(context))
            voice = await stack.enter_async_context(app.open_voice(context))
            questions = [await _question(voice, *each) for each in (*material.QUESTIONS, *TOLD)]
            thinking, hearing = [await stack.enter_async_context(Worker(each)) for each in ("model", "recogniser")]
            model = Model(await _open_model(context, thinking), faults)
            recogniser = await _open_recogniser(context, hearing)
            life.use(model)
            give_back()
            yield Parts(
                life=life,
                model=model,
                recogniser=Failing(recogniser, faults),
                voice=voice,
                prompting=Prompting(
                    persona=config.Persona(),
                    clock=clock,
                    budget=Budget.of(context.settings.llm.context, reply=REPLY_TOKENS, shares=life.shares),
                    tokens=model.tokens,
                    calls=life.taught if life.calls else "",
                ),
                diaries=life,
                languages=context.settings.conversation.languages,
                questions=lambda number: questions[number % len(questions)],
                faults=(*FAULTS, "hang"),
                written=app.give_back_after,
                answered_s=ANSWERED_S,
            )

    return opening


class Model:
    """A Brain around the real one, that runs out of memory or hangs when it is told to."""

    def __init__(self, model: Brain, faults: Faults, *, hangs_s: float = HANGS_S) -> None:
        self._model = model
        self._faults = faults
        self._hangs_s = hangs_s
        self.prepare = model.prepare
        self.keep = model.keep
        self.compose = model.compose
        self.tokens = model.tokens

    async def reply(
        self, messages: Sequence[Message], *, may_begin: Callable[[str], bool] | None = None
    ) -> AsyncGenerator[str]:
        if self._faults.due("hang"):
            may_begin = _hanging(self._hangs_s)
        async with aclosing(self._model.reply(messages, may_begin=may_begin)) as pieces:
            async for piece in pieces:
                yield piece
                if self._faults.due("model"):
                    raise MemoryError


def _hanging(seconds: float) -> Callable[[str], bool]:
    """Once, on the model's thread, in the middle of its answer."""
    pauses = iter((seconds,))

    def begins(_text: str) -> bool:
        time.sleep(next(pauses, 0.0))
        return True

    return begins


def _context(profile: str, home: Path, clock: FastClock) -> Context:
    settings = config.load(
        None, [f"models.profile={profile}", f"llm.reply_tokens={REPLY_TOKENS}", "memory.rest_hours=1"]
    )
    models = Path(os.environ.get("DIGITAL_LIFE_MODELS", Path.home() / ".cache" / "digital-life" / "models"))
    return Context(settings, home, models, clock, words.load("en"), debug=False)


async def _question(voice: TextToSpeech, language: Language, text: str) -> Question:
    sound = await material.synthesise(voice, text, language)
    return Question(text, language, (np.clip(sound, -1, 1) * 32767).astype(np.int16).tobytes())


async def _open_model(context: Context, worker: Worker) -> LlamaCpp:
    settings, file = context.settings.llm, app.choose_models(context).language_model
    if file is None:
        raise RuntimeError("no server is set, and yet no model")
    return await LlamaCpp.open(file, worker=worker, settings=settings, kept_in=context.home / copies.READ)


async def _open_recogniser(context: Context, worker: Worker) -> Whisper:
    settings = context.settings
    return await Whisper.open(
        app.choose_models(context).speech_to_text,
        worker=worker,
        settings=settings.speech_to_text,
        languages=settings.conversation.languages,
    )
