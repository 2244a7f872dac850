"""`digital-life say TEXT`: speak a text, or write the sound to a file."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from digital_life.errors import UsageError
from digital_life.talking.speaking import Speaking
from digital_life.talking.spoken.languages import language_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from digital_life.context import Context
    from digital_life.words import Words


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("say", help=words.text("help.say"))
    parser.add_argument("text", metavar="TEXT")
    parser.add_argument("--persona", metavar="NAME", help=words.text("help.say-persona"))
    parser.add_argument("--out", type=Path, metavar="F.wav", help=words.text("help.say-out"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    if not options.text.strip():
        raise UsageError("nothing-to-say")
    return asyncio.run(_say(options, context))


async def _say(options: argparse.Namespace, context: Context) -> int:
    from digital_life import app
    from digital_life.backends.wavfile import WavLoudspeaker
    from digital_life.personas import named, wanted

    persona = named(options.persona, context) if options.persona else wanted(context)
    language = language_of(options.text, persona.language)
    async with AsyncExitStack() as parts:
        voice = await parts.enter_async_context(app.open_voice(context, persona))
        if options.out:
            loudspeaker = WavLoudspeaker(options.out.parent, realtime=False, clock=context.clock)
            loudspeaker.begin(options.out.stem)
            await Speaking(voice=voice, loudspeaker=loudspeaker).say(_once(options.text), language)
            loudspeaker.finish()
        else:
            aloud = await parts.enter_async_context(app.open_loudspeaker(context))
            await Speaking(voice=voice, loudspeaker=aloud).say(_once(options.text), language)
    return 0


async def _once(text: str) -> AsyncGenerator[str]:
    yield text
