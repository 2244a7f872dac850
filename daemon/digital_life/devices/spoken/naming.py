"""Which things a person means: by what they are, where they are, and what they are called, in any language."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from digital_life.devices.entity import Entity, Kind
from digital_life.devices.spoken import lexicon
from digital_life.devices.spoken.asking import Aspect, Mention, Request, Verb, kind_of

LIGHTS = frozenset({"light", "lamp", "strip", "chain"})
COVERINGS = frozenset({"blind", "shutter", "curtain", "awning"})
DOORS = frozenset({"door", "garage", "gate", "garage_door", "opening", "lock"})
"""Device classes."""
FANS = frozenset({"fan", "extractor"})
OPENING = COVERINGS | {"door", "gate", "window", "valve"}
"""Things that are opened rather than switched on."""
KINDS: Mapping[str, tuple[Kind, ...]] = {
    **dict.fromkeys(LIGHTS, (Kind.LIGHT,)),
    **dict.fromkeys(COVERINGS, (Kind.COVER,)),
    **dict.fromkeys(("tv", "music", "speaker", "radio"), (Kind.MEDIA_PLAYER,)),
    "alarm": (Kind.ALARM,),
    "boiler": (Kind.WATER_HEATER,),
    "button": (Kind.BUTTON,),
    "conditioner": (Kind.CLIMATE,),
    "dehumidifier": (Kind.HUMIDIFIER,),
    "everything": (Kind.LIGHT, Kind.SWITCH, Kind.FAN, Kind.MEDIA_PLAYER, Kind.HUMIDIFIER),
    "fan": (Kind.FAN,),
    "extractor": (Kind.FAN,),
    "heater": (Kind.CLIMATE,),
    "heating": (Kind.CLIMATE,),
    "humidifier": (Kind.HUMIDIFIER,),
    "lock": (Kind.LOCK,),
    "plug": (Kind.SWITCH,),
    "scene": (Kind.SCENE,),
    "sensor": (Kind.SENSOR, Kind.BINARY_SENSOR),
    "siren": (Kind.SIREN,),
    "switch": (Kind.SWITCH,),
    "vacuum": (Kind.VACUUM,),
    "valve": (Kind.VALVE,),
}
"""What each noun is, whatever its name."""
FLOORS = frozenset({"upstairs", "downstairs", "outside"})
"""Places that hold others: what is announced to be there may have a room in its name."""
CLOSABLE = frozenset({Kind.COVER, Kind.LOCK, Kind.VALVE, Kind.BINARY_SENSOR, Kind.SENSOR})
"""Kinds that a door or a window can be: a plug that is called so is none."""
BESIDE = 0.6
"""How well a light is told by what it stands beside: the TV backlight is no television."""
BY_KIND = 0.9
"""How well it is told by its kind what a thing is; by its name it is 1."""
WORD = 0.75
"""Likeness from which a word is what a recogniser made of another."""
SLACK = 0.15
"""In a plural those count too that fit hardly worse: the lamps among the lights."""
HALF = 0.5
"""Of what was said of a thing: who fits less is not meant."""
WHOLE = 3
"""Letters of a name that does something when nothing else is said."""
CLEAR = 0.03
"""Distance of the likenesses of two names, as the embedder gives them, from which the better one is meant."""


@dataclass(frozen=True, slots=True)
class Plate:
    """What is known of the names of one thing."""

    entity: Entity
    names: frozenset[str]
    """In full, as `lexicon.plain` has them."""
    keys: frozenset[str]
    """Things, marks and places that are in its names."""
    places: frozenset[str]
    """Where it is: places, and the words of a room that is none of them."""
    room: frozenset[str]
    """All that is in the name of its room; empty: that is not known."""
    words: frozenset[str]
    """Of its names and its room, that the lexicon does not know."""
    title: frozenset[str]
    """Keys and words of its shortest name: what a person would have to say to name it in full."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a request may be about."""

    entities: tuple[Entity, ...] = ()
    """All of them are meant."""
    unclear: tuple[Entity, ...] = ()
    """One of these is meant, or perhaps several: to be asked for."""
    unable: tuple[Entity, ...] = ()
    """These are named, but cannot do it."""
    left: tuple[str, ...] = ()
    """Words that say nothing of what was found."""
    nowhere: bool = False
    """Whether there is such a thing, but not where it was looked for."""


