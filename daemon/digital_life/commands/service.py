"""`digital-life service install | uninstall | status`: started by systemd with the machine, or with the log-in."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digital_life.backends.systemctl import Systemctl
    from digital_life.context import Context
    from digital_life.units import Installation
    from digital_life.words import Words


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("service", help=words.text("help.service"))
    parts = parser.add_subparsers(metavar="WHAT", required=True)
    for name, run in (("install", _install), ("uninstall", _uninstall), ("status", _status)):
        part = parts.add_parser(name, help=words.text(f"help.service-{name}"))
        part.add_argument("--user", action="store_true", help=words.text("help.service-user"))
        part.set_defaults(run=run)


def _install(options: argparse.Namespace, context: Context) -> int:
    """Raises ServiceError; also where there is no model to start with."""
    from digital_life import app, units

    systemctl = _systemctl(user=options.user)
    _may_write(options)
    app.choose_models(context)
    installed = _installation(context)
    text = units.user_unit(installed, context.home.absolute()) if options.user else units.system_unit(installed)
    path = systemctl.install(units.NAME, text)
    home = context.home.absolute() if options.user else units.SYSTEM_HOME
    print(context.words.text("service.installed", path=path, home=home))
    print(context.words.text("service.linger" if options.user else "service.look"))
    return 0


def _uninstall(options: argparse.Namespace, context: Context) -> int:
    from digital_life import units

    systemctl = _systemctl(user=options.user)
    _may_write(options)
    gone = systemctl.uninstall(units.NAME)
    home = context.home.absolute() if options.user else units.SYSTEM_HOME
    print(context.words.text("service.uninstalled" if gone else "service.none", home=home))
    return 0


def _status(options: argparse.Namespace, context: Context) -> int:
    """Status 0 while it runs, 1 otherwise."""
    from digital_life import units

    found = _systemctl(user=options.user).show(units.NAME)
    text = context.words.text
    if not found.loaded:
        print(text("service.none"))
        return 1
    print(text(f"service.is-{found.active}", cause=found.result, process=found.process, restarts=found.restarts))
    if found.status and found.runs:
        print(text("service.says", status=found.status))
    elif found.active == "failed":
        print(text("service.limit" if found.result == "start-limit-hit" else "service.failed"))
    _tell_seal(context, Path(context.home if options.user else units.SYSTEM_HOME))
    return 0 if found.runs else 1


def _tell_seal(context: Context, home: Path) -> None:
    """Nothing where it may not be looked: the system's life is for nobody else."""
    from digital_life.memory import cipher
    from digital_life.memory.copies import LIFE

    if os.access(home / LIFE, os.R_OK):
        print(context.words.text("service.sealed" if cipher.is_sealed(home / LIFE) else "service.not-sealed"))


def _systemctl(*, user: bool) -> Systemctl:
    """Raises ServiceError where systemd is not."""
    from digital_life.backends import systemctl
    from digital_life.errors import ServiceError

    if not systemctl.is_there():
        raise ServiceError("service-no-systemd")
    return systemctl.manager(user=user)


def _may_write(options: argparse.Namespace) -> None:
    from digital_life.errors import ServiceError

    if not options.user and os.geteuid() != 0:
        raise ServiceError("service-root", program=Path(sys.argv[0]).absolute())


def _installation(context: Context) -> Installation:
    """Where what runs now lies. Raises ServiceError."""
    import digital_life
    from digital_life.units import Installation

    prefix = Path(sys.prefix)
    program = _program(prefix)
    source = Path(digital_life.__file__).parents[2]
    file = context.settings_file
    arguments = [part for change in context.changes for part in ("--set", change)]
    # One in the home folder is found there; the system's life has a home folder of its own.
    if file and file.parent != context.home:
        arguments = ["--config", str(file.absolute()), *arguments]
    return Installation(
        program=program,
        folders=(program, prefix, Path(sys.base_prefix), Path(sys.executable).resolve().parents[1], source),
        models=context.models.absolute(),
        arguments=tuple(arguments),
    )


def _program(prefix: Path) -> Path:
    """In the environment that runs, else where the shell finds it. Raises ServiceError."""
    from digital_life.errors import ServiceError

    here = prefix / "bin" / "digital-life"
    if here.exists():
        return here
    found = shutil.which("digital-life")
    if found is None:
        raise ServiceError("service-no-program", path=here)
    return Path(found).absolute()
