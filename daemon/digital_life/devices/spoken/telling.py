"""What is said of the things of the home: how they are, what was done, what has to be asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from digital_life import words
from digital_life.devices.control import Came, Result
from digital_life.devices.entity import Attribute, Change, Entity, Kind, Value
from digital_life.devices.spoken import lexicon
from digital_life.devices.spoken.changes import COLOURS, KELVINS
from digital_life.values import Language
from digital_life.words import Words

LONGEST_NAME = 40
"""Letters of a name that are spoken: whoever names a device must not hold a speech."""
NAMED = 4
"""Of more things than that their number is said."""
LISTED = 8
"""The same, where it was asked which ones."""
ASKED = 5
"""Of more things than that it is not asked which one with all their names."""
_SENSED: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("door", "window", "opening", "garage_door"), ("open", "closed")),
    **dict.fromkeys(("motion", "occupancy", "presence", "moving"), ("moved", "unmoved")),
    **dict.fromkeys(("smoke", "gas", "carbon_monoxide", "problem", "safety", "tamper"), ("alarmed", "quiet")),
    **dict.fromkeys(("running", "power", "plug", "light"), ("on", "off")),
    "moisture": ("wet", "dry"),
    "battery": ("low", "charged"),
    "lock": ("unlocked", "locked"),
}
"""What on and off of a binary sensor mean, by its class."""
_BOOLS: Mapping[Attribute, tuple[str, str]] = {
    Attribute.ON: ("on", "off"),
    Attribute.OPEN: ("open", "closed"),
    Attribute.LOCKED: ("locked", "unlocked"),
    Attribute.OSCILLATING: ("swinging", "still"),
    Attribute.PLAYING: ("playing", "paused"),
}
_TONE_STEPS = ((2450, "candle"), (3350, "warm"), (4750, "neutral"), (6000, "cool"), (1_000_000, "daylight"))


@dataclass(frozen=True, slots=True)
class Phrase:
    """How something is or shall be."""

    key: str
    """In [devices-is] and [devices-do]."""
    value: str = ""
    """Spoken, with its unit."""


@dataclass(frozen=True, slots=True)
class Known:
    """One thing that was asked about."""

    entity: Entity
    attribute: Attribute
    value: Value | None
    """None: it is not known."""
    available: bool = True


def phrase(entity: Entity, attribute: Attribute, value: Value, language: Language) -> Phrase:
    text = words.load(language)
    if isinstance(value, bool):
        return Phrase(_yes_or_no(entity, attribute)[not value])
    if isinstance(value, tuple):
        return Phrase("colour", text.text(f"devices-colours.{_nearest(value)}"))
    if isinstance(value, str):
        return _worded(attribute, value, text)
    match attribute:
        case Attribute.KELVIN:
            return _toned(value, text)
        case Attribute.TARGET | Attribute.CURRENT | Attribute.VALUE:
            unit = entity.capabilities[attribute].unit if attribute in entity.capabilities else ""
            key = "mode" if entity.kind is Kind.NUMBER else attribute.value
            return Phrase(key, measured(value, unit or _unit(entity, attribute), text))
        case _:
            return Phrase(attribute.value, plain(value))


def _yes_or_no(entity: Entity, attribute: Attribute) -> tuple[str, str]:
    if attribute is Attribute.PRESSED:
        return ("started" if entity.kind is Kind.SCENE else "pressed",) * 2
    if attribute is Attribute.VALUE:
        return _SENSED.get(entity.device_class, ("on", "off"))
    return _BOOLS.get(attribute, ("yes", "no"))


def _worded(attribute: Attribute, value: str, text: Words) -> Phrase:
    if attribute is Attribute.MOVING and value in ("opening", "closing", "stopped"):
        return Phrase(value)
    if attribute is Attribute.MODE and value == "off":
        return Phrase("off")
    modes = text.table["devices-modes"]
    return Phrase("mode", modes.get(value, named(value)))


def _toned(kelvin: float, text: Words) -> Phrase:
    tone = next(name for limit, name in _TONE_STEPS if kelvin <= limit)
    if abs(kelvin - KELVINS[tone]) <= 1:
        return Phrase("tone", text.text(f"devices-tones.{tone}"))
    return Phrase("kelvin", plain(kelvin))


def _unit(entity: Entity, attribute: Attribute) -> str:
    """Where none was announced, what it surely is."""
    if attribute is Attribute.VALUE:
        return ""
    return "%" if entity.kind is Kind.HUMIDIFIER else "°C"


def _nearest(colour: tuple[int, int, int]) -> str:
    return min(COLOURS, key=lambda name: sum((a - b) ** 2 for a, b in zip(COLOURS[name], colour, strict=True)))


def plain(number: float) -> str:
    """As it is said: 21, 21.5."""
    rounded = round(number, 1)
    return str(int(rounded)) if rounded == int(rounded) else str(rounded)


def measured(number: float, unit: str, text: Words) -> str:
    spoken = dict(text.pairs("devices-units.spoken"))
    return spoken.get(unit, f"{{value}} {unit}" if unit else "{value}").replace("{value}", plain(number))


def named(name: str) -> str:
    """As much of it as is spoken."""
    flat = " ".join(name.split())
    return flat if len(flat) <= LONGEST_NAME else flat[:LONGEST_NAME].rsplit(" ", 1)[0]


def title(entity: Entity, language: Language, *, among: Sequence[Entity] = ()) -> str:
    """Its name in a sentence; with the room, where another of `among` has the same name."""
    text = words.load(language)
    name = named(_own(entity))
    if language == "en" and not lexicon.HAN.search(name):
        name = text.text("devices.name", name=_small(name))
    same = any(each.id != entity.id and each.title == entity.title for each in among)
    return _placed(name, entity.room, text) if same and entity.room else name


def _own(entity: Entity) -> str:
    """Without what its name only says again: a contact "Kitchen window" is named "Window" too."""
    if entity.kind is Kind.SCENE and entity.name:
        return entity.name
    same = lexicon.plain(entity.name) in lexicon.plain(entity.device)
    ordinary = entity.kind is Kind.BINARY_SENSOR and lexicon.plain(entity.name) == lexicon.plain(entity.device_class)
    return entity.device if same or ordinary else entity.title


def _small(name: str) -> str:
    """As within a sentence, "living room lamp"; names of makers and abbreviations stay as they are."""
    strange = [each for each in lexicon.tokens(name.lower()) if each.category == "word"]
    words_of = re.finditer(r"\S+", name)
    whole = " ".join(
        each[0].lower() if each[0].istitle() and not _overlap(each, strange) else each[0] for each in words_of
    )
    return whole.removeprefix("the ").removeprefix("The ")


def _overlap(word: re.Match[str], strange: Iterable[lexicon.Token]) -> bool:
    return any(each.start < word.end() and word.start() < each.end for each in strange)


def _placed(name: str, room: str, text: Words) -> str:
    found = [each.key for each in lexicon.tokens(lexicon.plain(room)) if each.category == "place"]
    if found:
        return text.text("devices.at-place", name=name, place=text.text(f"devices-places.{found[0]}"))
    return text.text("devices.in-room", name=name, room=named(room))


def joined(names: Sequence[str], text: Words, *, by: str = "and") -> str:
    if len(names) < 2:
        return "".join(names)
    return text.text("devices.comma").join(names[:-1]) + text.text(f"devices.{by}") + names[-1]


def group(entities: Sequence[Entity], language: Language, *, most: int = NAMED) -> str:
    """All of them by name, or how many of what they are."""
    text = words.load(language)
    if len(entities) <= most:
        return joined([title(each, language, among=entities) for each in entities], text)
    counted = text.table["devices-counted"]
    kinds = {each.device_class if each.device_class in counted else each.kind.value for each in entities}
    kind = kinds.pop() if len(kinds) == 1 else "other"
    return text.text(f"devices-counted.{kind if kind in counted else 'other'}", count=len(entities))


def sentence(parts: Iterable[str], language: Language) -> str:
    """What can be said in one breath, as sentences."""
    text = words.load(language)
    whole = text.text("devices.joint").join(filter(None, parts))
    if not whole:
        return ""
    whole = whole[0].upper() + whole[1:]
    return whole if whole.endswith((".", "。", "?", "？", "!", "！")) else whole + text.text("devices.end")


def results(done: Sequence[Result], language: Language, *, moving: Mapping[str, str] | None = None) -> str:
    """What came of commands, alike ones together. `moving`: how those move, by id, that are still on their way."""
    text = words.load(language)
    if done and all(each.came is Came.OFFLINE for each in done):
        return text.text("devices.offline")
    groups: dict[tuple[Came, Phrase], list[Entity]] = {}
    for each in done:
        wished = _main(each.change)
        what = phrase(each.entity, wished, each.change[wished], language)
        way = (moving or {}).get(each.entity.id, "") if each.came is Came.DONE else ""
        key = (each.came, Phrase(way) if way else what)
        groups.setdefault(key, []).append(each.entity)
    parts = [_came(came, what, entities, language) for (came, what), entities in groups.items()]
    whole = [each for each in parts if each.endswith((".", "。"))]
    joint = [each for each in parts if not each.endswith((".", "。"))]
    return (
        " ".join(filter(None, [sentence(joint, language), *whole]))
        if language == "en"
        else sentence(joint, language) + "".join(whole)
    )


def _main(change: Change) -> Attribute:
    """What of a change is told: a light that is made blue is also on."""
    others = [each for each in change if each is not Attribute.ON]
    return others[0] if others else next(iter(change))


def _came(came: Came, what: Phrase, entities: Sequence[Entity], language: Language) -> str:
    text = words.load(language)
    names = group(entities, language)
    do = (
        text.text(f"devices-do.{what.key}", names=names, value=what.value)
        if what.key in text.table["devices-do"]
        else ""
    )
    match came:
        case Came.DONE | Came.SENT if what.key in ("pressed", "started"):
            return text.text(f"devices.{what.key}", names=names)
        case Came.DONE:
            done = Phrase(f"{what.key}-done", what.value)
            return _is(done if done.key in text.table["devices-is"] else what, entities, language)
        case Came.SENT:
            return text.text("devices.sent", do=do)
        case Came.UNCONFIRMED:
            return text.text("devices.command" if len(entities) == 1 else "devices.commands", do=do)
        case Came.OFFLINE:
            return text.text("devices.offline")
        case _:
            return _is(Phrase(came.value), entities, language)


def _is(what: Phrase, entities: Sequence[Entity], language: Language, *, most: int = NAMED) -> str:
    text = words.load(language)
    table = "devices-is" if len(entities) == 1 else "devices-are"
    return text.text(f"{table}.{what.key}", names=group(entities, language, most=most), value=what.value)


def unable(entities: Sequence[Entity], language: Language) -> str:
    return sentence([_is(Phrase(Came.CANNOT.value), entities[:NAMED], language)], language)


def shall(wished: Sequence[tuple[Entity, Change]], language: Language) -> str:
    """The question before something that needs a yes."""
    text = words.load(language)
    groups: dict[Phrase, list[Entity]] = {}
    for entity, change in wished:
        attribute = _main(change)
        groups.setdefault(phrase(entity, attribute, change[attribute], language), []).append(entity)
    does = [
        text.text(f"devices-do.{what.key}", names=group(entities, language), value=what.value)
        for what, entities in groups.items()
    ]
    return text.text("devices.sure", do=joined(does, text))


def which(entities: Sequence[Entity], language: Language) -> str:
    """The question which of them is meant."""
    text = words.load(language)
    if len(entities) == 1:
        return text.text("devices.perhaps", names=title(entities[0], language))
    if len(entities) > ASKED:
        return text.text("devices.which-many", count=len(entities))
    names = [title(each, language, among=entities) for each in entities]
    return text.text("devices.which", names=joined(names, text, by="or"))


def answer(
    known: Sequence[Known], language: Language, *, quantity: str = "", places: Sequence[str] = (), only: str = ""
) -> str:
    """How the things are that were asked about; `only`: those that are so ("on"), where it was asked which ones are."""
    text = words.load(language)
    told = [(each, _known(each, language)) for each in known]
    if only:
        told = [(each, what) for each, what in told if what.key == only]
        if not told:
            return text.text(f"devices-none.{only}")
    if len(told) == 1 and places and told[0][1].value and f"place-{quantity}" in text.table["devices"]:
        place = text.text(f"devices-places.{places[0]}")
        return text.text(f"devices.place-{quantity}", value=told[0][1].value, place=place)
    groups: dict[Phrase, list[Entity]] = {}
    for each, what in told:
        groups.setdefault(what, []).append(each.entity)
    most = LISTED if only else NAMED
    return sentence([_how(what, entities, language, most) for what, entities in groups.items()], language)


def _known(each: Known, language: Language) -> Phrase:
    if not each.available:
        return Phrase("unavailable")
    return phrase(each.entity, each.attribute, each.value, language) if each.value is not None else Phrase("unknown")


def _how(what: Phrase, entities: Sequence[Entity], language: Language, most: int) -> str:
    if what.key == "unknown":
        text = words.load(language)
        key = "unknown" if len(entities) == 1 else "unknowns"
        return text.text(f"devices.{key}", names=group(entities, language)).rstrip(".。")
    return _is(what, entities, language, most=most)