@dataclass(frozen=True, slots=True)
class Context:
    """What may be meant without being said."""

    last: tuple[Entity, ...] = ()
    """What was spoken of before."""
    likeness: Mapping[str, float] = field(default_factory=dict)
    """Of the ids of things: how like their names are to what was said, as the embedder finds; empty: not looked at."""
    here: frozenset[str] = frozenset()
    """The room where it was said, as `room_of` has it; empty: that is not known."""


def plates(entities: Iterable[Entity]) -> tuple[Plate, ...]:
    return tuple(plate(each) for each in entities)


def room_of(name: str) -> frozenset[str]:
    """All that is in the name of a room, so that kitchen and 厨房 are the same."""
    keys, unknown = _read(lexicon.plain(name))
    return frozenset(keys | unknown)


def names(known: Iterable[Plate]) -> tuple[str, ...]:
    """All names that a person may say in full: those of one letter or one number are none."""
    found = {name for each in known for name in each.names}
    return tuple(sorted(each for each in found if len(each) > 1 and not each.isdigit()))


def plate(entity: Entity) -> Plate:
    called = _called(entity)
    keys: set[str] = set()
    unknown: set[str] = set()
    titles: list[frozenset[str]] = []
    for each in called:
        said, rest = _read(each)
        keys |= said
        unknown |= rest
        titles.append(frozenset(said | rest))
    room, room_words = _read(lexicon.plain(entity.room))
    places = {each for each in keys | room if _is_place(each)}
    if room:
        places = {each for each in room if _is_place(each)} | {each for each in places if not room & FLOORS}
    full = _read(lexicon.plain(entity.title))
    title = frozenset(full[0] | full[1]) if full[0] | full[1] else frozenset(called)
    return Plate(
        entity,
        frozenset(called),
        frozenset(keys),
        frozenset(places | room_words),
        frozenset(room | room_words),
        frozenset(unknown | room_words),
        min([title, *titles], key=len),
    )


def _called(entity: Entity) -> tuple[str, ...]:
    """Its names; that of its device alone only where it is what the device is for."""
    of_device = (entity.device,) if not entity.name or entity.name == entity.device else ()
    own = (entity.name,) if entity.name and not of_device and _is_name(entity.name) else ()
    said = (entity.title, *of_device, *own, *entity.aliases)
    return tuple(dict.fromkeys(filter(None, map(lexicon.plain, said))))


def _is_name(name: str) -> bool:
    """Whether a part of a device can be known by it: "Watering time", but not "Power" or "Mode"."""
    return any(each.is_noun or each.category == "word" for each in lexicon.tokens(lexicon.plain(name)))


def _read(name: str) -> tuple[set[str], set[str]]:
    """Keys and unknown words of a name."""
    keys: set[str] = set()
    unknown: set[str] = set()
    for each in lexicon.tokens(name, categories=lexicon.NOUNS):
        if each.category == "word":
            unknown |= set(_stems(each.key))
        else:
            keys |= set(each.key.split("+"))
    return keys, unknown


def _stems(word: str) -> tuple[str, ...]:
    return () if word in _EMPTY else (word,)


_EMPTY = frozenset({"the", "a", "an", "of", "in", "and", "to", "my", "our", "的", "里"})


def _is_place(key: str) -> bool:
    return kind_of(key) == "place"


def find(
    request: Request,
    mention: Mention | None,
    known: Sequence[Plate],
    *,
    possible: Callable[[Entity], bool],
    context: Context,
) -> Found:
    """What `mention` of `request` means; None: nothing was named. `possible`: whether it can be done, or asked."""
    able = [each for each in known if possible(each.entity)]
    if mention is None or (is_bare(mention) and not (request.which or request.asks)):
        spoken = [
            each for each in able if each.entity in context.last and (mention is None or _is_a(each, mention.head))
        ]
        if spoken and not request.every:
            return Found(_entities(spoken))
    if mention is None:
        natural = _natural(request, able)
        return _one_or_unclear(natural if request.every else _nearest(natural, context), several=False, context=context)
    found = _named(mention, request, able, context)
    if found.entities or found.unclear:
        return found
    others = _named(mention, request, known, context)
    return Found(unable=others.entities or others.unclear, left=others.left, nowhere=found.nowhere)


