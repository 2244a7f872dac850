"""`digital-life models list | fetch | verify | add`."""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from rich.console import Console
from rich.table import Table

from digital_life.catalogue import File, Model, Role, Source, Store, load_catalogue
from digital_life.errors import FetchError, UsageError
from digital_life.proven import State, sum_of
from digital_life.values import Language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from digital_life.catalogue import Need
    from digital_life.context import Context
    from digital_life.words import Words

ADDABLE: tuple[Role, ...] = ("language-model", "speech-to-text", "voice", "wake-word")
WHISPER_FILES = re.compile(
    r"(model\.bin|config\.json|preprocessor_config\.json|tokenizer\.json|vocabulary\.(json|txt))"
)
MEGABYTE = 1_000_000
WIDTH = 120
"""Columns of the list where no terminal says."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("models", help=words.text("help.models"))
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    actions.add_parser("list", help=words.text("help.models-list")).set_defaults(run=run, action=_list)
    fetch = actions.add_parser("fetch", help=words.text("help.models-fetch"))
    fetch.add_argument("names", nargs="*", metavar="NAME", help=words.text("help.models-fetch-name"))
    fetch.set_defaults(run=run, action=_fetch)
    actions.add_parser("verify", help=words.text("help.models-verify")).set_defaults(run=run, action=_verify)
    add = actions.add_parser("add", help=words.text("help.models-add"))
    add.add_argument("role", metavar="ROLE", choices=ADDABLE, help=", ".join(ADDABLE))
    add.add_argument("what", metavar="PATH-or-hub-reference", help=words.text("help.models-add-what"))
    add.add_argument("--language", choices=get_args(Language), help=words.text("help.models-add-language"))
    add.set_defaults(run=run, action=_add)


def run(options: argparse.Namespace, context: Context) -> int:
    action: Callable[[argparse.Namespace, Context, Store], int] = options.action
    return action(options, context, Store(context.models, load_catalogue()))


def _list(_options: argparse.Namespace, context: Context, store: Store) -> int:
    words = context.words
    table = Table(box=None, pad_edge=False, header_style="bold")
    name, *others = words.texts("models.headings")
    table.add_column(name, no_wrap=True)
    for heading in others:
        table.add_column(heading, overflow="fold")
    used = {model.name for need in _needs(context, store) for model in need.candidates}
    for model in store.models:
        table.add_row(
            model.name + (" *" if model.name in used else ""),
            model.role,
            " ".join(model.languages),
            f"{model.size / MEGABYTE:.0f} MB" if model.size else "",
            f"{model.memory_mb} MB" if model.memory_mb else "",
            model.licence,
            words.text(f"models.{store.state(model)}"),
        )
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    console.print(table)
    console.print(words.text("models.legend", why=store.profile(context.settings.models).why(words)), markup=False)
    return 0


def _fetch(options: argparse.Namespace, context: Context, store: Store) -> int:
    named = [store.find(name) for name in options.names]
    status = _fetched(named, context, store)
    if not named:
        _learn_examples(context)
    return status


def _learn_examples(context: Context) -> None:
    """What known lines mean, by which tools are chosen and crises noticed: found once, so that no talk waits for it."""
    # Imported here: a start at which nothing is missing must not wait for them.
    from digital_life import caring
    from digital_life.backends.e5 import E5
    from digital_life.backends.meanings import EXAMPLES, Embedded, KeptMeanings
    from digital_life.backends.progress import Meter
    from digital_life.tools.choosing import every_text

    file = context.models / EXAMPLES
    if file.exists() and caring.is_learned(context.models):
        return
    Meter(context.words).say("fetch.examples")
    source = Embedded(E5())
    asyncio.run(KeptMeanings(file, source, embedder=E5.name).meanings(every_text()))
    asyncio.run(caring.learn(context.models, source))


def _fetched(named: list[Model], context: Context, store: Store) -> int:
    needs = () if named else _needs(context, store)
    if all(store.state(model) is State.READY for model in named) and all(
        any(store.state(model) is State.READY for model in need.candidates) for need in needs
    ):
        return 0
    # Imported here: a start at which nothing is missing must not wait for them.
    from digital_life.backends.fetch import open_fetcher
    from digital_life.backends.progress import Meter

    meter = Meter(context.words)
    if not named:
        meter.say("models.why", why=store.profile(context.settings.models).why(context.words))
    try:
        with open_fetcher(store, meter) as fetcher:
            for model in named:
                fetcher.fetch(model)
            for need in needs:
                fetcher.satisfy(need)
    except KeyboardInterrupt:
        meter.say("fetch.interrupted")
        raise
    return 0


def _verify(_options: argparse.Namespace, context: Context, store: Store) -> int:
    damaged = False
    for model in store.models:
        state = store.state(model, again=True)
        if state is State.MISSING:
            continue
        damaged = damaged or state is State.DAMAGED
        print(context.words.text(f"models.verify-{state}", name=model.name))
    return int(damaged)


def _add(options: argparse.Namespace, context: Context, store: Store) -> int:
    path = Path(options.what).expanduser()
    model = local(options, path) if path.exists() else _on_hub(options)
    store.add(model)
    if not model.folder:
        options.names = [model.name]
        _fetch(options, context, store)
    print(context.words.text(f"models.added-{model.role}", name=model.name, language=" ".join(model.languages)))
    return 0


def local(options: argparse.Namespace, path: Path) -> Model:
    """The model in `path` that stays where it is; its sums are taken now. `options` tell its role and its language."""
    role: Role = options.role
    path = path.resolve()
    if path.is_dir() != (role == "speech-to-text"):
        raise UsageError("add-kind", role=role, path=path)
    names = _names_on_disk(path)
    _require(role, names, where=path)
    home = path if path.is_dir() else path.parent
    files = tuple(File(name=name, size=(home / name).stat().st_size, sha256=sum_of(home / name)) for name in names)
    name = path.name if path.is_dir() else path.stem
    return _model(options, name=name, files=files, folder=str(home))


def _names_on_disk(path: Path) -> list[str]:
    if path.is_dir():
        return sorted(each.name for each in path.iterdir() if WHISPER_FILES.fullmatch(each.name))
    beside = path.with_name(path.name + ".json")
    return [path.name, *([beside.name] if beside.exists() else [])]


def _on_hub(options: argparse.Namespace) -> Model:
    """A model of the hub, `owner/repository[/file][@revision]`, at the commit that this is now."""
    from digital_life.backends import hub
    from digital_life.backends.download import Unavailable, open_client

    reference, _, revision = options.what.partition("@")
    parts = reference.split("/", 2)
    if len(parts) < 2 or (len(parts) == 3) == (options.role == "speech-to-text"):
        raise UsageError("add-what", what=options.what, role=options.role)
    try:
        with open_client() as client:
            repository = hub.look_up(client, "/".join(parts[:2]), revision or "main")
    except Unavailable as error:
        raise FetchError("fetch-failed", names=options.what, cause=error) from error
    paths = _paths_in(repository.files, parts[2] if len(parts) == 3 else "")
    _require(options.role, [path.rpartition("/")[2] for path in paths], where=reference)
    files = tuple(
        File(
            name=path.rpartition("/")[2],
            sources=(Source(hub=repository.name, revision=repository.revision, file=path),),
        )
        for path in paths
    )
    return _model(options, name=Path(reference).stem if len(parts) == 3 else parts[1], files=files)


def _paths_in(files: Iterable[str], file: str) -> list[str]:
    if not file:
        return [path for path in files if WHISPER_FILES.fullmatch(path)]
    return [path for path in (file, f"{file}.json") if path in set(files)]


def _require(role: Role, names: list[str], *, where: object) -> None:
    """Raise UsageError unless the files are those of such a model."""
    first = names[0] if names else ""
    right, sentence = {
        "language-model": (first.endswith(".gguf"), "add-language-model"),
        "speech-to-text": ({"model.bin", "config.json"} <= set(names), "add-speech-to-text"),
        "voice": (first.endswith(".onnx") and len(names) == 2, "add-voice"),
        "wake-word": (first.endswith(".onnx"), "add-wake-word"),
    }[role]
    if not right:
        raise UsageError(sentence, where=where)


def _model(options: argparse.Namespace, *, name: str, files: tuple[File, ...], folder: str = "") -> Model:
    return Model(
        name=name,
        role=options.role,
        files=files,
        engine="piper" if options.role == "voice" else None,
        languages=_languages(options, name),
        folder=folder,
    )


def _languages(options: argparse.Namespace, name: str) -> tuple[Language, ...]:
    """As told; a voice that is not told has it at the head of its name, as in zh_CN-huayan-medium."""
    if options.language:
        return (options.language,)
    if options.role != "voice":
        return ()
    for language in get_args(Language):
        if name.startswith(language):
            return (language,)
    raise UsageError("add-language", name=name)


def _needs(context: Context, store: Store) -> tuple[Need, ...]:
    settings = context.settings
    shared = store.needs(
        settings.models,
        settings.conversation.languages,
        settings.wake,
        thinks_here=not settings.llm.server.alone,
        knows_voices=settings.people.enabled,
    )
    return (*shared, *(need for each in settings.personas for need in store.voices(each.voices)))
