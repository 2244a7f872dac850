"""`digital-life care check | lines`: what a sentence would be taken for, and whom to call."""

from __future__ import annotations

import argparse
import json
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digital_life.care.helplines import Line
    from digital_life.context import Context
    from digital_life.values import Concern
    from digital_life.words import Words


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("care", help=words.text("help.care"))
    parts = parser.add_subparsers(metavar="WHAT", required=True)
    check = parts.add_parser("check", help=words.text("help.care-check"))
    check.add_argument("text", metavar="TEXT", help=words.text("help.care-text"))
    check.add_argument("--json", action="store_true", help=words.text("help.care-json"))
    check.set_defaults(run=_check)
    parts.add_parser("lines", help=words.text("help.care-lines")).set_defaults(run=_lines)


def _check(options: argparse.Namespace, context: Context) -> int:
    from digital_life import caring

    concern = caring.checked(context.models, options.text)
    if options.json:
        print(json.dumps(as_table(concern), ensure_ascii=False))
    else:
        _show(concern, context.words)
    return 0


def as_table(concern: Concern) -> dict[str, object]:
    """As JSON holds it: each reason is the name of a rule and the words that it knew."""
    reasons = [f"{each.name}: {each.words}" for each in concern.signs]
    return {"level": concern.level, "reasons": reasons, "version": concern.version}


def _show(concern: Concern, words: Words) -> None:
    print(words.text(f"care.check.level-{concern.level}"))
    for each in concern.signs:
        print(words.text("care.check.reason", name=each.name, level=each.level, words=each.words))
    print(words.text("care.check.version", version=concern.version))


def _lines(options: argparse.Namespace, context: Context) -> int:  # noqa: ARG001 - all are called alike
    from digital_life.care import helplines

    words, language = context.words, context.words.language
    for code, region in helplines.load().items():
        print(words.text("care.lines.heading", region=code, emergency=region.emergency[language]))
        for line in region.lines:
            _show_line(line, words)
    now = helplines.region(context.settings.care.region, helplines.locale_of(os.environ), language)
    print(words.text("care.lines.region-of", region=now))
    return 0


def _show_line(line: Line, words: Words) -> None:
    language = words.language
    print(words.text("care.lines.line", number=line.number, name=line.name[language], hours=line.hours[language]))
    if line.checked:
        print(words.text("care.lines.checked", source=line.source, date=line.checked.isoformat()))
    else:
        print(words.text("care.lines.unchecked", source=line.source))