def within(mention: Mention, known: Sequence[Plate]) -> tuple[Entity, ...]:
    """All that `mention` names, for it to be left out: "except the kitchen"."""
    return tuple(
        each.entity
        for each in known
        if _is_there(each, mention)
        and (not mention.things or _is_a(each, mention.head))
        and (not (mention.marks or mention.words) or _share(mention, each) >= HALF)
    )


def is_told(mention: Mention, entities: Sequence[Entity]) -> bool:
    """Whether what was said of them beside their kind is so, letter by letter, and no lone word that may mean much."""
    known = plates(entities)
    words = all(any(word in each.words or _in_han(word, each) for each in known) for word in mention.words)
    marks = all(any(mark in each.keys for each in known) for mark in mention.marks)
    named = mention.things or mention.names or (mention.places and not mention.marks and not mention.words)
    return words and marks and bool(named or len(mention.marks) + len(mention.words) > 1)


def _in_han(word: str, plate: Plate) -> bool:
    return bool(lexicon.HAN.search(word)) and any(word in name for name in plate.names)


def is_whole(entity: Entity, mention: Mention, *, least: int) -> bool:
    """Whether it is one of its names in full, in `least` words or more."""
    if any(len(each) >= WHOLE and (" " in each or lexicon.HAN.search(each)) for each in mention.names):
        return True
    known = plate(entity)
    said = {*mention.things, *mention.marks, *mention.words} - {"scene", "button"}
    return len(said) >= least and said <= known.keys | known.words and not _unsaid(known, mention)


def is_bare(mention: Mention) -> bool:
    """Whether only what it is was said: "lights off"."""
    return bool(mention.things) and not (mention.places or mention.marks or mention.words or mention.names)


def _natural(request: Request, able: Sequence[Plate]) -> list[Plate]:
    """Those of a kind that is spoken of so, where neither name nor kind is said."""
    kinds = _natural_kinds(request)
    return [each for each in able if each.entity.kind in kinds]


def _natural_kinds(request: Request) -> Collection[Kind]:
    wish = request.wish
    if request.asks and request.quantity:
        return tuple(Kind)
    if wish.aspect in (Aspect.BRIGHTNESS, Aspect.COLOUR, Aspect.TONE) or wish.colour or wish.tone:
        return (Kind.LIGHT,)
    if wish.aspect in (Aspect.WARMTH, Aspect.TEMPERATURE) or wish.unit == "degrees":
        return (Kind.CLIMATE, Kind.WATER_HEATER)
    by_aspect = {Aspect.SPEED: Kind.FAN, Aspect.VOLUME: Kind.MEDIA_PLAYER, Aspect.HUMIDITY: Kind.HUMIDIFIER}
    if wish.aspect in by_aspect:
        return (by_aspect[wish.aspect],)
    by_verb: Mapping[Verb, tuple[Kind, ...]] = {
        Verb.LOCK: (Kind.LOCK,),
        Verb.UNLOCK: (Kind.LOCK,),
        Verb.OPEN: (Kind.COVER,),
        Verb.CLOSE: (Kind.COVER,),
        Verb.SWING: (Kind.FAN,),
        Verb.STOP: (Kind.COVER, Kind.VACUUM),
        Verb.DOCK: (Kind.VACUUM,),
        Verb.ARM: (Kind.ALARM,),
        Verb.DISARM: (Kind.ALARM,),
        Verb.RUN: (Kind.SCENE, Kind.VACUUM),
    }
    return by_verb.get(wish.verb, (Kind.LIGHT,))


