"""The tool that has the home do something, and tells how it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Protocol

from digital_life import words
from digital_life.devices.entity import Attribute
from digital_life.devices.spoken import asking, changes, lexicon, naming, telling
from digital_life.devices.spoken.asking import Request, Verb
from digital_life.devices.spoken.meant import House, Meaning, is_plain, meant
from digital_life.devices.spoken.naming import Context, Plate
from digital_life.errors import MemoryFileError
from digital_life.kernel import vector
from digital_life.tool import Arguments, Outcome, Pending, Tool
from digital_life.values import GUEST

if TYPE_CHECKING:
    from digital_life.devices.control import Result
    from digital_life.devices.entity import Change, Condition, Entity
    from digital_life.ports import Clock, Meanings
    from digital_life.values import Language, Transcript

ASKED_S = 25.0
"""So long the answer to a question of ours is waited for."""
TALKED_S = 300.0
"""So long "it" means what was last spoken of."""
CAUSE = "voice"
_PAUSES = re.compile(r"[\s,，]+")
YES, NO, CHOICE = "yes", "no", "this"
"""What an answer does; no request does the same."""


class Commands(Protocol):
    """What a Control is."""

    @property
    def entities(self) -> tuple[Entity, ...]: ...

    @property
    def connected(self) -> bool: ...

    def condition(self, entity: Entity) -> Condition: ...

    def is_available(self, entity: Entity) -> bool: ...

    def needs_yes(self, entity: Entity, change: Change) -> bool: ...

    async def carry_out(self, wished: Sequence[tuple[Entity, Change]], *, cause: str) -> tuple[Result, ...]: ...


def tools(
    control: Commands | None, *, meanings: Meanings, clock: Clock, sound: Callable[[str], str], here: str = ""
) -> tuple[Tool, ...]:
    """`control` is None where there is no broker; `sound`: how Chinese is pronounced.

    `here`: how the room is called where this machine stands; empty: nobody said.
    """
    home = DeviceTools(control, meanings, clock, sound, here=here)
    return (
        Tool.of(home.device, read=home.read, guess=home.guess, awaits=home.awaited, claims=home.claims, guests=True),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of ours."""

    at: float
    """Monotonic seconds."""
    wished: tuple[tuple[Entity, Change], ...] = ()
    """What a yes would do."""
    request: Request | None = None
    """What shall be done to the one that is chosen of `unclear`."""
    unclear: tuple[Entity, ...] = ()
    passed_over: str = ""
    """What was said instead of an answer; nothing of it is done then."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was spoken of last."""

    at: float
    """Monotonic seconds."""
    entities: tuple[Entity, ...]
    request: Request | None
    """None: nothing was asked of it, but a yes given."""


def _may_answer(asked: Asked, heard: Transcript) -> bool:
    """A guest says no yes to what needs one, whoever wished it."""
    return heard.person != GUEST or not asked.wished


