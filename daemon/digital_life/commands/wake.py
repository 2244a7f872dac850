"""`digital-life wake train NAME --phrase TEXT`: a wake word of the person's own."""

from __future__ import annotations

import argparse
import dataclasses
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from digital_life.catalogue import Store, load_catalogue
from digital_life.commands import models
from digital_life.errors import ModelError, UsageError
from digital_life.proven import State
from digital_life.values import RATE, Language

if TYPE_CHECKING:
    from digital_life.backends.head import Head
    from digital_life.context import Context
    from digital_life.training.measures import Measured
    from digital_life.training.recipe import Effort, Told
    from digital_life.training.sounds import Sound
    from digital_life.words import Words

NAME = re.compile(r"[\w-]+")
SOUNDS = ("*.wav", "*.flac")
SEED = 1
"""The same phrase with the same voices gives the same wake word."""
STEPS = 4
"""Lines of progress a stage."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("wake", help=words.text("help.wake"))
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    train = actions.add_parser("train", help=words.text("help.wake-train"))
    train.add_argument("name", metavar="NAME", help=words.text("help.wake-train-name"))
    train.add_argument("--phrase", metavar="TEXT", required=True, help=words.text("help.wake-train-phrase"))
    train.add_argument("--language", choices=get_args(Language), help=words.text("help.wake-train-language"))
    train.add_argument("--recordings", type=Path, metavar="DIR", help=words.text("help.wake-train-recordings"))
    train.add_argument("--noise", type=Path, metavar="DIR", help=words.text("help.wake-train-noise"))
    train.add_argument("--json", action="store_true", help=words.text("help.json"))
    train.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    from digital_life.training.recipe import Effort

    store = Store(context.models, load_catalogue())
    _require_right(options, store)
    began = context.clock.monotonic()
    head, measured = _train(options, context, store, Effort())
    path = keep(options.name, head, store)
    took = context.clock.monotonic() - began
    if options.json:
        found = dataclasses.asdict(measured) | {"alarms_an_hour": measured.alarms_an_hour}
        print(json.dumps({"model": options.name, "path": str(path), "seconds": round(took)} | found))
    else:
        _print(options, measured, took, context.words)
    return 0


def _require_right(options: argparse.Namespace, store: Store) -> None:
    """Raise what would only be found after minutes of work."""
    if not NAME.fullmatch(options.name):
        raise UsageError("wake-name", name=options.name)
    if not any(character.isalpha() for character in options.phrase):
        raise UsageError("wake-phrase")
    if any(model.name == options.name for model in store.catalogue.models):
        raise ModelError("model-name-taken", name=options.name)


def _train(options: argparse.Namespace, context: Context, store: Store, effort: Effort) -> tuple[Head, Measured]:
    import numpy as np

    from digital_life.backends import head
    from digital_life.backends.openwakeword import Features
    from digital_life.backends.speakers import open_speakers
    from digital_life.training import recipe, texts

    rng = np.random.default_rng(SEED)
    phrase = options.phrase.strip()
    language = options.language or texts.language_of(phrase)
    recordings, noises = _recordings(options.recordings), _recordings(options.noise)
    features = Features(store.folder / _features(store))
    speakers = open_speakers(language, pipers=_voices(store, "piper", language), kokoros=_voices(store, "kokoro", None))
    if not any(speaker.natural for speaker in speakers):
        print(context.words.text("wake.computed"), file=sys.stderr)
    speaking = _told("wake.speaking", context.words, voices=len(speakers))
    said = recipe.speak(speakers, phrase, language, rng, effort, speaking) + recipe.own(recordings)
    around = recipe.noises(rng) + noises
    listening = _told("wake.listening", context.words)
    made = recipe.train(said, around, features.of, head.fit, rng, effort, listening)
    print(context.words.text("wake.measuring"), file=sys.stderr)
    return made, recipe.measure(made, said, around, features.of)


def _voices(store: Store, engine: str, language: Language | None) -> list[Path]:
    """The folders of the installed voices of this engine; of any language, where None."""
    return [
        store.path(model, model.files[0]).parent
        for model in store.models
        if model.engine == engine
        and (language is None or language in model.languages)
        and store.state(model) is State.READY
    ]


def _features(store: Store) -> str:
    return next(model.name for model in store.models if model.role == "wake-features")


def _recordings(folder: Path | None) -> list[Sound]:
    """Every recording in `folder`, 16 kHz mono. Raises RecordingError, UsageError when there is none."""
    from digital_life.backends.wavfile import open_recording, read

    if folder is None:
        return []
    paths = sorted(path for pattern in SOUNDS for path in folder.glob(pattern))
    if not paths:
        raise UsageError("wake-no-recordings", path=folder)
    return [read(open_recording(path), RATE) for path in paths]


def keep(name: str, head: Head, store: Store) -> Path:
    """Write the head into the models folder, and have it known there."""
    from digital_life.backends.head import write

    path = store.folder / name / f"{name}.onnx"
    write(head, path)
    store.add(models.local(argparse.Namespace(role="wake-word", language=None), path))
    return path


def _told(key: str, words: Words, **values: object) -> Told:
    """Say at every quarter how far it is."""
    last = -1

    def told(share: float) -> None:
        nonlocal last
        if int(share * STEPS) > last:
            last = int(share * STEPS)
            print(words.text(key, share=round(100 * share), **values), file=sys.stderr)

    return told


def _print(options: argparse.Namespace, measured: Measured, took: float, words: Words) -> None:
    print(
        words.text(
            "wake.missed",
            quiet=f"{measured.missed_quiet:.0f}",
            noise=f"{measured.missed_noise:.0f}",
            examples=measured.examples,
        )
    )
    if measured.missed_own is not None:
        print(words.text("wake.missed-own", own=f"{measured.missed_own:.0f}"))
    print(words.text("wake.alarms", alarms=f"{measured.alarms_an_hour:.1f}", minutes=round(measured.hours * 60)))
    print(words.text("wake.took", seconds=round(took)))
    phrase, threshold = options.phrase.strip(), f"{measured.threshold:.2f}"
    print(words.text("wake.use", name=options.name, threshold=threshold, phrase=phrase))
