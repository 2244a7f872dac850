"""`scripts/bench llm`: how fast the language model is loaded, reads and writes, and what that costs."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import ParamSpec, TypeVar

import msgspec

from benches import report, thinking
from benches.figures import Figure, spread
from benches.thinking import Started, Subject
from digital_life import app, config, words
from digital_life.clock import SystemClock
from digital_life.context import Context
from digital_life.errors import ConfigError, DigitalLifeError

P = ParamSpec("P")
T = TypeVar("T")

CACHES = ("f16", "q8_0", "q4_0")
"""Each with flash attention, which the last two need."""
DRAFT = 4
"""Tokens guessed ahead, where the settings do not say."""


def main() -> int:
    options = parser().parse_args()
    try:
        subject = subject_of(options)
    except DigitalLifeError as error:
        print(f"bench: {error}", file=sys.stderr)
        return error.exit_status
    figures = measure(subject, quick=options.quick)
    report.show(figures, title=f"llm: {subject.file}", as_json=options.json)
    return int(options.check and not all(figure.within for figure in figures))


def parser() -> argparse.ArgumentParser:
    options = report.parser("llm")
    options.add_argument("--model", type=Path, metavar="FILE", help="any GGUF file; else the profile's")
    options.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="a setting, as in llm.gpu_layers=-1"
    )
    return options


def subject_of(options: argparse.Namespace) -> Subject:
    """The model and the settings that are asked for. Raises ConfigError, ModelError."""
    settings = config.load(None, [f"models.profile={options.profile}", *options.set])
    if options.model:
        return Subject(options.model, settings.llm)
    context = Context(
        settings=settings,
        home=Path(),
        models=Path(os.environ["DIGITAL_LIFE_MODELS"]),
        clock=SystemClock(),
        words=words.load("en"),
        debug=False,
    )
    model = app.choose_models(context).language_model
    if model is None:
        raise ConfigError("config-set", change="llm.server.local")
    return Subject(model, settings.llm)


def measure(subject: Subject, *, quick: bool) -> list[Figure]:
    starts: list[tuple[Started, Started]] = []
    for n in range(1 if quick else 3):
        progress(f"start {n + 1}, and again with what was kept")
        with tempfile.TemporaryDirectory() as name:
            first = fresh(thinking.start, subject, Path(name))
            starts.append((first, fresh(thinking.start, subject, Path(name))))
    figures = _starts(starts)
    progress("reading and writing")
    read = fresh(thinking.speeds, subject, 3 if quick else 6)
    figures += [
        spread("reading", read.reading, "tokens/s"),
        spread("writing", read.writing, "tokens/s"),
        Figure("resident memory", read.memory, "MB"),
        *([Figure("memory of the graphics processor", read.gpu_memory, "MB")] if read.gpu_memory else []),
    ]
    return figures if quick else [*figures, *_variants(subject), *_drafts(subject)]


def _starts(starts: Sequence[tuple[Started, Started]]) -> list[Figure]:
    """Of the first start of a life, and of the next one."""
    first, again = zip(*starts, strict=True)
    tokens = f"{first[0].tokens} tokens"
    return [
        spread("loading", [each.load_s for each in (*first, *again)], "s"),
        spread("first token, cold", [each.first_token_s * 1000 for each in first], "ms", note=tokens),
        spread("first token, after a restart", [each.first_token_s * 1000 for each in again], "ms"),
        spread("first token, warm", [ms for each in (*first, *again) for ms in each.warm_ms], "ms"),
    ]


def _variants(subject: Subject) -> list[Figure]:
    figures = []
    plain_mb = fresh(thinking.memory_mb, subject)
    for cache in CACHES:
        name = f"flash attention, cache {cache}"
        progress(name)
        settings = msgspec.structs.replace(subject.settings, flash_attention=True, cache=cache)
        other = replace(subject, settings=settings)
        reading, writing = fresh(thinking.compared, subject, other)
        more_mb = fresh(thinking.memory_mb, other) - plain_mb
        figures += [
            Figure(f"{name}: reading", reading, "", note="of the speed without"),
            Figure(f"{name}: writing", writing, "", note="of the speed without"),
            Figure(f"{name}: memory", more_mb, "MB", note="more than without"),
        ]
    return figures


def _drafts(subject: Subject) -> list[Figure]:
    """What guessing ahead brings where something was recalled, and where not."""
    draft = subject.settings.draft or DRAFT
    figures = []
    for recalled in (True, False):
        name = f"draft of {draft}, {'with' if recalled else 'without'} a memory"
        progress(name)
        found = fresh(thinking.drafted, subject, draft, recalled=recalled)
        figures += [
            spread(f"{name}: writing", found.ratios, "", note="of the speed without, answer by answer"),
            Figure(f"{name}: in all", found.in_all, "", note="of the speed without, all answers together"),
        ]
    return figures


def fresh(job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do it in a process of its own: nothing is loaded, read or allocated yet."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(job, *args, **kwargs).result()


def progress(what: str) -> None:
    print(f"bench: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
