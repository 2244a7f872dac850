"""`digital-life memory …`: look into the memory, correct it, forget."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from digital_life.commands import looking, sealed
from digital_life.errors import MemoryFileError, UsageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from digital_life.context import Context
    from digital_life.memory.life import Life
    from digital_life.memory.records import ConceptKind, Sentence
    from digital_life.values import Person, Recall
    from digital_life.words import Words

FOUND = 10
"""Lines of a search."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("memory", help=words.text("help.memory"))
    parts = parser.add_subparsers(metavar="WHAT", required=True)
    show = parts.add_parser("show", help=words.text("help.memory-show"))
    show.add_argument("what", nargs="?", choices=("self", "user", "summary", "notes"))
    show.add_argument("--person", metavar="NAME", help=words.text("help.memory-person"))
    show.set_defaults(run=_with_life(_show))
    for name in ("search", "recall"):
        search = parts.add_parser(name, help=words.text(f"help.memory-{name}"))
        search.add_argument("text", metavar="TEXT")
        search.add_argument("--json", action="store_true", help=words.text("help.json"))
        search.add_argument("--person", metavar="NAME", help=words.text("help.memory-person"))
        search.set_defaults(run=_with_life(_search))
    edit = parts.add_parser("edit", help=words.text("help.memory-edit"))
    edit.add_argument("what", choices=("self", "user"))
    edit.set_defaults(run=_with_life(_edit))
    forget = parts.add_parser("forget", help=words.text("help.memory-forget"))
    forget.add_argument("query", nargs="?", default="", metavar="QUERY")
    whose = forget.add_mutually_exclusive_group()
    whose.add_argument("--person", metavar="NAME", help=words.text("help.memory-forget-person"))
    whose.add_argument("--guests", action="store_true", help=words.text("help.memory-forget-guests"))
    forget.add_argument("--yes", action="store_true", help=words.text("help.yes"))
    forget.set_defaults(run=_with_life(_forget))
    facts = parts.add_parser("facts", help=words.text("help.memory-facts"))
    facts.add_argument("question", nargs="?", default="", metavar="QUESTION")
    facts.add_argument("--json", action="store_true", help=words.text("help.json"))
    facts.add_argument("--person", metavar="NAME", help=words.text("help.memory-person"))
    facts.set_defaults(run=_with_life(looking.facts))
    explain = parts.add_parser("explain", help=words.text("help.memory-explain"))
    explain.add_argument("question", metavar="QUESTION")
    explain.add_argument("--json", action="store_true", help=words.text("help.json"))
    explain.set_defaults(run=_with_life(looking.explain))
    plot = parts.add_parser("plot", help=words.text("help.memory-plot"))
    plot.add_argument("--out", type=Path, required=True, metavar="FILE.png", help=words.text("help.memory-plot-out"))
    plot.add_argument("--days", type=int, metavar="N", help=words.text("help.memory-plot-days"))
    plot.set_defaults(run=_with_life(looking.plot))
    parts.add_parser("stats", help=words.text("help.memory-stats")).set_defaults(run=_with_life(_stats))
    summarize = parts.add_parser("summarize", help=words.text("help.memory-summarize"))
    summarize.add_argument("file", type=Path, metavar="MEMORY.json")
    summarize.set_defaults(run=_summarize)
    sealed.add_parsers(parts, words)


def _with_life(
    job: Callable[[argparse.Namespace, Context, Life], Awaitable[int]],
) -> Callable[[argparse.Namespace, Context], int]:
    async def work(options: argparse.Namespace, context: Context) -> int:
        from digital_life import app

        async with app.open_life(context) as life:
            return await job(options, context, life)

    return lambda options, context: asyncio.run(work(options, context))


async def _show(options: argparse.Namespace, context: Context, life: Life) -> int:
    text = context.words.text
    life = life.of(await named(options.person, context, life)) if options.person else life
    if options.what == "notes" and not life.own_notes:
        print(text("memory.no-notes"))
        return 0
    held: dict[str, tuple[Sentence, ...]] = {
        "self": await _sentences(life, "self"),
        "user": await _sentences(life, "user"),
        "summary": await life.summary(),
    }
    if life.own_notes:
        held[life.own_notes] = tuple(each.sentence for each in await life.notes(life.own_notes))
    wanted = life.own_notes if options.what == "notes" else options.what
    for what, sentences in held.items():
        if wanted not in {None, what}:
            continue
        print(text(f"memory.{what}"))
        for each in sentences:
            print("  " + text("memory.sentence", text=each.text, sources=", ".join(map(str, each.sources)) or "-"))
        if not sentences:
            print("  " + text("memory.none"))
    return 0


async def _sentences(life: Life, kind: ConceptKind) -> tuple[Sentence, ...]:
    concept = await life.concept(kind)
    return concept.sentences if concept else ()


async def _search(options: argparse.Namespace, context: Context, life: Life) -> int:
    seen = life.of(await named(options.person, context, life)) if options.person else life
    found = (await seen.search(options.text))[:FOUND]
    told = await life.told_by((each.kind, each.ref) for each in found)
    for each, people in zip(found, told, strict=True):
        print(json.dumps(_table(each, people), ensure_ascii=False) if options.json else _line(each, people, context))
    if not found and not options.json:
        print(context.words.text("memory.nothing"))
    return 0


