"""What is asked of the home: the words of a request as what shall be done, of which things, in which rooms."""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from digital_life import words
from digital_life.devices.spoken import lexicon
from digital_life.devices.spoken.lexicon import Token
from digital_life.values import Language
from digital_life.words import Words


class Verb(enum.StrEnum):
    """What shall be done. What "open" and "raise" mean depends on the thing."""

    NONE = ""
    """Nothing was said of it: a mere name, or a value."""
    ARM = "arm"
    CLOSE = "close"
    DISARM = "disarm"
    DOCK = "dock"
    LOCK = "lock"
    LOWER = "lower"
    OFF = "off"
    ON = "on"
    OPEN = "open"
    RAISE = "raise"
    RUN = "run"
    SET = "set"
    STOP = "stop"
    SWING = "swing"
    UNLOCK = "unlock"


class Aspect(enum.StrEnum):
    """What of a thing."""

    NONE = ""
    BRIGHTNESS = "brightness"
    COLOUR = "colour"
    HUMIDITY = "humidity"
    MODE = "mode"
    POSITION = "position"
    SPEED = "speed"
    TEMPERATURE = "temperature"
    TONE = "tone"
    """Colour temperature."""
    VOLUME = "volume"
    WARMTH = "warmth"
    """Of a light its tone, of a heating its temperature."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall be done, whatever to."""

    verb: Verb = Verb.NONE
    aspect: Aspect = Aspect.NONE
    number: float | None = None
    unit: str = ""
    """Of the number: "percent", "degrees", "kelvin", "step"; empty: none was said."""
    by: bool = False
    """Whether the number is a difference."""
    amount: str = ""
    """A key of [home-amount], "slight" and "much" left out."""
    strength: float = 1.0
    """Of a difference without a number: 0.5 for "a bit", 2 for "a lot"."""
    colour: str = ""
    """A key of [home-colour]."""
    tone: str = ""
    """A key of [home-tone]."""
    mode: str = ""
    """A key of [home-mode]."""
    ends: bool = False
    """Whether it shall no longer swing."""
    said: str = ""
    """The words of the clause, in which an option of the device may be named."""

    @property
    def has_value(self) -> bool:
        return self.number is not None or bool(self.amount or self.colour or self.tone or self.mode)


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing, or several of a kind, as they were named."""

    things: tuple[str, ...] = ()
    """Keys of [home-thing]: what it is comes last."""
    places: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """That the lexicon does not know."""
    names: tuple[str, ...] = ()
    """Whole names of devices."""
    several: bool = False
    """A plural, or "all"."""
    text: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.things or self.places or self.marks or self.words or self.names)

    @property
    def head(self) -> str:
        return self.things[-1] if self.things else ""


@dataclass(frozen=True, slots=True)
class Request:
    """One thing that is asked for or asked about."""

    wish: Wish
    mentions: tuple[Mention, ...] = ()
    """Empty: what was spoken of last."""
    besides: tuple[Mention, ...] = ()
    """What is left out."""
    asks: bool = False
    quantity: str = ""
    """A key of [home-quantity] that is asked about; empty: how it is."""
    which: bool = False
    """Whether it is asked which ones are so."""
    refers: bool = False
    """"it", "them"."""
    complains: bool = False
    """It was not said what shall be done, only what is wrong."""
    states: bool = False
    """It only tells how something is."""
    refuses: bool = False
    """It says what shall not be done."""
    again: bool = False
    """The same that was asked last, of something else."""
    every: bool = False
    weak: bool = False
    """Its verb is one that is said of anything: "on", "up"."""

    @property
    def is_something(self) -> bool:
        """Whether anything of it is of the home."""
        return bool(self.mentions or self.wish.verb or self.wish.has_value or self.quantity)


_VERBS = {each.value: each for each in Verb if each}
_RELATIVE = {
    "brighter": (Verb.RAISE, Aspect.BRIGHTNESS),
    "darker": (Verb.LOWER, Aspect.BRIGHTNESS),
    "warmer": (Verb.RAISE, Aspect.WARMTH),
    "colder": (Verb.LOWER, Aspect.WARMTH),
    "louder": (Verb.RAISE, Aspect.VOLUME),
    "quieter": (Verb.LOWER, Aspect.VOLUME),
    "faster": (Verb.RAISE, Aspect.SPEED),
    "slower": (Verb.LOWER, Aspect.SPEED),
}
_COMPLAINTS = {
    "dark": (Verb.RAISE, Aspect.BRIGHTNESS),
    "bright": (Verb.LOWER, Aspect.BRIGHTNESS),
    "cold": (Verb.RAISE, Aspect.WARMTH),
    "hot": (Verb.LOWER, Aspect.WARMTH),
}
_WEAK = {"weak-on": Verb.ON, "weak-off": Verb.OFF, "weak-up": Verb.RAISE, "weak-down": Verb.LOWER}
_STRONG = {*_VERBS, *_RELATIVE} - {"set"}
_ASPECTS = {each.value: each for each in Aspect if each}
_STRENGTHS = {"slight": 0.5, "much": 2.0}
_PAUSE = re.compile(r"(?<!\d)[,;!?.，；。！？]+|[,;!?.，；。！？]+(?!\d)")
_TO = re.compile(r"(?:\b(?:to|at)|[到成为至])\s*$")
_FIRST = {"arm", "disarm", "lock", "unlock", "swing", "dock"}
"""Verbs that no other one beside them takes the place of."""


def read(
    text: str, language: Language, *, names: Iterable[str] = (), sound: Callable[[str], str] | None = None
) -> tuple[Request, ...]:
    """What is asked for, one request a clause; empty where nothing is. `names` of devices, as `lexicon.plain` has them.

    `sound`: how Chinese is pronounced, for what a recogniser wrote in other characters.
    """
    said = lexicon.plain(text)
    if sound:
        said = lexicon.corrected(said, _by_sound(tuple(names), sound), sound)
    found = _tokens(said, tuple(names))
    sense = _Sense.of(said, words.load(language))
    if _orders_later(said, found):
        sense = replace(sense, states=False)
    found, besides = _parted(said, found)
    clauses = _clauses(said, found)
    requests = _joined([_request(said, each, sense, words.load(language)) for each in clauses])
    return tuple(replace(each, besides=besides) for each in requests if each.is_something)


def _orders_later(said: str, found: Sequence[Token]) -> bool:
    """Whether something is told first, and then ordered: "the fan is too loud, slow it down"."""
    later = [[each for each in part if each.key != "conj"] for part in _split(said, found)[1:]]
    return any(part and part[0].category == "act" for part in later)


@functools.lru_cache(maxsize=4)
def _by_sound(names: tuple[str, ...], sound: Callable[[str], str]) -> dict[str, str]:
    written = [*lexicon.chinese_nouns(), *(each for each in names if len(each) > 1 and lexicon.HAN_RUN.fullmatch(each))]
    return {"".join(sound(char) for char in each): each for each in reversed(written)}


def _tokens(said: str, names: tuple[str, ...]) -> tuple[Token, ...]:
    """With whole names of devices in it; never one that takes away what shall be done."""
    spoken = tuple(each for each in names if each in said)
    found = lexicon.tokens(said, names=spoken)
    if not any(each.category == "name" for each in found) or _acts(found):
        return found
    harmless = tuple(each for each in spoken if not _acts(lexicon.tokens(each)))
    return lexicon.tokens(said, names=harmless)


def _acts(found: Iterable[Token]) -> bool:
    return any(each.category == "act" for each in found)


@dataclass(frozen=True, slots=True)
class _Sense:
    """How the whole is meant."""

    asks: bool
    states: bool
    again: bool

    @classmethod
    def of(cls, said: str, text: Words) -> _Sense:
        bare = said.strip(words.AROUND.replace("?", "").replace("？", "")).replace("？", "?")
        again = bool(text.search("home-sense.about", bare.rstrip("?")))
        asks = bool(text.search("home-sense.asks", bare.rstrip("?"))) or bool(text.search("home-sense.asks", bare))
        unsure = bare.rstrip("?")
        may = bool(text.search("home-sense.may-ask", bare) or text.search("home-sense.may-ask", unsure))
        asks = asks or (may and not text.search("home-sense.orders", unsure))
        states = not asks and bool(text.search("home-sense.states", bare))
        return cls(asks and not again, states, again)


def _parted(said: str, found: Sequence[Token]) -> tuple[tuple[Token, ...], tuple[Mention, ...]]:
    """The tokens without those of an exception, and what that leaves out."""
    start = next((place for place, each in enumerate(found) if (each.category, each.key) == ("form", "except")), None)
    if start is None:
        return tuple(found), ()
    end = start + 1
    while end < len(found) and not _ends_exception(said, found[end - 1], found[end], first=end == start + 1):
        end += 1
    left_out = [each for each in found[start + 1 : end] if (each.category, each.key) != ("form", "near")]
    besides = _mentions(left_out)
    return (*found[:start], *found[end:]), tuple(each for each in besides if not each.is_empty)


def _ends_exception(said: str, before: Token, token: Token, *, first: bool) -> bool:
    if not first and _PAUSE.search(said[before.end : token.start]):
        return True
    return token.category == "act" or (token.category, token.key) == ("form", "all")


def _clauses(said: str, found: Sequence[Token]) -> list[list[Token]]:
    """Each with what shall be done in it: "turn off the lamp and the fan, and close the blinds" are two."""
    clauses: list[list[Token]] = []
    waiting: list[Token] = []
    for each in _split(said, found):
        if _does(said, each):
            clauses.append(each if _is_remark(waiting) and _names_thing(each) else _linked(waiting, each))
            waiting = []
        elif clauses:
            clauses[-1] = _linked(clauses[-1], each)
        else:
            waiting = _linked(waiting, each)
    if waiting:
        clauses.append(waiting)
    return clauses


def _is_remark(found: Sequence[Token]) -> bool:
    """Whether it names no thing, and says more than where: "it is night outside, close the blinds"."""
    return not _names_thing(found) and any(each.category == "word" for each in found)


def _linked(before: list[Token], behind: list[Token]) -> list[Token]:
    """Of one clause; where both name something, or "and" is between them, they are two things."""
    joins = behind[0].category == "form" and behind[0].key == "conj"
    if joins or not (_names_thing(before) and _names_thing(behind)):
        return [*before, *behind]
    return [*before, Token(behind[0].start, behind[0].start, "form", "conj", ""), *behind]


def _names_thing(found: Iterable[Token]) -> bool:
    return any(each.category in ("thing", "compound", "name") for each in found)


def _does(said: str, tokens: Iterable[Token]) -> bool:
    """Whether it says what shall be done, or to what value."""
    return any(
        each.category in ("tone", "colour", "mode", "quantity")
        or (each.category == "number" and (each.key or _TO.search(said[: each.start])))
        or (each.category == "act" and each.key != "set")
        for each in tokens
    )


def _split(said: str, found: Sequence[Token]) -> list[list[Token]]:
    """At pauses and conjunctions, which stand first in what they lead to."""
    parts: list[list[Token]] = [[]]
    end = 0
    for each in found:
        joins = (each.category, each.key) == ("form", "conj")
        if (joins or _PAUSE.search(said[end : each.start])) and parts[-1]:
            parts.append([])
        parts[-1].append(each)
        end = each.end
    return [each for each in parts if each]


def _request(said: str, found: Sequence[Token], sense: _Sense, text: Words) -> Request:
    wish, complains = _wish(said, found, text)
    mentions = tuple(each for each in _mentions(found) if not each.is_empty)
    forms = {each.key for each in found if each.category == "form"}
    every = "all" in forms
    quantity = next((each.key for each in found if each.category == "quantity"), "")
    if quantity == "mode" or not sense.asks:
        quantity = quantity if sense.asks else ""
    return Request(
        wish,
        tuple(replace(each, several=each.several or every or "which" in forms) for each in mentions),
        asks=sense.asks and not (complains and not quantity),
        quantity=quantity,
        which="which" in forms,
        refers="it" in forms,
        complains=complains,
        states=sense.states and not _has(found, *_COMPLAINTS),
        refuses="not" in forms,
        weak=not _has(found, *_STRONG),
        again=sense.again and not wish.verb and not wish.has_value,
        every=every,
    )


def _wish(said: str, found: Sequence[Token], text: Words) -> tuple[Wish, bool]:
    """And whether it is a mere complaint."""
    verb, aspect, complains = _verb(found, text.language)
    keys = {category: _key(found, category) for category in ("colour", "tone", "mode")}
    amounts = [each.key for each in found if each.category == "amount"]
    number = _number(said, found, text)
    relative = verb in (Verb.RAISE, Verb.LOWER)
    before = said[: number.start] if number else ""
    by = bool(number) and (
        bool(text.search("home-sense.by", before)) or (relative and not text.search("home-sense.to", before))
    )
    if aspect is Aspect.NONE:
        aspect = next(
            (_ASPECTS[each.key] for each in found if each.category == "quantity" and each.key in _ASPECTS), aspect
        )
    wish = Wish(
        verb,
        aspect,
        number.value if number else None,
        number.key if number else "",
        by=by,
        amount=next((each for each in amounts if each not in _STRENGTHS), ""),
        strength=next((_STRENGTHS[each] for each in amounts if each in _STRENGTHS), 1.0),
        colour=keys["colour"],
        tone=keys["tone"],
        mode=keys["mode"],
        ends=verb is Verb.SWING and _has(found, "stop", "off", "weak-off", "close"),
        said=said,
    )
    return wish, complains


def _has(found: Iterable[Token], *acts: str) -> bool:
    return any(each.category == "act" and each.key in acts for each in found)


def _key(found: Iterable[Token], category: str) -> str:
    return next((each.key for each in found if each.category == category), "")


def _verb(found: Iterable[Token], language: Language) -> tuple[Verb, Aspect, bool]:
    """What shall be done, of what, and whether that follows from a complaint alone.

    English says it first ("turn off the lights that are on"), Chinese last (把开着的灯都关了).
    """
    acts = [each.key for each in found if each.category == "act"]
    if language == "zh":
        acts.reverse()
        acts.sort(key=lambda each: each not in ("raise", "lower"))
    plain = {key: (verb, Aspect.NONE) for key, verb in _VERBS.items() if key != "set"}
    firmly = ({key: plain[key] for key in _FIRST}, _RELATIVE, plain)
    for table in firmly:
        meant = next((table[key] for key in acts if key in table), None)
        if meant:
            return *meant, False
    weak = next((_WEAK[key] for key in reversed(acts) if key in _WEAK), None)
    if weak:
        return weak, Aspect.NONE, False
    complaint = next((_COMPLAINTS[key] for key in acts if key in _COMPLAINTS), None)
    if complaint:
        return *complaint, True
    return (Verb.SET if "set" in acts else Verb.NONE), Aspect.NONE, False


def _number(said: str, found: Sequence[Token], text: Words) -> Token | None:
    """The one that is a value: with a unit, after "to", or at the end; "two lamps" is none."""
    numbers = [(place, each) for place, each in enumerate(found) if each.category == "number"]
    for place, each in numbers:
        behind = found[place + 1 :]
        ends = not any(other.is_noun or other.category in ("word", "name") for other in behind)
        after = text.search("home-sense.to", said[: each.start]) or text.search("home-sense.by", said[: each.start])
        if each.key or after or (ends and place):
            return each
    return None


def _mentions(found: Sequence[Token]) -> list[Mention]:
    """What is named; what the last of them is, those before it are too: "the kitchen and hall lights"."""
    parts: list[list[Token]] = [[]]
    for each in found:
        if (each.category, each.key) == ("form", "conj"):
            parts.append([])
        else:
            parts[-1].append(each)
    mentions = [each for each in (_mention(part) for part in parts) if not each.is_empty]
    return [_inherited(each, mentions[place + 1 :], mentions[:place]) for place, each in enumerate(mentions)]


def _inherited(mention: Mention, later: Sequence[Mention], earlier: Sequence[Mention]) -> Mention:
    if mention.things or mention.names:
        return mention
    after = next((each for each in later if each.things), None)
    before = next((each for each in reversed(earlier) if each.things), None)
    giver = after or (before if mention.places and not mention.words else None)
    if giver is None:
        return mention
    return replace(mention, things=giver.things[-1:], several=mention.several or giver.several)


def _mention(found: Sequence[Token]) -> Mention:
    """The things before "in", "of" and the like tell what it is, so they come last."""
    things: list[str] = []
    places: list[str] = []
    marks: list[str] = []
    unknown: list[str] = []
    names: list[str] = []
    behind: list[str] = []
    near = False
    several = any((each.category, each.key) == ("thing", "everything") for each in found)
    for each in found:
        if (each.category, each.key) == ("form", "near"):
            near = bool(things) and not lexicon.HAN.search(each.text)
        elif each.category == "name":
            names.append(each.key)
            inner = _mention(lexicon.tokens(each.key, categories=lexicon.NOUNS))
            things, places, marks = [*things, *inner.things], [*places, *inner.places], [*marks, *inner.marks]
        elif each.category == "word":
            unknown.append(each.key)
        for category, key in _parts(each):
            if category == "thing":
                (behind if near else things).append(key)
                several = several or (not near and _is_plural(each))
            elif category == "place":
                places.append(key)
            else:
                marks.append(key)
    nouns = [each.text for each in found if each.is_noun or each.category in ("word", "name")]
    text = "".join(nouns) if lexicon.HAN.search("".join(nouns)) else " ".join(nouns)
    unique = [tuple(dict.fromkeys(each)) for each in ([*behind, *things], places, marks, unknown, names)]
    return Mention(unique[0], unique[1], unique[2], unique[3], unique[4], several=several, text=text)


def _parts(token: Token) -> list[tuple[str, str]]:
    """Categories and keys of a noun; a compound has two."""
    if token.category != "compound":
        return [(token.category, token.key)] if token.is_noun else []
    return [(kind_of(each), each) for each in token.key.split("+")]


def kind_of(key: str) -> str:
    """The category of a part of a compound; the last may be a thing and a mark alike ("floor"). Empty: it is none."""
    table = words.load("en").table
    return next((each for each in ("thing", "place", "mark") if key in table[f"home-{each}"]), "")


def _is_plural(token: Token) -> bool:
    return token.text.endswith("s") and not token.text.endswith("ss")


def _joined(requests: Iterable[Request]) -> list[Request]:
    """A complaint beside an order only tells where; "it" is what the clause before named."""
    joined: list[Request] = []
    for each in requests:
        joined = [*joined[:-1], *_follow(joined[-1], each)] if joined else [each]
    return joined


def _follow(before: Request, request: Request) -> tuple[Request, ...]:
    """What the two are together."""
    if before.complains and not request.complains:
        return (_with_context(request, before),)
    if request.complains and not before.complains:
        return (_with_context(before, request),)
    if not before.mentions or request.mentions:
        return (before, request)
    same = replace(request, mentions=before.mentions, every=before.every, states=False)
    said_nothing = before.wish.verb in (Verb.NONE, Verb.SET) and not before.wish.has_value and not before.asks
    return (same,) if said_nothing else (before, same)


def _with_context(request: Request, complaint: Request) -> Request:
    request = replace(request, states=False)
    if not request.mentions:
        return replace(request, mentions=complaint.mentions, every=complaint.every)
    places = tuple(place for mention in complaint.mentions for place in mention.places)
    mentions = tuple(each if each.places else replace(each, places=places) for each in request.mentions)
    return replace(request, mentions=mentions)