def _named(mention: Mention, request: Request, able: Sequence[Plate], context: Context) -> Found:
    exact = [each for each in able if each.names & set(mention.names)]
    if exact:
        there = [each for each in exact if _is_there(each, mention)] or exact
        there = there if mention.places else _nearest(there, context)
        if not _is_outdone(there, mention, able, context):
            return _one_or_unclear(there, several=mention.several, context=context)
        mention = replace(mention, names=())
    mention = _completed(mention, request, able)
    pool = _of_kind(mention, request, able)
    there = [each for each in pool if _is_there(each, mention)]
    is_near = _is_near(mention, request)
    if is_near and is_bare(mention):
        there = _nearest(there, context)
    if mention.places and not there:
        return Found(nowhere=bool(pool))
    if not there:
        return _alike(mention, able, context)
    known = tuple(word for word in mention.words if any(_has_word(each, word) for each in able))
    scored = [(each, _fit(replace(mention, words=known), each)) for each in there]
    best = max(fit for _, fit in scored)
    if best < HALF:
        return _alike(mention, [each for each, _ in scored], context)
    slack = SLACK if mention.several else 0.01
    fitting = [each for each, fit in scored if fit >= best - slack]
    fitting = _nearest(fitting, context) if is_near else fitting
    left = tuple(word for word in mention.words if not any(_has_word(each, word) for each in fitting))
    if not mention.several:
        fitting = [each for each in fitting if not _unsaid(each, mention)] or fitting
        strange = [mark for mark in mention.marks if not any(mark in each.keys for each in fitting)]
        if strange and len(fitting) == 1 and not mention.names:
            return Found(unclear=_entities(fitting), left=left)
    found = _one_or_unclear(fitting, several=mention.several, context=context)
    return Found(found.entities, found.unclear, left=left)


def _is_near(mention: Mention, request: Request) -> bool:
    """Whether what is in the room is meant rather than what is elsewhere.

    Not where another place, or all, was said; nor by who asks for several: "are the windows open" is about the house.
    """
    if mention.places or request.every or mention.head == "everything":
        return False
    return not (mention.several and (request.asks or request.states))


def _nearest(found: list[Plate], context: Context) -> list[Plate]:
    """Those in the room where it was said; all of them where none is there."""
    here = context.here
    same = [each for each in found if here and each.room == here]
    return same or [each for each in found if here and here <= (each.room or each.places | each.keys)] or found


def _is_outdone(exact: list[Plate], mention: Mention, able: Sequence[Plate], context: Context) -> bool:
    """Whether what was said is the whole name of something elsewhere, and such a thing is in the room: "the light"."""
    bare = replace(mention, names=(), places=())
    if not is_bare(bare) or mention.head == "everything":
        return False
    alike = [each for each in able if _is_a(each, mention.head)]
    if mention.places:
        return not any(_is_there(each, mention) for each in exact) and any(_is_there(each, mention) for each in alike)
    near = _nearest(alike, context) if context.here else exact
    return not any(each in near for each in exact)


def _completed(mention: Mention, request: Request, able: Sequence[Plate]) -> Mention:
    """Where only a place was named: "the kitchen off" are its lights, "brighter in the kitchen" its light."""
    kinds = _natural_kinds(request)
    if mention.head == "everything" and request.wish.verb in (Verb.LOCK, Verb.UNLOCK):
        return replace(mention, things=("lock",))
    if mention.things or mention.marks or mention.words or request.asks or Kind.LIGHT not in kinds or not able:
        return mention
    switched = request.wish.verb in (Verb.ON, Verb.OFF, Verb.OPEN, Verb.CLOSE)
    return replace(mention, things=("light",), several=mention.several or switched)


def _of_kind(mention: Mention, request: Request, able: Sequence[Plate]) -> list[Plate]:
    """Those that are what was said: nothing is ever commanded that is something else."""
    if mention.things:
        return [each for each in able if _is_a(each, mention.head)]
    if mention.marks or mention.words:
        return [each for each in able if _share(mention, each) >= HALF]
    natural = _natural(request, able)
    if natural or request.wish.verb not in (Verb.OPEN, Verb.CLOSE):
        return natural
    return [each for each in able if each.entity.kind is Kind.LIGHT]


def _is_a(plate: Plate, thing: str) -> bool:
    return _worth(plate, thing) > 0


def _worth(plate: Plate, thing: str) -> float:
    """How well it is told that this is such a thing."""
    kind = plate.entity.kind
    if thing in LIGHTS and kind is Kind.LIGHT:
        return 1.0 if plate.keys & LIGHTS else BY_KIND
    if thing == "everything":
        return float(kind in KINDS[thing])
    if thing in OPENING and kind not in CLOSABLE:
        return 0.0
    if thing in plate.keys:
        return BESIDE if kind is Kind.LIGHT and thing not in LIGHTS else 1.0
    return BY_KIND if _is_kind(plate, thing) else 0.0


