"""Care, put together: rules, resemblance, what is kept, and who is told."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from digital_life import words
from digital_life.backends import resembling
from digital_life.backends.contact import contact
from digital_life.backends.e5 import E5
from digital_life.backends.meanings import gently
from digital_life.care import helplines, signs
from digital_life.care import resemblance as known
from digital_life.care.care import Care
from digital_life.care.resemblance import Resemblance
from digital_life.care.telling import Telling, message
from digital_life.context import Context
from digital_life.memory.carefile import CareFile
from digital_life.memory.life import Life
from digital_life.ports import Meanings
from digital_life.values import Concern


@asynccontextmanager
async def open_care(context: Context, life: Life) -> AsyncGenerator[Care]:
    """Signs of a crisis are noticed, and who was chosen beforehand is told of grave ones.

    The first look at what was said compiles the rules, 1 s: `ready` does it beforehand.
    """
    concerns, resembles = CareFile(life), Resembling(life)
    care = await Care.open(
        settings=context.settings.care,
        concerns=concerns,
        clock=context.clock,
        locale=helplines.locale_of(os.environ),
        telling=_telling(context, concerns),
        resembles=resembles.concern,
    )
    async with asyncio.TaskGroup() as tasks:
        learning = tasks.create_task(resembles.learn(context.models), name="care.learn")
        telling = tasks.create_task(care.run(), name="care.telling")
        try:
            yield care
        finally:
            learning.cancel()
            telling.cancel()


async def ready() -> None:
    """Return when the rules are compiled. On a thread: the ears may be open already."""
    await asyncio.to_thread(signs.look, "")


class Resembling:
    """What resembles the known lines; nothing does before they are learned."""

    def __init__(self, source: Meanings) -> None:
        self._source = source
        self._learned: Resemblance | None = None

    async def learn(self, models: Path) -> None:
        """As it was kept in the folder of the models; else it takes a minute, and is kept."""
        self._learned = await asyncio.to_thread(_kept, models) or await learn(models, self._source)

    async def concern(self, text: str) -> Concern:
        """Raises MemoryFileError."""
        if self._learned is None:
            return Concern(0, (), known.VERSION)
        (meaning,) = await self._source.meanings([text])
        return self._learned.concern(meaning)


async def learn(models: Path, source: Meanings) -> Resemblance:
    """From the known lines, and kept for the next start. Raises MemoryFileError."""
    lines = known.lines()
    meanings = await gently(source, [each.text for each in lines])
    learned = await asyncio.to_thread(Resemblance.learned, lines, meanings)
    resembling.save(models / resembling.FILE, _key(), meanings, learned.regression.weights)
    return learned


def is_learned(models: Path) -> bool:
    return resembling.load(models / resembling.FILE, _key()) is not None


def checked(models: Path, text: str) -> Concern:
    """What a sentence would be taken for, resemblance included where it was learned before."""
    concern = signs.look(text)
    learned = None if concern.level else _kept(models)
    return known.together(concern, learned.concern(E5().query(text))) if learned else concern


def _kept(models: Path) -> Resemblance | None:
    kept = resembling.load(models / resembling.FILE, _key())
    return Resemblance.of(known.lines(), *kept) if kept else None


def _key() -> str:
    return resembling.key(E5.name, known.VERSION, [each.text for each in known.lines()])


def _telling(context: Context, concerns: CareFile) -> Telling | None:
    """None where nobody was chosen. Raises ConfigError for a mail address without a mail server."""
    settings, persona = context.settings.care, context.settings.persona
    if not settings.contact:
        return None
    text = words.load(persona.language)
    subject = text.text("care.contact.subject", user=persona.user or text.text("care.contact.user"))
    return Telling(
        contact(settings.contact, settings.mail, subject=subject),
        concerns=concerns,
        clock=context.clock,
        text=message(name=settings.contact_name, user=persona.user, language=persona.language),
        from_level=settings.contact_from_level,
    )
