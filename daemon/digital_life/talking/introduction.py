"""The first talk: what is asked next, what an answer means, and what was learnt from it."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from digital_life import words
from digital_life.talking import answers, commands, names
from digital_life.values import Language, Transcript

SURE = 0.6
"""Confidence of the recogniser from which a name is taken as it was heard."""
CLEAR = 0.05
"""So far over its threshold a wake word was said clearly."""
PUT_MOST = 3
"""So often a question is put at most, the first time among them."""
UNASKED_MOST = 2
"""The same where nobody asked for it to be repeated."""
TRIES = 3
"""Of the wake word."""
NO_NAMES: tuple[answers.Reply, ...] = ("no", "skip", "decline", "again")
UNHEARD_MOST = 3
"""Questions in a row that nobody answered: then nobody is there."""


class Topic(enum.StrEnum):
    LANGUAGE = "language"
    USER = "user"
    """How the person is called."""
    NAME = "name"
    """How the companion is called."""
    VOICE = "voice"
    WAKE = "wake"


@dataclass(frozen=True, slots=True)
class Introduction:
    """How far it is."""

    me: str
    """How the companion is called."""
    phrase: str
    """The wake word, as it is said."""
    language: Language = "en"
    user: str = ""
    voices: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)
    """Those that can be chosen from, the present one first."""
    topics: tuple[Topic, ...] = ()
    """What is still to be done; the first is asked for. Empty: it is over."""
    put: int = 0
    """How often the present question was put."""
    doubted: str = ""
    """A name that may have been misheard."""
    named: Topic | None = None
    """Whose name was learnt last: what a correction is about."""
    redone: tuple[Topic, ...] = ()
    """What was asked for anew because it had been misheard."""
    tries: int = 0
    unheard: int = 0
    """Questions in a row that nobody answered."""
    goes_on: bool = False
    """Whether it asks; not before it has begun, and not while it is interrupted."""

    @property
    def topic(self) -> Topic | None:
        return self.topics[0] if self.topics else None

    @property
    def done(self) -> tuple[Topic, ...]:
        return tuple(each for each in Topic if each not in self.topics)


@dataclass(frozen=True, slots=True)
class Began:
    """Time to begin, or to go on after a restart."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody answered."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """It was told to be silent, or is muted."""


@dataclass(frozen=True, slots=True)
class Disturbed:
    """Something else was said to it, and answered."""

    language: Language


@dataclass(frozen=True, slots=True)
class Woken:
    """The wake word was said."""

    score: float
    needed: float
    """Both 0 to 1."""


@dataclass(frozen=True, slots=True)
class NotWoken:
    """It was not said, or nearly."""

    score: float = 0.0
    needed: float = 1.0
    """Both 0 to 1."""


@dataclass(frozen=True, slots=True)
class DoneElsewhere:
    """The page did it."""

    topic: Topic
    learnt: Mapping[Topic, str]


Heard = Transcript | Began | Silence | Stopped | Disturbed | Woken | NotWoken | DoneElsewhere
Sound = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Step:
    """What comes of something that was heard."""

    state: Introduction
    said: str = ""
    """Empty: nothing."""
    learnt: Mapping[Topic, str] = field(default_factory=dict)
    tried: str = ""
    """A voice in which `then` is to be said, after the rest."""
    then: str = ""


def awaits(state: Introduction, heard: Transcript) -> bool:
    """Whether "no, thank you" is an answer now, and does not mean that it shall be silent."""
    return state.goes_on and state.topic is not None and answers.means("decline", heard.text)


def begun_again(state: Introduction) -> Introduction:
    """From the first question on."""
    return replace(
        state, topics=_topics(state), put=0, doubted="", named=None, redone=(), tries=0, unheard=0, goes_on=False
    )


def _topics(state: Introduction) -> tuple[Topic, ...]:
    return tuple(each for each in Topic if each is not Topic.VOICE or any(len(v) > 1 for v in state.voices.values()))


