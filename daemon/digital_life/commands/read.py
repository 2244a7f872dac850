"""`digital-life read FILE`: what each page of a long text says, an answer about it, or the text aloud."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from digital_life.errors import TextError
from digital_life.talking.speaking import Speaking
from digital_life.talking.spoken.languages import language_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from digital_life.context import Context
    from digital_life.memory.reading import Answer, Reading
    from digital_life.words import Words


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("read", help=words.text("help.read"))
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--ask", metavar="QUESTION", help=words.text("help.read-ask"))
    parser.add_argument("--one-by-one", action="store_true", help=words.text("help.read-one-by-one"))
    parser.add_argument("--aloud", action="store_true", help=words.text("help.read-aloud"))
    parser.add_argument("--json", action="store_true", help=words.text("help.json"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    from digital_life.backends.documents import text_of
    from digital_life.memory.pages import pieces_of

    text = text_of(options.file)
    if options.ask:
        return asyncio.run(_ask(options, context, text))
    if options.aloud:
        asyncio.run(_aloud(context, [f"{each.text}\n" for each in pieces_of(text)]))
        return 0
    return asyncio.run(_digest(options, context, text))


async def _digest(options: argparse.Namespace, context: Context, text: str) -> int:
    from digital_life import app

    async with app.open_reading(context, text) as reading:
        number = 0
        async for _ in reading.pages():
            number += 1
            page = _page(reading, number)
            print(json.dumps(page, ensure_ascii=False) if options.json else context.words.text("reading.page", **page))
            _progress(reading, context)
    return 0


async def _ask(options: argparse.Namespace, context: Context, text: str) -> int:
    from digital_life import app

    async with app.open_reading(context, text) as reading:
        if reading.done < 1:
            async for _ in reading.pages():
                _progress(reading, context)
        answer = await reading.ask(options.ask, one_by_one=options.one_by_one)
        if not answer.text:
            raise TextError("text-answer-failed")
        print(_answered(answer, reading, context, as_json=options.json), flush=True)
    if options.aloud:
        await _aloud(context, [answer.text])
    return 0


def _answered(answer: Answer, reading: Reading, context: Context, *, as_json: bool) -> str:
    pages = [_page(reading, number) for number in answer.pages]
    if as_json:
        return json.dumps({"answer": answer.text, "pages": pages}, ensure_ascii=False)
    text = context.words.text
    places = text("reading.and").join(text("reading.place", **page) for page in pages)
    return f"{answer.text}\n{text('reading.found', pages=places)}"


def _page(reading: Reading, number: int) -> dict[str, object]:
    first, last = reading.lines(number)
    return {"page": number, "first": first, "last": last, "gist": reading.read[number - 1].gist}


def _progress(reading: Reading, context: Context) -> None:
    line = context.words.text("reading.progress", page=len(reading.read), share=round(100 * reading.done))
    print(line, file=sys.stderr, flush=True)


async def _aloud(context: Context, paragraphs: Sequence[str]) -> None:
    from digital_life import app
    from digital_life.personas import wanted

    persona = wanted(context)
    language = language_of("".join(paragraphs), persona.language)
    async with app.open_voice(context, persona) as voice, app.open_loudspeaker(context) as loudspeaker:
        await Speaking(voice=voice, loudspeaker=loudspeaker).say(_each(paragraphs), language)


async def _each(paragraphs: Sequence[str]) -> AsyncGenerator[str]:
    for each in paragraphs:
        yield each
