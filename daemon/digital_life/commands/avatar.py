"""`digital-life avatar list | install | use | remove`: who is shown while it speaks."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from digital_life import avatars
from digital_life.avatars import OWN
from digital_life.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from digital_life.avatars import Avatar, Catalogue, Licence
    from digital_life.backends.avatars import Avatars
    from digital_life.context import Context
    from digital_life.words import Words


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("avatar", help=words.text("help.avatar"))
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    actions.add_parser("list", help=words.text("help.avatar-list")).set_defaults(run=run, action=_list)
    install = actions.add_parser("install", help=words.text("help.avatar-install"))
    install.add_argument("what", metavar="NAME-or-FOLDER", help=words.text("help.avatar-install-what"))
    install.add_argument("--name", metavar="NAME", help=words.text("help.avatar-install-name"))
    install.add_argument("--accept", action="store_true", help=words.text("help.avatar-install-accept"))
    install.set_defaults(run=run, action=_install)
    use = actions.add_parser("use", help=words.text("help.avatar-use"))
    use.add_argument("name", metavar="NAME", help=words.text("help.avatar-name", own=OWN))
    use.set_defaults(run=run, action=_use)
    remove = actions.add_parser("remove", help=words.text("help.avatar-remove"))
    remove.add_argument("name", metavar="NAME", help=words.text("help.avatar-name", own=OWN))
    remove.set_defaults(run=run, action=_remove)


def run(options: argparse.Namespace, context: Context) -> int:
    from digital_life.backends.avatars import Avatars

    action: Callable[[argparse.Namespace, Context, Avatars], int] = options.action
    return action(options, context, Avatars(context.home))


def _list(_options: argparse.Namespace, context: Context, kept: Avatars) -> int:
    text, chosen, installed = context.words.text, kept.chosen or OWN, kept.names()
    known = [each.name for each in avatars.load().avatars]
    for name in dict.fromkeys((OWN, *installed, *known)):
        state = "own" if name == OWN else "installed" if name in installed else "available"
        print(f"{'*' if name == chosen else ' '} {name}  {text(f'avatars.{state}')}")
    return 0


def _install(options: argparse.Namespace, context: Context, kept: Avatars) -> int:
    from digital_life.backends.avatars import Installer
    from digital_life.backends.download import open_client
    from digital_life.backends.progress import Meter

    catalogue = avatars.load()
    avatar = catalogue.find(options.what)
    main = Path() if avatar else _main_file(Path(options.what).expanduser(), catalogue)
    name = avatar.name if avatar else options.name or main.name.split(".")[0]
    if not _accepted(options, context, _licences(catalogue, avatar, main)):
        print(context.words.text("avatars.refused"))
        return 1
    with open_client() as client:
        installer = Installer(kept, catalogue, client, Meter(context.words))
        if avatar:
            installer.fetch(avatar)
        else:
            installer.take(main, name=name)
    kept.choose(name)
    print(context.words.text("avatars.done", name=name))
    return 0


def _licences(catalogue: Catalogue, avatar: Avatar | None, main: Path) -> tuple[Licence, ...]:
    """Of all that would be fetched."""
    generation = avatar.generation if avatar else avatars.generation_of(main.name)
    runtime = catalogue.runtime_of(generation) if generation else ()
    return catalogue.licences_of(*runtime, *((avatar.package,) if avatar else ()))


def _main_file(path: Path, catalogue: Catalogue) -> Path:
    from digital_life.backends.avatars import main_files

    if not path.exists():
        raise UsageError("avatar-unknown", name=path, names=", ".join(each.name for each in catalogue.avatars))
    found = main_files(path)
    if not found:
        raise UsageError("avatar-no-model", path=path)
    if len(found) > 1:
        raise UsageError("avatar-several", path=path, files=", ".join(str(each) for each in found))
    return found[0]


def _accepted(options: argparse.Namespace, context: Context, licences: Iterable[Licence]) -> bool:
    """Show what it comes under, and ask. Nothing is fetched before."""
    from digital_life.memory.wishes import is_yes

    text = context.words.text
    print(text("avatars.licences"))
    for each in licences:
        print(f"  {each.name}\n    {each.holder}: {each.terms}\n    {each.link}")
    if options.accept:
        return True
    print(text("avatars.accept"), end=" ", flush=True)
    return is_yes(sys.stdin.readline(), context.words.language)


def _use(options: argparse.Namespace, context: Context, kept: Avatars) -> int:
    kept.choose("" if options.name == OWN else options.name)
    print(context.words.text("avatars.used", name=options.name))
    return 0


def _remove(options: argparse.Namespace, context: Context, kept: Avatars) -> int:
    kept.remove(options.name)
    print(context.words.text("avatars.removed", name=options.name))
    return 0
