"""What a request comes to in this home: commands, an answer, or a question which one is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digital_life.devices.entity import Attribute, Kind
from digital_life.devices.spoken import changes, naming, questions
from digital_life.devices.spoken.asking import Aspect, Mention, Request, Verb
from digital_life.devices.spoken.naming import Context, Found, Plate

if TYPE_CHECKING:
    from digital_life.devices.entity import Change, Condition, Entity


@dataclass(frozen=True, slots=True)
class House:
    """What there is, and how it is."""

    plates: tuple[Plate, ...]
    condition: Callable[[Entity], Condition]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one request comes to."""

    request: Request
    wished: tuple[tuple[Entity, Change], ...] = ()
    asked: tuple[tuple[Entity, Attribute], ...] = ()
    """What answers a question."""
    unclear: tuple[Entity, ...] = ()
    """One of these is meant."""
    unable: tuple[Entity, ...] = ()
    """These are meant, and cannot do it."""
    left: tuple[str, ...] = ()
    """Words that say nothing of what was found."""
    nowhere: bool = False
    """Whether there is such a thing elsewhere only."""
    refused: bool = False
    """It was said that nothing shall be done."""

    @property
    def is_found(self) -> bool:
        return bool(self.wished or self.asked or self.unclear)


def meant(request: Request, house: House, context: Context) -> Meaning:
    if request.refuses and not request.asks:
        return Meaning(request, refused=True)
    if _says_nothing(request):
        return Meaning(request)
    asks = request.asks or request.states
    possible = _answers(request) if asks else _can_be(request, house)
    mentions: Sequence[Mention | None] = request.mentions or (None,)
    found = [naming.find(request, each, house.plates, possible=possible, context=context) for each in mentions]
    entities = _without(request, [entity for each in found for entity in each.entities], house)
    unclear = _without(request, [entity for each in found for entity in each.unclear], house)
    rest = Meaning(
        request,
        unable=tuple(entity for each in found for entity in each.unable),
        left=tuple(word for each in found for word in each.left),
        nowhere=any(each.nowhere for each in found),
    )
    if asks:
        return _asking(rest, (*entities, *unclear))
    bare = bool(request.mentions) and all(map(naming.is_bare, request.mentions))
    if bare and request.wish.verb in (Verb.OFF, Verb.CLOSE) and _are_lights(unclear):
        # Who leaves it open which light shall go out wants none to stay on.
        entities, unclear = (*entities, *unclear), ()
    if len(unclear) > 1 and not entities:
        unclear = _changed(unclear, request, house)
    if len(unclear) == 1 and _is_sure(found):
        entities, unclear = (*entities, *unclear), ()
    return _wishing(rest, entities, unclear, house)


def _says_nothing(request: Request) -> bool:
    """A mere place, or a complaint about nothing."""
    if request.asks or request.states or request.wish.verb not in (Verb.NONE, Verb.SET) or request.wish.has_value:
        return False
    return all(not (each.things or each.marks or each.words or each.names) for each in request.mentions)


def _answers(request: Request) -> Callable[[Entity], bool]:
    return lambda entity: questions.answer(entity, request) is not None


def _can_be(request: Request, house: House) -> Callable[[Entity], bool]:
    return lambda entity: changes.change(entity, request.wish, house.condition(entity)) is not None


def _are_lights(entities: Sequence[Entity]) -> bool:
    return len(entities) > 1 and all(each.kind is Kind.LIGHT for each in entities)


def _is_sure(found: Sequence[Found]) -> bool:
    """Whether more than one could have been meant, so that the one that is left is no mere guess."""
    return all(len(each.unclear) != 1 for each in found)


def _without(request: Request, entities: Sequence[Entity], house: House) -> tuple[Entity, ...]:
    """Each once, but for those that are left out."""
    left_out = {each.id for mention in request.besides for each in naming.within(mention, house.plates)}
    return tuple({each.id: each for each in entities if each.id not in left_out}.values())


def _changed(unclear: tuple[Entity, ...], request: Request, house: House) -> tuple[Entity, ...]:
    """Who says no more than "the light off" means the one that is on, where only one is; "brighter" too."""
    if not all(naming.is_bare(each) for each in request.mentions):
        return unclear
    if request.wish.verb not in (Verb.OFF, Verb.CLOSE, Verb.RAISE, Verb.LOWER) or request.wish.has_value:
        return unclear
    known = [house.condition(each) for each in unclear]
    if any(Attribute.ON not in each for each in known) or any(each.kind is Kind.LOCK for each in unclear):
        return unclear
    running = tuple(each for each, now in zip(unclear, known, strict=True) if now[Attribute.ON])
    return running if len(running) == 1 else unclear


def _asking(rest: Meaning, entities: Sequence[Entity]) -> Meaning:
    """Of what answers in several ways, the best does."""
    best = min((questions.rank(each) for each in entities), default=0)
    by_sensor = bool(rest.request.quantity) or rest.request.wish.verb in (Verb.OPEN, Verb.CLOSE)
    chosen = [each for each in entities if not by_sensor or not rest.request.quantity or questions.rank(each) == best]
    answers = ((each, questions.answer(each, rest.request)) for each in {each.id: each for each in chosen}.values())
    asked = tuple((each, attribute) for each, attribute in answers if attribute is not None)
    return Meaning(rest.request, asked=asked, unable=rest.unable, left=rest.left, nowhere=rest.nowhere)


def _wishing(rest: Meaning, entities: Sequence[Entity], unclear: tuple[Entity, ...], house: House) -> Meaning:
    found = ((each, changes.change(each, rest.request.wish, house.condition(each))) for each in entities)
    wished = tuple((each, change) for each, change in found if change)
    unable = rest.unable if not wished and not unclear else ()
    return Meaning(rest.request, wished, unclear=unclear, unable=unable, left=rest.left, nowhere=rest.nowhere)


def is_plain(meaning: Meaning, *, context: Context) -> bool:
    """Whether all that was said is of the home, so that it can be for nothing else."""
    request = meaning.request
    if not meaning.is_found or meaning.left or request.states or request.complains:
        return False
    if not request.mentions:
        return _is_of_last(meaning, context)
    if request.asks:
        told = all(naming.is_told(each, tuple(entity for entity, _ in meaning.asked)) for each in request.mentions)
        return told and bool(request.quantity or request.wish.verb)
    if request.wish.verb is Verb.NONE and not request.wish.has_value:
        return all(changes.presses(each) for each, _ in meaning.wished) and _is_named(meaning)
    if request.wish.verb is Verb.SET and not request.wish.has_value:
        return False
    return all(naming.is_told(each, _of(meaning)) for each in request.mentions)


def _is_of_last(meaning: Meaning, context: Context) -> bool:
    """Whether it can only be of what was spoken of last."""
    request = meaning.request
    spoken = {each.id for each in context.last}
    found = {each.id for each in (*_of(meaning), *(each for each, _ in meaning.asked))}
    return found <= spoken and (request.refers or not request.weak) and request.wish.verb is not Verb.STOP


def _is_named(meaning: Meaning) -> bool:
    """Whether its full name was said, and one that is no everyday word: "dinner", but not "the dinner scene"."""
    request = meaning.request
    called = request.wish.aspect is Aspect.MODE or any("scene" in each.things for each in request.mentions)
    return bool(meaning.wished) and all(
        naming.is_whole(each, mention, least=1 if called else 2)
        for each, _ in meaning.wished
        for mention in request.mentions
    )


def _of(meaning: Meaning) -> tuple[Entity, ...]:
    return (*(each for each, _ in meaning.wished), *meaning.unclear)
