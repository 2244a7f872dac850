"""`digital-life chat`: talk with it by typing; the answers are written, not spoken."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from typing import TYPE_CHECKING

from digital_life.broadcast import Broadcast
from digital_life.commands.turns import as_table
from digital_life.talking.answering import Asked
from digital_life.talking.spoken.languages import language_of
from digital_life.values import State, Transcript

if TYPE_CHECKING:
    from digital_life.context import Context
    from digital_life.talking.answering import Answering
    from digital_life.words import Words


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("chat", help=words.text("help.chat"))
    parser.add_argument("--message", metavar="TEXT", help=words.text("help.chat-message"))
    parser.add_argument("--json", action="store_true", help=words.text("help.json"))
    parser.add_argument("--show-context", action="store_true", help=words.text("help.chat-show-context"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    return asyncio.run(_chat(options, context))


async def _chat(options: argparse.Namespace, context: Context) -> int:
    from digital_life import app

    show = _ignore if options.json else _show
    broadcast = Broadcast()
    async with app.open_chat(context, show, broadcast) as answering:
        if options.message is not None:
            await _answer(answering, options.message, options, context)
            return 0
        while (line := await _line(context)) is not None:
            if line.strip():
                broadcast.publish(State.THINKING)
                await _answer(answering, line.strip(), options, context)
                await answering.prepare()
                broadcast.publish(State.IDLE)
    return 0


async def _answer(answering: Answering, line: str, options: argparse.Namespace, context: Context) -> None:
    heard = Transcript(line, language_of(line, context.settings.persona.language), confidence=1.0)
    answering.begin()
    asked = Asked.typed(heard, context.clock.monotonic())
    turn = await answering.answer(asked, started=lambda: None)
    if options.json:
        print(json.dumps(as_table(turn), ensure_ascii=False), flush=True)
    else:
        print(flush=True)
    if options.show_context:
        _show_context(answering, context)


def _show_context(answering: Answering, context: Context) -> None:
    """What the model saw last, with the tokens of each message; on standard error, beside the talk."""
    text = context.words.text
    for message, tokens in answering.seen:
        print(text("chat.seen", role=message.role.value, tokens=tokens, text=message.text), file=sys.stderr)
    total = sum(tokens for _, tokens in answering.seen)
    print(text("chat.seen-all", tokens=total, room=context.settings.llm.context), file=sys.stderr, flush=True)


async def _line(context: Context) -> str | None:
    """The next typed line; None at the end."""
    prompt = f"{context.settings.persona.user or context.words.text('chat.you')}: " if sys.stdin.isatty() else ""
    try:
        return await asyncio.to_thread(input, prompt)
    except EOFError:
        return None


def _show(piece: str) -> None:
    print(piece, end="", flush=True)


def _ignore(_piece: str) -> None:
    pass