class DeviceTools:
    def __init__(
        self,
        control: Commands | None,
        meanings: Meanings,
        clock: Clock,
        sound: Callable[[str], str],
        *,
        here: str = "",
    ) -> None:
        self._control = control
        self._meanings = meanings
        self._clock = clock
        self._sound = sound
        self._plates: dict[str, Plate] = {}
        """By id; names are read once."""
        self._here = here
        self.asked: Pending[Asked] = Pending()
        self.spoken: dict[str, Spoken] = {}
        """In each room."""

    def read(self, heard: Transcript) -> Arguments | None:
        """What shall be done and to what, for whoever looks at the call; the words themselves are read when it runs."""
        return _arguments(self._requests(heard.text, heard), heard)

    def guess(self, heard: Transcript) -> Arguments:
        """Where nothing shows."""
        return {"name": heard.text, "action": "ask"}

    def claims(self, heard: Transcript) -> Arguments | None:
        """The call, where all of it is of things that are here just now."""
        if self._control is None or not self._control.entities:
            return None
        requests = self._requests(heard.text, heard)
        context = self._context(heard)
        house = self._house(self._control)
        meanings = [meant(each, house, context) for each in requests]
        if not meanings or not all(is_plain(each, context=context) for each in meanings):
            return None
        return _arguments(requests, heard)

    def awaited(self, heard: Transcript) -> Arguments | None:
        """The answer to a question of ours. Anything else that is said ends it, and nothing is done."""
        asked = self.asked.of(heard)
        if asked is None or heard.remote or self._clock.monotonic() - asked.at > ASKED_S:
            return None
        said = lexicon.plain(heard.text).strip(words.AROUND)
        # The beginning of an utterance is looked at before its end is heard: "well", "well, yes".
        if asked.passed_over and not said.startswith(asked.passed_over):
            return None
        answer = self._answer(asked, said, heard.language) if _may_answer(asked, heard) else None
        if answer is None and not words.load(heard.language).match("home-sense.noise", said):
            self.asked.ask(replace(asked, passed_over=asked.passed_over or said), heard)
        return None if answer is None else {"name": heard.text, "action": answer}

    async def device(
        self,
        heard: Transcript,
        *,
        name: Annotated[str, "which device, and where it is"],
        action: Annotated[str, "on, off, open, close, up, down, ask, or a value"],
    ) -> Outcome:
        """Switch, set or ask a device of the home: lights, heating, blinds, plugs, doors, scenes."""
        text = words.load(heard.language)
        if self._control is None or not self._control.entities:
            return Outcome(said=text.text("devices.none"))
        if not heard.remote:  # what is written elsewhere neither answers a question of the house nor ends it
            asked = self.asked.take(heard)
            if asked and action in (YES, NO, CHOICE) and _may_answer(asked, heard):
                return Outcome(said=await self._after(asked, action, heard, self._control))
        requests = self._requests(heard.text, heard) or self._requests(f"{action} {name}", heard)
        meanings = await self._meant(requests, self._control, self._context(heard))
        return Outcome(said=await self._done(meanings, heard, self._control))

    # What is meant.

    def _requests(self, said: str, heard: Transcript) -> tuple[Request, ...]:
        known = self._known(self._control.entities) if self._control else ()
        found = asking.read(said, heard.language, names=naming.names(known), sound=self._sound)
        return tuple(self._again(each, heard) if each.again else each for each in found)

    def _again(self, request: Request, heard: Transcript) -> Request:
        """What was asked last, of something else: "what about the bedroom?"."""
        spoken = self._spoken_of(heard)
        before = spoken.request if spoken else None
        if before is None:
            return replace(request, asks=True, again=False)
        mentions = tuple(
            each if each.things or not before.mentions else replace(each, things=before.mentions[0].things)
            for each in request.mentions
        )
        return replace(before, mentions=mentions, besides=request.besides, every=request.every, refers=False)

    def _known(self, entities: tuple[Entity, ...]) -> tuple[Plate, ...]:
        before, self._plates = self._plates, {}
        for each in entities:
            known = before.get(each.id)
            self._plates[each.id] = known if known and known.entity is each else naming.plate(each)
        return tuple(self._plates.values())

    def _house(self, control: Commands) -> House:
        return House(self._known(control.entities), control.condition)

    def _context(self, heard: Transcript) -> Context:
        spoken = self._spoken_of(heard)
        here = "" if heard.remote else heard.room or self._here
        return Context(spoken.entities if spoken else (), here=naming.room_of(here))

    def _spoken_of(self, heard: Transcript) -> Spoken | None:
        """What "it" is where this was said."""
        spoken = self.spoken.get(heard.room)
        return spoken if spoken and self._clock.monotonic() - spoken.at <= TALKED_S else None

    async def _meant(self, requests: Sequence[Request], control: Commands, context: Context) -> list[Meaning]:
        house = self._house(control)
        found = [meant(each, house, context) for each in requests]
        if all(each.is_found or each.unable or each.refused for each in found):
            return found
        likely = [await self._likened(each, house, context, control) for each in requests]
        return [each if each.is_found or each.unable else other for each, other in zip(found, likely, strict=True)]

    async def _likened(self, request: Request, house: House, context: Context, control: Commands) -> Meaning:
        """Once more, with what their names mean; nothing that needs a yes is commanded for a mere likeness."""
        if not request.mentions:
            return meant(request, house, context)
        titles = [each.entity.title for each in house.plates]
        try:
            said, *others = await self._meanings.meanings([request.mentions[0].text, *titles])
        except MemoryFileError:
            return meant(request, house, context)
        sought = vector(said)
        likeness = {
            plate.entity.id: float(vector(other) @ sought) for plate, other in zip(house.plates, others, strict=True)
        }
        harmless = tuple(each for each in house.plates if not control.needs_yes(each.entity, {}))
        return meant(request, House(harmless, house.condition), replace(context, likeness=likeness))

    # What is done and said.

    async def _done(self, meanings: Sequence[Meaning], heard: Transcript, control: Commands) -> str:
        language = heard.language
        if not meanings:
            return words.load(language).text("devices.nothing")
        wished = _united([each for meaning in meanings for each in meaning.wished])
        parts = [await self._commanded(wished, heard, control)] if wished else []
        for each in meanings:
            if each.asked:
                parts.append(self._answered(each, language, control))
            elif not each.wished:
                parts.append(self._without(each, heard))
        self._speak_of(meanings, heard)
        return _line(parts, language)

    async def _commanded(self, wished: Sequence[tuple[Entity, Change]], heard: Transcript, control: Commands) -> str:
        """What came of it; what needs a yes is asked for, of whoever is in the house."""
        language = heard.language
        careful = [each for each in wished if control.connected and control.needs_yes(*each)]
        free = [each for each in wished if each not in careful]
        parts = [await self._carried_out(free, language, control)] if free else []
        if careful and heard.remote:
            parts.append(words.load(language).text("devices.only-here"))
        elif careful and heard.person == GUEST:
            parts.append(words.load(language).text("devices.only-known"))
        elif careful:
            self.asked.ask(Asked(self._clock.monotonic(), tuple(careful)), heard)
            parts.append(telling.shall(careful, language))
        return _line(parts, language)

    async def _carried_out(self, wished: Sequence[tuple[Entity, Change]], language: Language, control: Commands) -> str:
        """What came of it; of a blind that is still on its way, that it moves."""
        done = await control.carry_out(wished, cause=CAUSE)
        ways = {entity.id: str(control.condition(entity).get(Attribute.MOVING, "")) for entity, _ in wished}
        moving = {key: way for key, way in ways.items() if way in ("opening", "closing")}
        return telling.results(done, language, moving=moving)

    def _answered(self, meaning: Meaning, language: Language, control: Commands) -> str:
        known = [
            telling.Known(entity, attribute, control.condition(entity).get(attribute), control.is_available(entity))
            for entity, attribute in meaning.asked
        ]
        request = meaning.request
        places = request.mentions[0].places if request.mentions else ()
        only = _expected(meaning.asked[0], request, language) if request.which else ""
        return telling.answer(known, language, quantity=request.quantity, places=places, only=only)

    def _without(self, meaning: Meaning, heard: Transcript) -> str:
        """What is said where nothing is done."""
        language = heard.language
        text = words.load(language)
        if meaning.refused:
            return text.text("devices.left")
        if meaning.unclear:
            if not heard.remote:
                question = Asked(self._clock.monotonic(), request=meaning.request, unclear=meaning.unclear)
                self.asked.ask(question, heard)
            return telling.which(meaning.unclear, language)
        if meaning.unable and meaning.request.asks:
            return text.text("devices.untold")
        if meaning.unable:
            return telling.unable(meaning.unable, language)
        named = next((each.text for each in meaning.request.mentions if each.text), "")
        if meaning.nowhere:
            return text.text("devices.nothing-there")
        return text.text("devices.nothing-named", what=telling.named(named)) if named else text.text("devices.nothing")

    def _speak_of(self, meanings: Sequence[Meaning], heard: Transcript) -> None:
        entities = [each for meaning in meanings for each, _ in (*meaning.wished, *meaning.asked)]
        if entities:
            self.spoken[heard.room] = Spoken(self._clock.monotonic(), tuple(entities), meanings[-1].request)

    # Answers to questions of ours.

    def _answer(self, asked: Asked, said: str, language: Language) -> str | None:
        text = words.load(language)
        if text.match("home-sense.no", said):
            return NO
        if asked.wished or len(asked.unclear) == 1:
            return YES if text.match("home-sense.yes", said) or self._is_the_same(asked, said, language) else None
        return CHOICE if self._chosen(asked, said, language) else None

    def _is_the_same(self, asked: Asked, said: str, language: Language) -> bool:
        """Whether just what a yes would do is asked for again: "yes, unlock it", but not "ok, lock it"."""
        text = words.load(language)
        agreed = [each.end() for each in _PAUSES.finditer(said) if text.match("home-sense.yes", said[: each.start()])]
        requests = asking.read(said[max(agreed, default=0) :], language, sound=self._sound)
        if not requests or self._control is None or not asked.wished:
            return False
        control = self._control
        return all(
            not (each.asks or each.states or each.refuses or each.mentions)
            and all(
                changes.change(entity, each.wish, control.condition(entity)) == change
                for entity, change in asked.wished
            )
            for each in requests
        )

    def _chosen(self, asked: Asked, said: str, language: Language) -> tuple[Entity, ...]:
        """Which of those that were asked about; empty where that was not said."""
        text = words.load(language)
        if text.match("home-sense.both", said):
            return asked.unclear
        if text.search("home-sense.last", said):
            return asked.unclear[-1:]
        order = (number for number, each in enumerate(text.patterns("home-sense.ordinals")) if each.search(said))
        number = next(order, None)
        if number is not None:
            return asked.unclear[number : number + 1]
        candidates = naming.plates(asked.unclear)
        requests = asking.read(said, language, names=naming.names(candidates), sound=self._sound)
        if not requests or any(not each.weak or each.asks for each in requests):
            return ()
        context = Context()
        found = [
            naming.find(each, mention, candidates, possible=lambda _: True, context=context)
            for each in requests
            for mention in each.mentions
        ]
        return tuple(entity for each in found if not each.left for entity in each.entities)

    async def _after(self, asked: Asked, action: str, heard: Transcript, control: Commands) -> str:
        """What is said, and done, after an answer."""
        language = heard.language
        if action == NO:
            return words.load(language).text("devices.left")
        if asked.wished:
            said = await self._carried_out(asked.wished, language, control)
            before = self.spoken.get(heard.room)
            entities = tuple(each for each, _ in asked.wished)
            self.spoken[heard.room] = Spoken(self._clock.monotonic(), entities, before.request if before else None)
            return said
        said = lexicon.plain(heard.text).strip(words.AROUND)
        chosen = asked.unclear if action == YES else self._chosen(asked, said, language)
        if not chosen or asked.request is None:
            return words.load(language).text("devices.unclear")
        found = naming.plates(chosen)
        meaning = meant(
            replace(asked.request, mentions=(), besides=()), House(found, control.condition), Context(chosen)
        )
        return await self._done([meaning], heard, control)


