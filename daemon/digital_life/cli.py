"""The command line: global options, the commands, and how errors end."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import platformdirs

from digital_life import calibration, config, log, private, words
from digital_life.clock import SystemClock
from digital_life.commands import (
    agenda,
    avatar,
    backup,
    care,
    carry,
    chat,
    devices,
    diary,
    doctor,
    listen,
    memory,
    models,
    mqtt,
    mute,
    people,
    persona,
    read,
    rooms,
    run,
    say,
    service,
    upgrade,
    wake,
    web,
)
from digital_life.commands import config as config_command
from digital_life.context import Context
from digital_life.errors import ConfigError, DigitalLifeError, UsageError
from digital_life.service import is_journal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digital_life.values import Language

COMMANDS = (
    run,
    listen,
    say,
    chat,
    mute,
    persona,
    people,
    avatar,
    agenda,
    memory,
    diary,
    read,
    care,
    carry,
    backup,
    upgrade,
    devices,
    rooms,
    doctor,
    models,
    wake,
    mqtt,
    web,
    service,
    config_command,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; an error is one line and an exit status."""
    language = _language_of(os.environ)
    debug = False
    private.from_now_on()
    try:
        options = _parser(words.load(language)).parse_args(arguments)
        debug = options.debug
        context = _context(options)
        language = context.words.language
        status: int = options.run(options, context)
    except DigitalLifeError as error:
        if debug:
            raise
        print(f"digital-life: {error.sentence(language)}", file=sys.stderr)
        return error.exit_status
    except BrokenPipeError:  # `digital-life … | head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return status


class _Parser(argparse.ArgumentParser):
    """Misuse is an error like any other."""

    def error(self, message: str) -> NoReturn:
        raise UsageError("usage", cause=message, program=self.prog)


class _Version(argparse.Action):
    """Tells it and leaves. Looked up only when it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, *, help: str) -> None:  # noqa: A002 - argparse's name
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_told: object) -> NoReturn:
        from importlib import metadata  # noqa: PLC0415 - asked for hardly ever

        print(f"digital-life {metadata.version('digital-life')}")
        parser.exit()


def _parser(text: words.Words) -> argparse.ArgumentParser:
    parser = _Parser(prog="digital-life", description=text.text("help.digital-life"))
    parser.add_argument("--config", type=Path, metavar="F", help=text.text("help.--config", name=config.FILE))
    parser.add_argument("--home", type=Path, default=_default_home(), metavar="DIR", help=text.text("help.--home"))
    parser.add_argument(
        "--models", type=Path, default=_default_models(), metavar="DIR", help=text.text("help.--models")
    )
    parser.add_argument("--set", action="append", default=[], metavar="key=value", help=text.text("help.--set"))
    parser.add_argument("--now", type=_moment, metavar="ISO-TIME", help=text.text("help.--now"))
    parser.add_argument("--debug", action="store_true", help=text.text("help.--debug"))
    parser.add_argument("--version", action=_Version, help=text.text("help.--version"))
    commands = parser.add_subparsers(title=text.text("help.commands"), metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_parser(commands, text)
    return parser


def _context(options: argparse.Namespace) -> Context:
    private.close(options.home)
    in_home = options.home / config.FILE
    file = options.config or (in_home if in_home.exists() else None)
    settings = _settings(options, file)
    return Context(
        settings=settings,
        home=options.home,
        models=options.models,
        clock=SystemClock(options.now),
        words=words.load(settings.persona.language if _says_language(options, file) else _language_of(os.environ)),
        debug=options.debug,
        settings_file=file,
        changes=tuple(options.set),
    )


def _settings(options: argparse.Namespace, file: Path | None) -> config.Settings:
    """What the user says, and beneath it what the sound check measured here, as far as it can be used."""
    settings = config.load(file, options.set)
    log.configure(settings.logging.level, under_systemd=is_journal(sys.stderr))
    try:
        return config.load(file, options.set, under=calibration.load(options.home, settings.audio))
    except ConfigError as error:
        log.log.warning("%s", error.sentence(_language_of(os.environ)))
    return settings


def _says_language(options: argparse.Namespace, file: Path | None) -> bool:
    """Whether the person chose a language, rather than leaving it to the machine."""
    return file is not None or any(change.startswith("persona.language") for change in options.set)


def _language_of(environment: Mapping[str, str]) -> Language:
    """The language of the person's machine, as far as it is spoken here."""
    name = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""
    return "zh" if name.lower().startswith("zh") else "en"


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError("now", text=text) from error


def _default_home() -> Path:
    return Path(os.environ.get("DIGITAL_LIFE_HOME") or platformdirs.user_data_dir("digital-life"))


def _default_models() -> Path:
    return Path(os.environ.get("DIGITAL_LIFE_MODELS") or Path(platformdirs.user_cache_dir("digital-life")) / "models")


if __name__ == "__main__":
    sys.exit(main())