async def named(name: str, context: Context, life: Life) -> Person:
    """Whom it remembers by this name, or the user. Raises UsageError."""
    from digital_life.values import GUEST, USER

    if name.casefold() in {each.user.casefold() for each in context.settings.cast}:
        return USER
    people = [each for each in await life.people() if each != GUEST]
    found = next((each for each in people if each.casefold() == name.casefold()), None)
    if found is None:
        raise UsageError("memory-person-unknown", name=name, names=", ".join(people) or "-")
    return found


def _called(people: Sequence[Person], context: Context) -> str:
    """Whose something is; empty: the user's."""
    from digital_life.values import GUEST, USER

    text = context.words.text
    names = [text("memory.guest") if each == GUEST else each or text("memory.you") for each in people]
    return "" if list(people) == [USER] or not people else text("memory.whose", names=", ".join(names))


def _line(each: Recall, people: Sequence[Person], context: Context) -> str:
    kind = context.words.text(f"memory.kind-{each.kind}")
    text = _called(people, context) + " ".join(each.text.split())
    return context.words.text(
        "memory.found", score=f"{each.score:.2f}", when=f"{each.when:%Y-%m-%d %H:%M}", kind=kind, id=each.ref, text=text
    )


def _table(each: Recall, people: Sequence[Person]) -> dict[str, object]:
    found = {"kind": each.kind, "id": each.ref, "date": each.when.isoformat(), "score": each.score, "text": each.text}
    return {**found, "people": list(people)}


async def _edit(options: argparse.Namespace, context: Context, life: Life) -> int:
    concept = await life.concept(options.what)
    before = "\n".join(each.text for each in concept.sentences) if concept else ""
    after = _edited(before) if sys.stdin.isatty() else sys.stdin.read()
    sentences = [line.strip() for line in after.splitlines() if line.strip()]
    if sentences == before.splitlines():
        print(context.words.text("memory.unchanged"))
        return 0
    await life.set_concept(options.what, sentences)
    print(context.words.text("memory.changed", count=len(sentences)))
    return 0


def _edited(text: str) -> str:
    """What the person's editor leaves, a sentence a line."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "concept.txt"
        file.write_text(text, encoding="utf-8")
        subprocess.run([os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi", str(file)], check=True)
        return file.read_text(encoding="utf-8")


async def _forget(options: argparse.Namespace, context: Context, life: Life) -> int:
    from digital_life.memory.wishes import about, is_yes

    text = context.words.text
    person = await _forgotten(options, context, life)
    if person is None and not options.query:
        raise UsageError("memory-forget-what")
    if person is None:
        turns = await about(life, options.query)
    elif options.query:
        turns = await about(life.of(person), options.query)
    else:
        turns = await life.said_by(person)
    if not turns and (options.query or person is None):
        print(text("memory.nothing"))
        return 1
    print(text("memory.would-forget"))
    for each in turns:
        heard = _called([each.person], context) + each.heard
        print("  " + text("memory.turn", when=f"{each.began:%Y-%m-%d %H:%M}", heard=heard, said=each.said))
    if not options.yes:
        print(text("memory.really"), end=" ", flush=True)
        if not is_yes(await asyncio.to_thread(sys.stdin.readline), context.words.language):
            print(text("memory.kept"))
            return 1
    if person is None or options.query:
        await life.forget([each.id for each in turns])
    else:
        await life.forget_person(person)
    print(text("memory.forgotten", count=len(turns)))
    aside = life.files_put_aside()
    if aside:
        print(text("memory.aside", files=" ".join(map(str, aside))))
    return 0


async def _forgotten(options: argparse.Namespace, context: Context, life: Life) -> Person | None:
    """Of whom something is to be forgotten; None: of whomever. Raises UsageError."""
    from digital_life.values import GUEST, USER

    if options.guests:
        return GUEST
    person = await named(options.person, context, life) if options.person else None
    if person == USER and not options.query:
        raise UsageError("memory-forget-user")
    return person


async def _stats(options: argparse.Namespace, context: Context, life: Life) -> int:  # noqa: ARG001 - all are called alike
    stats = await life.stats()
    print(
        context.words.text(
            "memory.stats",
            turns=stats.turns,
            conversations=stats.conversations,
            diaries=stats.diaries,
            began=f"{stats.began:%Y-%m-%d}" if stats.began else "-",
            size=f"{stats.bytes / 1e6:.1f}",
        )
    )
    return 0


def _summarize(options: argparse.Namespace, context: Context) -> int:
    return asyncio.run(_summarize_file(options.file, context))


async def _summarize_file(file: Path, context: Context) -> int:
    from digital_life import app
    from digital_life.memory import archive, foreign, portraits

    table = archive.json_of(file)
    if not foreign.users(table):
        raise MemoryFileError("archive-foreign", path=file)

    def done(name: str, day: str) -> None:
        print(context.words.text("memory.summarized", name=name, day=day), flush=True)

    async with app.open_writer(context) as writer:
        try:
            made = await portraits.summarise(table, writer, done=done)
        except (foreign.NotKnownError, KeyError, TypeError, ValueError) as error:
            raise MemoryFileError("archive-foreign", path=file) from error
    archive.write_json(made, file)
    return 0


def passphrase(words: Words, *, twice: bool) -> str:
    """From the person, or from the environment where nobody sits at the terminal. Raises UsageError."""
    import getpass

    given = os.environ.get("DIGITAL_LIFE_PASSPHRASE", "")
    if given:
        return given
    if not sys.stdin.isatty():
        raise UsageError("no-passphrase")
    typed = getpass.getpass(words.text("carry.passphrase") + " ")
    if not typed or (twice and typed != getpass.getpass(words.text("carry.passphrase-again") + " ")):
        raise UsageError("passphrase-differs")
    return typed