def step(state: Introduction, heard: Heard, *, sound: Sound) -> Step | None:
    """What comes of it; None where it has nothing to do with this."""
    match heard:
        case Transcript():
            return _answered(state, heard, sound)
        case Began():
            return _put(replace(state, goes_on=True), _greeting(state))
        case DoneElsewhere():
            return _done_elsewhere(state, heard)
        case _:
            return _happened(state, heard) if state.topic else None


def _happened(state: Introduction, heard: Heard) -> Step | None:
    match heard:
        case Stopped():
            return Step(replace(state, goes_on=False))
        case Disturbed(language):
            return _goes_on(state, language)
        case Silence() if state.goes_on:
            return _unheard(state)
        case Woken() | NotWoken() if state.goes_on and state.topic is Topic.WAKE:
            return _tested(state, heard)
        case _:
            return None


# What is said.


def _text(state: Introduction, key: str, **values: object) -> str:
    found = words.load(state.language).text(f"introduction.{key}", **values)
    return found if values else found.replace("{me}", state.me).replace("{phrase}", state.phrase)


def _greeting(state: Introduction) -> str:
    """In all languages until one is chosen."""
    if Topic.LANGUAGE not in state.topics:
        return _text(state, "back")
    return _both(state, "greeting")


def _both(state: Introduction, key: str) -> str:
    order = sorted(words.LANGUAGES, key=lambda each: each != state.language)
    return " ".join(_text(replace(state, language=each), key) for each in order)


def _question(state: Introduction, topic: Topic) -> str:
    if topic is Topic.LANGUAGE:
        return _both(state, "language")
    if topic is Topic.VOICE and state.put > 1:
        return _text(state, "voice-again")
    if state.doubted and topic in (Topic.USER, Topic.NAME):
        return _text(state, f"{topic}-sure", name=state.doubted)
    return _text(state, topic)


def _put(state: Introduction, lead: str = "") -> Step:
    """Put the present question, after `lead`; without one, say that it is over."""
    topic = state.topic
    if topic is None:
        user = _text(state, "over-user", name=state.user) if state.user else ""
        return Step(replace(state, goes_on=False), _joined(state, lead, _text(state, "over", user=user)))
    if topic is Topic.VOICE and not _choice(state):
        return _put(_next(state), lead)
    state = replace(state, put=state.put + 1, goes_on=True)
    said = _joined(state, lead, _question(state, topic))
    if topic is Topic.VOICE and state.put == 1:
        return Step(state, said, tried=_choice(state)[1], then=_text(state, "voice-second"))
    return Step(state, said)


def _choice(state: Introduction) -> tuple[str, ...]:
    """The two voices; nothing where there are no two."""
    found = state.voices.get(state.language, ())
    return found[:2] if len(found) > 1 else ()


def _joined(state: Introduction, *parts: str) -> str:
    return ("" if state.language == "zh" else " ").join(each for each in parts if each)


def _next(state: Introduction) -> Introduction:
    return replace(state, topics=state.topics[1:], put=0, doubted="", tries=0)


def _again(state: Introduction, lead: str, *, most: int) -> Step:
    """Put the question once more, or the next one where that was often enough."""
    if state.put >= most:
        return _put(_next(state), _joined(state, _text(state, "skipped")))
    return _put(state, lead)


# What was heard.


def _answered(state: Introduction, heard: Transcript, sound: Sound) -> Step | None:
    if heard.remote:
        return None  # nobody in the house need have said it
    if answers.means("begin", heard.text):
        state = begun_again(replace(state, language=heard.language))
        return _put(replace(state, goes_on=True), _text(state, "greeting-again"))
    if state.topic is None or not state.goes_on:
        return None
    if commands.understood(heard) in ("bye", "mute", "talk", "why") and not _keeps(state, heard, sound):
        return None
    understood = _of_doubt(state, heard, sound) or _corrected(state, heard, sound) or _about(state, heard, sound)
    return replace(understood, state=replace(understood.state, unheard=0)) if understood else None


def _keeps(state: Introduction, heard: Transcript, sound: Sound) -> bool:
    """Whether "that's all" and the like only means that the name may stay."""
    return state.topic is Topic.NAME and bool(names.chosen(heard.text, state.me, sound=sound))


