"""Wishes about voices: to learn one, to forget one, to be told whose it is."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from digital_life import words
from digital_life.broadcast import placed
from digital_life.errors import PeopleError
from digital_life.people.enrolling import Enrolment, NameOf, Step, step
from digital_life.people.meant import Meant, meant
from digital_life.people.voices import VoicePrint
from digital_life.values import Granted, Turn

if TYPE_CHECKING:
    from digital_life.people.file import PeopleFile
    from digital_life.ports import Clock
    from digital_life.values import Transcript

log = logging.getLogger(__name__)

PATIENCE_S = 60.0
"""After which what was under way is forgotten: who speaks then means something else."""


class PeopleWishes:
    """Wishes; nothing of them is remembered."""

    def __init__(self, file: PeopleFile, *, model: str, clock: Clock, user: str, name_of: NameOf) -> None:
        """`model`: of the network that makes the vectors; `user`: how the user is called."""
        self._file = file
        self._model = model
        self._clock = clock
        self._user = user
        self._name_of = name_of
        self._state: Enrolment | None = None
        self._room = ""
        """Where it is under way: who speaks in another room has nothing to do with it."""
        self._since = 0.0
        """Monotonic seconds of the last step."""
        self._granted: Transcript | None = None
        """What was dealt with last."""

    def concern(self, wish: Transcript) -> bool:
        if wish.remote:
            return False
        asked = meant(wish)
        return self._step(wish) is not None or (asked is not None and asked.what in ("forget", "who"))

    async def grant(self, wish: Transcript) -> Granted | None:
        if wish.remote:
            return None
        after = self._step(wish)
        if after or wish.room == self._room:
            self._state, self._since = after.state if after else None, self._clock.monotonic()
            self._granted, self._room = wish, wish.room
        if after:
            return Granted(self._taken(after, wish), remembered=False)
        asked = meant(wish)
        if asked is None or asked.what not in ("forget", "who"):
            return None
        said = self._forgotten(asked, wish) if asked.what == "forget" else _told(wish)
        return Granted(said, remembered=False)

    def hear(self, event: object) -> None:
        """Of the Broadcast: who asks for something else meanwhile does not want to go on."""
        room, event = placed(event)
        if isinstance(event, Turn) and room == self._room and event.heard is not self._granted:
            self._state = None

    def _step(self, wish: Transcript) -> Step | None:
        lasts = self._clock.monotonic() - self._since < PATIENCE_S
        under_way = self._state if lasts and wish.room == self._room else None
        known = [each.name for each in self._prints()]
        return step(under_way, wish, known=known, user=self._user, name_of=self._name_of)

    def _taken(self, after: Step, wish: Transcript) -> str:
        text = words.load(wish.language)
        if after.learnt:
            voice = VoicePrint(after.values["name"], self._model, self._clock.now(), after.learnt)
            try:
                self._file.keep(voice)
            except PeopleError as error:
                log.warning("the voice is not kept: %s", error)
                return text.text("people.unkept")
        asked = "" if after.sentence is None else text.texts("people.sentences")[after.sentence]
        return text.text(f"people.{after.says}", **after.values, sentence=asked)

    def _forgotten(self, asked: Meant, wish: Transcript) -> str:
        """By somebody whose voice is known alone, or who types: else a visitor could make room for another voice."""
        text = words.load(wish.language)
        speaker = wish.speaker
        if speaker and not speaker.name:
            return text.text("people.forget-refused")
        name = asked.name or (speaker.name if speaker else "")
        if not name:
            return text.text("people.forget-whose")
        try:
            gone = self._file.remove(name)
        except PeopleError as error:
            log.warning("the voice is not forgotten: %s", error)
            return text.text("people.unkept")
        return text.text("people.forgotten" if gone else "people.forget-unknown", name=name)

    def _prints(self) -> tuple[VoicePrint, ...]:
        try:
            return tuple(each for each in self._file.prints() if each.model == self._model)
        except PeopleError as error:
            log.warning("nobody's voice is known: %s", error)
            return ()


def _told(wish: Transcript) -> str:
    text = words.load(wish.language)
    speaker = wish.speaker
    if speaker is None or not speaker.embedding:
        return text.text("people.unheard")
    return text.text("people.you-are", name=speaker.name) if speaker.name else text.text("people.nobody")