def _is_kind(plate: Plate, thing: str) -> bool:
    """Whether it is such a thing, whatever its name."""
    entity = plate.entity
    if thing in ("door", "gate"):
        return entity.kind is Kind.LOCK or entity.device_class in DOORS
    if thing == "window":
        return entity.device_class == "window"
    if thing in FANS and plate.keys & FANS:
        return True
    if entity.kind not in KINDS.get(thing, ()):
        return False
    if thing in COVERINGS:
        return entity.device_class not in DOORS
    others = {"heating": {"conditioner"}, "heater": {"conditioner"}, "conditioner": {"heating", "heater"}}
    return not plate.keys & others.get(thing, set())


def _is_there(plate: Plate, mention: Mention) -> bool:
    return set(mention.places) <= plate.places | {each for each in plate.keys if _is_place(each)}


def _fit(mention: Mention, plate: Plate) -> float:
    """The share of what was said that is so of it; words that are of no thing's name are left out before."""
    worths = [
        *(_worth(plate, each) for each in mention.things),
        *(float(each in plate.keys) for each in mention.marks),
    ]
    known = [_word(plate, each) for each in mention.words]
    total = len(worths) + len(known)
    return (sum(worths) + sum(known)) / total if total else 1.0


def _share(mention: Mention, plate: Plate) -> float:
    told = [float(each in plate.keys) for each in mention.marks] + [_word(plate, each) for each in mention.words]
    return sum(told) / len(told)


def _has_word(plate: Plate, word: str) -> bool:
    return _word(plate, word) >= WORD


def _word(plate: Plate, word: str) -> float:
    """How like one of its words it is."""
    if word in plate.words:
        return 1.0
    if lexicon.HAN.search(word):
        return float(_in_han(word, plate))
    ratios = [difflib.SequenceMatcher(None, word, each).ratio() for each in _spelt(plate) if len(each) > 3]
    best = max(ratios, default=0.0) if len(word) > 3 else 0.0
    return best if best >= WORD else 0.0


def _spelt(plate: Plate) -> set[str]:
    """All words of its names as they are written: a slip may make an unknown one of a known one."""
    return {each for name in plate.names for each in lexicon.LATIN.findall(name)}


def _unsaid(plate: Plate, mention: Mention) -> frozenset[str]:
    """What of its name was not said."""
    said = {*mention.things, *mention.marks, *mention.places}
    lights = LIGHTS if said & LIGHTS else frozenset[str]()
    kinds = {each for each in plate.title if each in mention.things or each in lights}
    implied = {each for each in plate.title if said & _things(plate) and plate.entity.kind in KINDS.get(each, ())}
    rest = plate.title - said - kinds - implied
    return frozenset(each for each in rest if not any(_matches(each, word) for word in mention.words))


def _things(plate: Plate) -> set[str]:
    return {each for each in plate.title if kind_of(each) == "thing"}


def _matches(of_name: str, said: str) -> bool:
    if lexicon.HAN.search(said):
        return said in of_name or of_name in said
    return difflib.SequenceMatcher(None, of_name, said).ratio() >= WORD


def _alike(mention: Mention, able: Sequence[Plate], context: Context) -> Found:
    """Where no word tells, the one whose name means the most like what was said: it is asked whether that is meant."""
    if not context.likeness or not able or not mention.things + mention.marks + mention.words:
        return Found(left=mention.words)
    ranked = sorted(able, key=lambda each: -context.likeness.get(each.entity.id, 0.0))
    best = context.likeness.get(ranked[0].entity.id, 0.0)
    second = context.likeness.get(ranked[1].entity.id, 0.0) if len(ranked) > 1 else 0.0
    return Found(unclear=(ranked[0].entity,)) if best - second >= CLEAR else Found(left=mention.words)


def _one_or_unclear(fitting: Sequence[Plate], *, several: bool, context: Context) -> Found:
    if several or len(fitting) == 1:
        return Found(_entities(fitting))
    spoken = [each for each in fitting if each.entity in context.last]
    if len(spoken) == 1:
        return Found(_entities(spoken))
    return Found(unclear=_entities(fitting))


def _entities(found: Iterable[Plate]) -> tuple[Entity, ...]:
    return tuple(each.entity for each in found)