def _about(state: Introduction, heard: Transcript, sound: Sound) -> Step | None:
    if answers.means("again", heard.text):
        return _again(state, _text(state, "once-more"), most=PUT_MOST)
    if state.topic is Topic.LANGUAGE:
        return _language(state, heard, sound)
    if state.topic is Topic.NAME and (chosen := _name_of_mine(state, heard, sound)):
        return chosen
    if answers.means("skip", heard.text):
        return _put(_next(state), _text(state, "skipped"))
    if state.topic is Topic.USER and not answers.means("question", heard.text):
        found = names.given(heard.text, sound=sound)
        return _take(state, Topic.USER, found, heard) if found else None
    return _voice(state, heard) if state.topic is Topic.VOICE else None


def _language(state: Introduction, heard: Transcript, sound: Sound) -> Step | None:
    """The one that is named, else the one that is spoken; a name said with it is taken too."""
    asked = answers.language_asked_for(heard.text)
    if asked is None and answers.means("question", heard.text):
        return None
    language = heard.language if asked is None or asked == "both" else asked
    state = replace(_next(state), language=language)
    learnt: dict[Topic, str] = {Topic.LANGUAGE: language}
    lead = _text(state, "hello-language")
    found = names.given(heard.text, sound=sound) if asked is None and names.is_named(heard.text) else None
    if found and heard.confidence >= SURE:
        taken = _take(state, Topic.USER, found, heard)
        return replace(taken, learnt={**learnt, **taken.learnt})
    return replace(_put(state, lead), learnt=learnt)


def _name_of_mine(state: Introduction, heard: Transcript, sound: Sound) -> Step | None:
    if answers.means("question", heard.text) and not heard.text.rstrip().endswith(("?", "？")):
        return None
    chosen = names.chosen(heard.text, state.me, sound=sound)
    if chosen and (chosen.surely or not answers.means("skip", heard.text)):
        return _take(state, Topic.NAME, chosen, heard)
    kept = any(answers.means(each, heard.text) for each in ("yes", "no", "decline"))
    return _take(state, Topic.NAME, names.Named(state.me, surely=True), heard) if kept else None


def _take(state: Introduction, topic: Topic, found: names.Named, heard: Transcript) -> Step:
    """Believe the name, or ask once whether it was that."""
    is_old = topic is Topic.NAME and found.name == state.me
    if heard.confidence < SURE and not is_old and not state.doubted and state.put < PUT_MOST:
        return _put(replace(state, doubted=found.name))
    return _learn(state, topic, found.name)


def _learn(state: Introduction, topic: Topic, name: str, lead: str = "") -> Step:
    if topic is Topic.USER:
        state = replace(state, user=name)
        lead = lead or _text(state, "hello-user", name=name)
    else:
        old, state = state.me, replace(state, me=name)
        kept = old == name
        lead = lead or (
            _text(state, "hello-name-kept", name=name)
            if kept
            else _text(state, "hello-name", name=name, phrase=state.phrase)
        )
    if state.topic is topic:
        state = _next(state)
    return replace(_put(replace(state, named=topic), lead), learnt={topic: name})


def _of_doubt(state: Introduction, heard: Transcript, sound: Sound) -> Step | None:
    """The answer to whether a name was heard rightly."""
    topic = state.topic
    if not state.doubted or topic not in (Topic.USER, Topic.NAME):
        return None
    if answers.means("yes", heard.text):
        return _learn(state, topic, state.doubted)
    if answers.means("no", heard.text) or answers.means("wrong", heard.text):
        return _again(replace(state, doubted=""), _text(state, "once-more"), most=PUT_MOST)
    name = names.corrected(heard.text, state.doubted, sound=sound)
    return _learn(state, topic, name) if name else None


