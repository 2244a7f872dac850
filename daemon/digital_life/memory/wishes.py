"""Wishes about the memory itself: "forget what I just said", "read me your diary of Tuesday"."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from digital_life import words
from digital_life.errors import MemoryFileError
from digital_life.memory import dates
from digital_life.memory.records import ConceptKind
from digital_life.memory.sentences import extract
from digital_life.memory.terms import telling
from digital_life.tool import Pending
from digital_life.values import Granted, Language, Transcript

if TYPE_CHECKING:
    from collections.abc import Collection

    from digital_life.memory.life import Life
    from digital_life.memory.records import Diary, PastTurn
    from digital_life.values import Recall
    from digital_life.words import Words

log = logging.getLogger(__name__)

TOLD = 3
"""Memories that are told aloud."""
ABOUT = 0.45
"""Score of what a person means who asks for it by name: less than what comes to mind unasked needs."""
KINDS = (
    "forget-conversation",
    "forget-last",
    "forget-about",
    "about-me",
    "about-you",
    "remember-about",
    "read-diary",
    "good-night",
)
"""Tried in this order."""

_Grant = Callable[["MemoryWishes", "Life", str, Transcript], Awaitable[Granted]]
"""Of the life as it is seen by who wishes."""


def understood(text: str, language: Language) -> tuple[str, str] | None:
    """Its kind and what it is about; None when it is an ordinary thing to say."""
    for kind in KINDS:
        found = words.load(language).match(f"wishes.{kind}", text)
        if found:
            return kind, (found.groupdict().get("what") or "").strip(words.AROUND)
    return None


def is_yes(text: str, language: Language) -> bool:
    return words.load(language).match("wishes.yes", text) is not None


class MemoryWishes:
    """Grants the wishes; what is to be forgotten is shown and asked for once."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._asked: Pending[Collection[int]] = Pending(personal=True)
        """Turns that will be forgotten after a yes."""

    def concern(self, wish: Transcript) -> bool:
        return self._asked.waits(wish) or understood(wish.text, wish.language) is not None

    async def grant(self, wish: Transcript) -> Granted | None:
        text = words.load(wish.language)
        asked = self._asked.take(wish)
        try:
            if asked:
                return await self._answered(asked, agreed=is_yes(wish.text, wish.language), text=text)
            known = understood(wish.text, wish.language)
            life = self._life.of(wish.person)
            return await self._GRANTS[known[0]](self, life, known[1], wish) if known else None
        except MemoryFileError as error:
            log.warning("%s", error)
            return None

    async def forget(self, what: str, wish: Transcript) -> Granted:
        """What would be forgotten; a yes to it does it. Raises MemoryFileError."""
        return await self._forget_about(self._life.of(wish.person), what, wish)

    async def _answered(self, asked: Collection[int], *, agreed: bool, text: Words) -> Granted:
        if not agreed:
            return Granted(text.text("wishes.kept"))
        await self._life.forget(asked)
        return Granted(text.text("wishes.forgotten"))

    async def _forget_last(self, life: Life, _what: str, wish: Transcript) -> Granted:
        last = await life.last_turn(wish.room)
        return self._ask([last] if last else [], wish)

    async def _forget_about(self, life: Life, what: str, wish: Transcript) -> Granted:
        return self._ask(await about(life, what), wish)

    def _ask(self, turns: list[PastTurn], wish: Transcript) -> Granted:
        text = words.load(wish.language)
        if not turns:
            return Granted(text.text("wishes.nothing-to-forget"), remembered=False)
        self._asked.ask([each.id for each in turns], wish)
        what = f"“{extract(turns[0].heard, turns[0].language)}”"
        key = "wishes.forget-ask" if len(turns) == 1 else "wishes.forget-ask-many"
        return Granted(text.text(key, what=what, count=len(turns)), remembered=False)

    async def _forget_conversation(self, life: Life, _what: str, wish: Transcript) -> Granted:
        await life.leave_nothing()
        return Granted(words.load(wish.language).text("wishes.conversation-forgotten"), remembered=False)

    async def _remember_about(self, life: Life, what: str, wish: Transcript) -> Granted:
        text = words.load(wish.language)
        found = [each for each in await life.search(what) if each.score >= ABOUT][:TOLD]
        if not found:
            return Granted(text.text("wishes.remember-nothing"))
        return Granted(text.text("wishes.remember", what=" ".join(_told(each, text) for each in found)))

    async def _about_me(self, life: Life, _what: str, wish: Transcript) -> Granted:
        return await _concept(life, "user", "wishes.you-are", "wishes.you-unknown", words.load(wish.language))

    async def _about_you(self, life: Life, _what: str, wish: Transcript) -> Granted:
        return await _concept(life, "self", "wishes.i-am", "wishes.i-unknown", words.load(wish.language))

    async def _read_diary(self, life: Life, what: str, wish: Transcript) -> Granted:
        text = words.load(wish.language)
        span = dates.find(what, life.today().date())
        pages = await life.diaries(span) if span or not what or what in {"last", "latest"} else []
        chosen = pages if span else pages[-1:]
        if not chosen:
            return Granted(text.text("wishes.no-diary"))
        return Granted(" ".join(_read(page, text) for page in chosen))

    async def _good_night(self, life: Life, _what: str, wish: Transcript) -> Granted:
        await life.end_conversation()
        return Granted(words.load(wish.language).text("wishes.night"), remembered=False)

    _GRANTS: ClassVar[dict[str, _Grant]] = {
        "forget-last": _forget_last,
        "forget-about": _forget_about,
        "forget-conversation": _forget_conversation,
        "remember-about": _remember_about,
        "about-me": _about_me,
        "about-you": _about_you,
        "read-diary": _read_diary,
        "good-night": _good_night,
    }


async def about(life: Life, what: str) -> list[PastTurn]:
    """The turns that a person means who wants this forgotten. Raises MemoryFileError."""
    span = dates.find(what, life.today().date())
    found = [each.hit for each in await life.look_for(what) if each.score >= ABOUT]
    numbers = {each.ref for each in found if each.kind == "turn"}
    for each in found:
        page = await life.diary(each.ref) if each.kind == "diary" else None
        numbers |= _turns_about(page, what) if page else set()
    turns = await life.turns(numbers)
    return [each for each in turns if span is None or each.began.date() in span]


def _turns_about(page: Diary, what: str) -> set[int]:
    asked = telling(what).keys()
    return {turn for each in page.sentences if asked & telling(each.text).keys() for turn in each.sources}


def _told(found: Recall, text: Words) -> str:
    key = "wishes.on-day" if found.kind == "turn" else "wishes.in-diary"
    return text.text(key, day=text.day(found.when), text=" ".join(found.text.split()))


def _read(page: Diary, text: Words) -> str:
    said = " ".join(each.text for each in page.sentences)
    return text.text("wishes.diary", day=text.day(page.began), title=page.title, text=said)


async def _concept(life: Life, kind: ConceptKind, known: str, unknown: str, text: Words) -> Granted:
    concept = await life.concept(kind)
    if not concept or not concept.sentences:
        return Granted(text.text(unknown))
    return Granted(text.text(known, what=" ".join(each.text for each in concept.sentences)))
