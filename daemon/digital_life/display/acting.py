"""What the face shows of what happens: which messages follow from each event, and when a look is over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from digital_life.broadcast import Event
from digital_life.display.messages import MOODS, Expression, Message, Mood, Motion, Status, Subtitle
from digital_life.values import Announced, Language, Rang, Spoken, State, Transcript, Turn, WakeHeard

MOOD_S: Final = 12.0
"""So long after an answer its mood is seen: a face that smiles much longer is a mask."""
MOST_CHARACTERS: Final = 240
"""Of a subtitle: two lines of a large screen, five of a phone."""
ENDS = tuple(".!?…。！？;；")
"""What a sentence that is shown ends with, perhaps before a quotation mark."""
CLOSING = "\"'”’»」』)） "
BUSY = frozenset({State.THINKING, State.SPEAKING})
"""While it does these a look stays."""
BLANK = frozenset({State.MUTED, State.DEAF, State.STOPPING, State.STARTING})
"""In these it has no mood."""

Told = tuple[Message, ...]


class Acting:
    """`hear` what happens and `settle` what is over; both return what every display is told."""

    def __init__(
        self,
        *,
        mood_of: Callable[[str, Language], str],
        is_grave: Callable[[Transcript], bool],
        subtitles: bool,
    ) -> None:
        """`mood_of` words that it says; a face is calm over what `is_grave`, whatever the words of the answer."""
        self._mood_of = mood_of
        self._is_grave = is_grave
        self._subtitles = subtitles
        self._state = State.STARTING
        self._mood: Mood = "neutral"
        self._due: float | None = None
        self._calm = False
        self._said = ""
        """Of the answer under way, as far as it is heard."""
        self._shown = Subtitle(text="", language="en", final=True)

    @property
    def present(self) -> tuple[Status, Expression]:
        """What a display is told that has just come."""
        return Status(state=self._state), Expression(name=self._mood)

    @property
    def due(self) -> float | None:
        """Monotonic seconds at which there is something to settle; None: nothing changes by itself."""
        return self._due

    def hear(self, event: Event, *, now: float) -> Told:
        told: Told = ()
        match event:
            case State():
                told = self._become(event, now)
            case WakeHeard():
                told = (*self._look("neutral", now), Motion(name="wake"), *self._show("", self._shown.language))
            case Transcript():
                told = self._listened(event)
            case Spoken(text, language):
                told = self._speak(text, language, now)
            case Announced(text, language):
                self._said, self._calm = "", False
                told = self._look(self._mood_of(text, language), now)
            case Rang():
                told = (Motion(name="wake"),)
            case Turn():
                told = self._turned(event, now)
        return told

    def settle(self, *, now: float) -> Told:
        """The look that was due to end by `now` is over."""
        return self._look("neutral", now) if self._due is not None and now >= self._due else ()

    def _become(self, state: State, now: float) -> Told:
        self._state = state
        if state is State.THINKING:
            look = "thinking"
        elif state in BLANK or self._mood == "thinking":
            look = "neutral"
        else:
            look = self._mood
        return Status(state=state), *self._look(look, now)

    def _listened(self, heard: Transcript) -> Told:
        """It has understood, and shows it."""
        self._said, self._calm = "", self._is_grave(heard)
        return () if self._calm else (Motion(name="nod"),)

    def _speak(self, text: str, language: Language, now: float) -> Told:
        self._said += text
        look = self._mood_of(self._said, language)
        return *self._look(look, now), *self._show(joined(self._shown, text, language), language)

    def _turned(self, turn: Turn, now: float) -> Told:
        self._said = ""
        if turn.reply.interrupted:
            return self._ended_subtitle()  # who interrupts is looked at, whatever it was about to feel
        self._calm = self._is_grave(turn.heard)
        look = "worried" if turn.failed else self._mood_of(turn.reply.said, turn.heard.language)
        return *self._look(look, now), *self._ended_subtitle()

    def _look(self, name: str, now: float) -> Told:
        mood: Mood = next((each for each in MOODS if each == name), "neutral")
        if self._calm and mood != "thinking":
            mood = "neutral"
        stays = mood == "neutral" or self._state in BUSY
        if stays:
            self._due = None
        elif self._due is None or mood != self._mood:
            self._due = now + MOOD_S
        changed, self._mood = mood != self._mood, mood
        return (Expression(name=mood),) if changed else ()

    def _show(self, text: str, language: Language) -> Told:
        subtitle = Subtitle(text=text, language=language, final=not text or is_whole(text))
        if not self._subtitles or subtitle == self._shown:
            return ()
        self._shown = subtitle
        return (subtitle,)

    def _ended_subtitle(self) -> Told:
        """Nothing more follows of what is shown."""
        if self._shown.final:
            return ()
        self._shown = Subtitle(text=self._shown.text, language=self._shown.language, final=True)
        return (self._shown,)


def joined(shown: Subtitle, text: str, language: Language) -> str:
    """What is to be read when `text` begins: a sentence that comes in pieces stays together, if it is not too long."""
    goes_on = bool(shown.text) and not shown.final and shown.language == language
    whole = shown.text + text if goes_on else text.lstrip()
    return whole if len(whole) <= MOST_CHARACTERS else text.lstrip()[:MOST_CHARACTERS]


def is_whole(text: str) -> bool:
    """Whether a sentence ends there."""
    return text.rstrip(CLOSING).endswith(ENDS)