def _corrected(state: Introduction, heard: Transcript, sound: Sound) -> Step | None:
    """The name that was learnt last is another one, or was misheard."""
    topic = state.named
    if topic is None or state.topic in (topic, Topic.LANGUAGE) or answers.means("question", heard.text):
        return None
    if answers.means("wrong", heard.text):
        if topic in state.redone:
            return None
        redone = (*state.redone, topic)
        state = replace(state, topics=(topic, *state.topics), put=1, named=None, doubted="", redone=redone)
        return _put(state, _text(state, "once-more"))
    present = state.user if topic is Topic.USER else state.me
    if answers.choice(heard.text) is not None or any(answers.means(each, heard.text) for each in NO_NAMES):
        return None
    name = names.corrected(heard.text, present, sound=sound)
    if name is None or _is_about_me(state, heard, sound):
        return None
    lead = _text(state, "corrected", name=name)
    after = _learn(state, topic, name, lead)
    # The question that it came between is not put for ever.
    return after if state.put < PUT_MOST else replace(after, state=replace(after.state, put=state.put), said=lead)


def _is_about_me(state: Introduction, heard: Transcript, sound: Sound) -> bool:
    """Whether the companion's own name is what is talked of just now."""
    if state.topic is not Topic.NAME:
        return False
    chosen = names.chosen(heard.text, state.me, sound=sound)
    return bool(chosen and chosen.surely and chosen.name == state.me)


def _voice(state: Introduction, heard: Transcript) -> Step | None:
    chosen = answers.choice(heard.text)
    if chosen is None:
        return None
    voice = _choice(state)[chosen]
    lead = _text(state, "hello-voice")
    return replace(_put(_next(state), lead), learnt={Topic.VOICE: voice})


# What happened beside.


def _unheard(state: Introduction) -> Step:
    if state.unheard + 1 >= UNHEARD_MOST:
        return Step(replace(state, unheard=0, goes_on=False))
    state = replace(state, unheard=state.unheard + 1)
    if state.doubted and state.topic:
        return _learn(state, state.topic, state.doubted)  # who says nothing against it agrees
    return _again(state, _text(state, "unheard"), most=UNASKED_MOST)


def _goes_on(state: Introduction, language: Language) -> Step:
    """After something else was answered; it shows which language is spoken."""
    if state.topic is Topic.LANGUAGE:
        state = replace(_next(state), language=language)
        return replace(_put(state, _text(state, "back")), learnt={Topic.LANGUAGE: language})
    state = replace(state, goes_on=True, unheard=0)
    if state.doubted and state.topic:
        return _learn(state, state.topic, state.doubted)
    if state.put >= UNASKED_MOST:
        state = _next(state)
    return _put(state, _text(state, "back"))


def _tested(state: Introduction, heard: Woken | NotWoken) -> Step:
    percent = {"score": round(100 * heard.score), "needed": round(100 * heard.needed)}
    if isinstance(heard, Woken):
        clear = heard.score >= min(1.0, heard.needed + CLEAR)
        lead = _text(state, "woken", score=percent["score"]) if clear else _text(state, "woken-barely", **percent)
        return replace(_put(_next(state), lead), learnt={Topic.WAKE: state.phrase})
    state = replace(state, tries=state.tries + 1)
    if state.tries >= TRIES:
        return _put(_next(state), _text(state, "not-woken"))
    key = "wake-nearly" if heard.score else "wake-silent"
    values = percent if heard.score else {}
    return Step(state, _text(state, key, phrase=state.phrase, **values))


def _done_elsewhere(state: Introduction, heard: DoneElsewhere) -> Step:
    """The person is at the page now: the voice waits until it is spoken to."""
    learnt = heard.learnt
    state = replace(
        state,
        language=_language_of(learnt, state),
        user=learnt.get(Topic.USER, state.user),
        me=learnt.get(Topic.NAME, state.me),
        topics=tuple(each for each in state.topics if each is not heard.topic),
        goes_on=False,
        doubted="",
        put=0 if state.topic is heard.topic else state.put,
    )
    return Step(state)


def _language_of(learnt: Mapping[Topic, str], state: Introduction) -> Language:
    return next((each for each in words.LANGUAGES if each == learnt.get(Topic.LANGUAGE)), state.language)