def _united(wished: Sequence[tuple[Entity, Change]]) -> list[tuple[Entity, Change]]:
    """Each thing once: "the lamp blue, and at thirty percent" is one command."""
    changes: dict[str, Change] = {}
    for entity, change in wished:
        changes[entity.id] = {**changes.get(entity.id, {}), **change}
    entities = {entity.id: entity for entity, _ in wished}
    return [(entities[key], change) for key, change in changes.items()]


def _line(parts: Sequence[str], language: Language) -> str:
    return (" " if language == "en" else "").join(filter(None, parts))


def _arguments(requests: Sequence[Request], heard: Transcript) -> Arguments | None:
    if not requests:
        return None
    named = [mention.text for each in requests for mention in each.mentions]
    return {"name": " ".join(named) or heard.text, "action": _action(requests[0])}


def _action(request: Request) -> str:
    """What shall be done, in a word."""
    wish = request.wish
    if request.asks or request.states:
        return "ask"
    if wish.number is not None:
        return telling.plain(wish.number)
    value = wish.colour or wish.tone or wish.mode or wish.amount
    if value:
        return value
    opens = any(mention.head in naming.OPENING or not mention.head for mention in request.mentions)
    names = _OPENED if opens else _SWITCHED
    return names.get(wish.verb, wish.verb.value)


_OPENED = {Verb.RAISE: "up", Verb.LOWER: "down", Verb.NONE: "on", Verb.SET: "on", Verb.RUN: "on"}
_SWITCHED = {**_OPENED, Verb.OPEN: "on", Verb.CLOSE: "off"}


def _expected(asked: tuple[Entity, Attribute], request: Request, language: Language) -> str:
    """How those are that were asked for."""
    verb = request.wish.verb
    if request.quantity or not verb:
        return ""
    entity, attribute = asked
    so = verb in ((Verb.LOCK,) if attribute.value == "locked" else (Verb.ON, Verb.OPEN, Verb.RUN))
    key = telling.phrase(entity, attribute, so, language).key
    return key if key in words.load(language).table["devices-none"] else ""
