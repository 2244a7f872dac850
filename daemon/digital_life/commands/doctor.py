"""`digital-life doctor`: what is installed, how fast it is, what is wrong; and the sound set right."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digital_life.context import Context
    from digital_life.finding import Finding
    from digital_life.words import Words


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("doctor", help=words.text("help.doctor"))
    parser.add_argument("--json", action="store_true", help=words.text("help.json"))
    jobs = parser.add_mutually_exclusive_group()
    jobs.add_argument("--calibrate", action="store_true", help=words.text("help.doctor-calibrate"))
    jobs.add_argument(
        "--echo-cancel", nargs="?", choices=("on", "off"), const="on", help=words.text("help.doctor-echo-cancel")
    )
    parser.add_argument("--yes", action="store_true", help=words.text("help.yes"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    """Status 0 when all is well, 1 when something keeps it from working."""
    if options.echo_cancel:
        return _echo_cancel(context, on=options.echo_cancel == "on", ask=not options.yes)
    if options.calibrate:
        from digital_life import soundcheck

        print(context.words.text("soundcheck.notice"), file=sys.stderr)
        return _show(asyncio.run(soundcheck.check(context)), options, context)
    from digital_life import examination

    return _show(asyncio.run(examination.examine(context)), options, context)


def _show(findings: list[Finding], options: argparse.Namespace, context: Context) -> int:
    for finding in findings:
        if options.json:
            print(json.dumps(dataclasses.asdict(finding), ensure_ascii=False))
        else:
            mark = context.words.text(f"doctor.mark-{finding.health}")
            advice = f"\n      -> {finding.advice}" if finding.advice else ""
            print(f"{mark} {finding.part}: {finding.found}{advice}")
    return 1 if any(finding.health == "broken" for finding in findings) else 0


def _echo_cancel(context: Context, *, on: bool, ask: bool) -> int:
    """Set the system's canceller up, or undo it; the next sound check tells whether ours may give way to it."""
    import platformdirs

    from digital_life import calibration
    from digital_life.backends import soundserver

    text = context.words.text
    plan = soundserver.plan(soundserver.running(), platformdirs.user_config_path(), on=on)
    if plan.steps:
        print(text("echo-cancel.plan-on" if on else "echo-cancel.plan-off", server=plan.server))
        print("\n".join(f"  {step}" for step in plan.steps))
        if ask and not _agreed(context.words):
            print(text("echo-cancel.unchanged"))
            return 1
        soundserver.carry_out(plan)
        calibration.forget(context.home)
    if plan.steps and plan.afterwards:
        print(text("echo-cancel.restart", commands=plan.afterwards))
    print(text("echo-cancel.on" if on else "echo-cancel.off"))
    return 0


def _agreed(words: Words) -> bool:
    from digital_life.memory.wishes import is_yes

    print(words.text("echo-cancel.really"), end=" ", flush=True)
    return is_yes(sys.stdin.readline(), words.language)
