"""`digital-life memory seal`, `unseal`, `rekey`: what it remembers is encrypted where it lies, or not."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from digital_life.errors import UsageError

if TYPE_CHECKING:
    from digital_life.context import Context
    from digital_life.memory.resealing import Resealed
    from digital_life.seal import Seal
    from digital_life.words import Words


def add_parsers(parts: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    seal = parts.add_parser("seal", help=words.text("help.memory-seal"))
    seal.add_argument("--show-key", action="store_true", help=words.text("help.memory-show-key"))
    seal.set_defaults(run=_seal)
    parts.add_parser("unseal", help=words.text("help.memory-unseal")).set_defaults(run=_unseal)
    rekey = parts.add_parser("rekey", help=words.text("help.memory-rekey"))
    rekey.add_argument("file", type=Path, metavar="FILE", help=words.text("help.memory-rekey-file"))
    rekey.add_argument("--show-key", action="store_true", help=words.text("help.memory-show-key"))
    rekey.set_defaults(run=_rekey)


def _seal(options: argparse.Namespace, context: Context) -> int:
    from digital_life.memory.cipher import is_sealed
    from digital_life.memory.copies import LIFE

    written, text = context.settings.memory.key_file, context.words.text
    if not written:
        raise UsageError("seal-no-file", home=context.home)
    if is_sealed(context.home / LIFE):
        context.seal()  # raises where the key is not there: a new one would open nothing
    key, is_new = _key(written, context)
    done = _resealed(context, key, key)
    if done.done:
        print(text("sealed.done", count=len(done.done), path=key.path))
        print(text("sealed.before"))
    else:
        print(text("sealed.nothing", path=key.path))
    _tell_left(done, context)
    _tell_key(key, context, is_new=is_new, shown=options.show_key)
    return 0


def _unseal(_options: argparse.Namespace, context: Context) -> int:
    done = _resealed(context, context.seal(), None)
    print(context.words.text("sealed.opened", count=len(done.done)))
    _tell_left(done, context)
    return 0


def _rekey(options: argparse.Namespace, context: Context) -> int:
    former = context.seal()
    if former is None:
        raise UsageError("rekey-plain")
    key, is_new = _key(str(options.file), context)
    if key.secret == former.secret:
        raise UsageError("rekey-same", path=key.path)
    done = _resealed(context, former, key)
    print(context.words.text("sealed.changed", path=key.path))
    _tell_left(done, context)
    _tell_key(key, context, is_new=is_new, shown=options.show_key)
    return 0


def _key(written: str, context: Context) -> tuple[Seal, bool]:
    """That of the file, or a new one in it; and whether it is new. Raises UsageError, MemoryFileError."""
    from digital_life import seal
    from digital_life.secretfile import path_of

    path = path_of(written)
    if path.resolve().is_relative_to(context.home.resolve()):
        raise UsageError("seal-in-home", path=path, home=context.home)
    if path.exists():
        return seal.read_file(path), False
    if seal.is_made_elsewhere(written):
        raise UsageError("seal-elsewhere")
    key = seal.made(path)
    print(context.words.text("sealed.made", path=path))
    return key, True


def _resealed(context: Context, former: Seal | None, to: Seal | None) -> Resealed:
    from digital_life.memory.copies import used
    from digital_life.memory.resealing import reseal

    with used(context.home, alone=True):
        return reseal(context.home, seal=former, to=to)


def _tell_left(done: Resealed, context: Context) -> None:
    if done.left:
        print(context.words.text("sealed.left", files=" ".join(str(context.home / each) for each in done.left)))


def _tell_key(key: Seal, context: Context, *, is_new: bool, shown: bool) -> None:
    """It is never shown where nobody asked for it: what a terminal shows may be kept."""
    from digital_life.memory.wishes import is_yes

    text = context.words.text
    print(text("sealed.lose"))
    if is_new and not shown and sys.stdin.isatty():
        print(text("sealed.ask"), end=" ", flush=True)
        shown = is_yes(sys.stdin.readline(), context.words.language)
    if shown:
        print(text("sealed.key", secret=key.secret))
