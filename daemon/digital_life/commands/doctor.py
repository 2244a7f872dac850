"""`digital-life doctor`: what is installed, how fast it is, what is wrong and what to type."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digital_life.context import Context
    from digital_life.words import Words


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("doctor", help=words.text("help.doctor"))
    parser.add_argument("--json", action="store_true", help=words.text("help.json"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    """Status 0 when all is well, 1 when something keeps it from working."""
    from digital_life import examination

    findings = asyncio.run(examination.examine(context))
    for finding in findings:
        if options.json:
            print(json.dumps(dataclasses.asdict(finding), ensure_ascii=False))
        else:
            mark = context.words.text(f"doctor.mark-{finding.health}")
            advice = f"\n      -> {finding.advice}" if finding.advice else ""
            print(f"{mark} {finding.part}: {finding.found}{advice}")
    return 1 if any(finding.health is examination.Health.BROKEN for finding in findings) else 0
