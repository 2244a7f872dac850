"""`digital-life people list | add | remove | test`: whose voices are known."""

from __future__ import annotations

import argparse
import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from digital_life.errors import PeopleError, UsageError
from digital_life.values import RATE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from digital_life.context import Context
    from digital_life.people.file import PeopleFile
    from digital_life.people.voices import VoicePrint
    from digital_life.ports import SpeakerEmbedding
    from digital_life.words import Words

LONGEST_NAME = 40
"""Characters."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("people", help=words.text("help.people"))
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    actions.add_parser("list", help=words.text("help.people-list")).set_defaults(run=run, action=_list)
    add = actions.add_parser("add", help=words.text("help.people-add"))
    add.add_argument("name", metavar="NAME", help=words.text("help.people-add-name"))
    add.add_argument("files", nargs="*", type=Path, metavar="FILE", help=words.text("help.people-add-files"))
    add.set_defaults(run=run, action=_add)
    remove = actions.add_parser("remove", help=words.text("help.people-remove"))
    remove.add_argument("name", metavar="NAME", help=words.text("help.people-add-name"))
    remove.set_defaults(run=run, action=_remove)
    test = actions.add_parser("test", help=words.text("help.people-test"))
    test.add_argument("files", nargs="+", type=Path, metavar="FILE", help=words.text("help.listen-files"))
    test.set_defaults(run=run, action=_test)


def run(options: argparse.Namespace, context: Context) -> int:
    from digital_life.people.file import PeopleFile

    action: Callable[[argparse.Namespace, Context, PeopleFile], int] = options.action
    return action(options, context, PeopleFile(context.home, context.seal()))


def _list(_options: argparse.Namespace, context: Context, file: PeopleFile) -> int:
    from digital_life.backends.campplus import NAME

    text, known = context.words.text, file.prints()
    for each in known:
        old = "" if each.model == NAME else text("people.list-old")
        day = context.words.day(each.enrolled)
        print(text("people.list", name=each.name, sentences=len(each.vectors), day=day, old=old))
    if not known:
        print(text("people.list-none"))
    return 0


def _add(options: argparse.Namespace, context: Context, file: PeopleFile) -> int:
    from digital_life import acquaintance
    from digital_life.people.voices import VoicePrint, spread

    name = " ".join(options.name.split())
    if not any(map(str.isalpha, name)) or len(name) > LONGEST_NAME:
        raise UsageError("people-name", name=options.name)
    embedding = acquaintance.load_embedding(context)
    others = _of_others(name, embedding, file)
    if options.files:
        vectors = tuple(_learnt(name, options.files, embedding, others, context))
    else:
        vectors = asyncio.run(_recorded(name, embedding, others, context))
    file.keep(VoicePrint(name, embedding.name, context.clock.now(), vectors))
    text = context.words.text
    print(text("people.added", name=name, sentences=len(vectors), spread=f"{spread(vectors):.2f}"))
    if not context.settings.people.enabled:
        print(text("people.added-off"))
    return 0


def _of_others(name: str, embedding: SpeakerEmbedding, file: PeopleFile) -> tuple[VoicePrint, ...]:
    prints = (each for each in file.prints() if each.model == embedding.name)
    return tuple(each for each in prints if each.name.casefold() != name.casefold())


def _learnt(
    name: str, files: list[Path], embedding: SpeakerEmbedding, others: tuple[VoicePrint, ...], context: Context
) -> Iterator[bytes]:
    """A vector for each recording. Raises RecordingError, and PeopleError for one that cannot be used."""
    from digital_life.people.enrolling import ALIKE, LEAST_S, is_same_voice
    from digital_life.people.voices import centre, likeness, recognise

    vectors: list[bytes] = []
    for path in files:
        pcm = _sound(path)
        if (seconds := embedding.seconds(pcm)) < LEAST_S:
            raise PeopleError("people-too-short", file=path, seconds=f"{seconds:.1f}", needed=LEAST_S)
        vector = embedding.embed(pcm)
        other = recognise(vector, others, threshold=context.settings.people.threshold).name
        if other:
            raise PeopleError("people-other", file=path, other=other, name=name)
        if not is_same_voice(vectors, vector):
            found = f"{likeness(centre(vectors), vector):.2f}"
            raise PeopleError("people-apart", file=path, likeness=found, needed=ALIKE, name=name)
        vectors.append(vector)
        yield vector


async def _recorded(
    name: str, embedding: SpeakerEmbedding, others: tuple[VoicePrint, ...], context: Context
) -> tuple[bytes, ...]:
    """Three sentences from the microphone, each asked for again while it cannot be used. Raises PeopleError."""
    from digital_life import acquaintance
    from digital_life.people.enrolling import Enrolment, step
    from digital_life.people.voices import recognise
    from digital_life.values import Speaker, Transcript

    words, state = context.words, Enrolment("sentence", name)
    asked = 0
    while True:
        wanted = words.texts("people.sentences")[asked]
        say = words.text("people.say-now", sentence=wanted)
        pcm = await acquaintance.hear_sentence(context, ready=partial(print, say, flush=True))
        seconds = embedding.seconds(pcm)
        vector = embedding.embed(pcm) if seconds >= 1 else b""
        other = recognise(vector, others, threshold=context.settings.people.threshold).name if vector else ""
        print(words.text("people.heard-now", seconds=f"{seconds:.1f}"))
        heard = Transcript("", words.language, 1.0, speaker=Speaker(other, 0.0, vector, seconds))
        after = step(state, heard, known=(), user="", name_of=str)
        if after and after.learnt:
            return after.learnt
        if after is None or after.state is None:
            raise PeopleError("people-unheard", name=name)
        if after.state.failed:
            print(words.text(f"people.{after.says}", **after.values, sentence=wanted))
        state, asked = after.state, after.sentence or 0


def _remove(options: argparse.Namespace, context: Context, file: PeopleFile) -> int:
    if not file.remove(options.name):
        raise PeopleError("people-unknown", name=options.name)
    print(context.words.text("people.removed", name=options.name))
    return 0


def _test(options: argparse.Namespace, context: Context, file: PeopleFile) -> int:
    from digital_life import acquaintance
    from digital_life.people.recognition import LEAST_S
    from digital_life.people.voices import recognise

    embedding, text = acquaintance.load_embedding(context), context.words.text
    prints = tuple(each for each in file.prints() if each.model == embedding.name)
    needed = context.settings.people.threshold
    for path in options.files:
        pcm = _sound(path)
        seconds = embedding.seconds(pcm)
        if seconds < LEAST_S:
            print(text("people.tested-short", file=path, seconds=f"{seconds:.1f}"))
            continue
        found = recognise(embedding.embed(pcm), prints, threshold=needed)
        name, score = found.name or text("people.tested-nobody"), f"{found.score:.2f}"
        print(text("people.tested", file=path, name=name, score=score, needed=needed, seconds=f"{seconds:.1f}"))
    return 0


def _sound(path: Path) -> bytes:
    """Raises RecordingError."""
    import numpy as np

    from digital_life.backends.wavfile import open_recording, read

    sound = np.clip(read(open_recording(path), RATE), -1, 1)
    return (sound * 32767).astype("<i2").tobytes()
