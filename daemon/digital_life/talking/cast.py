"""Requests for another persona: "switch to Ada", "我想跟小雅说话"."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from digital_life import words
from digital_life.values import Granted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from digital_life.ports import Wanted
    from digital_life.values import Transcript

ALIKE = 0.75
"""Likeness from which a name is what a recogniser made of it: "Aida" of "Ada"; "Eva" is another one."""


class CastRequests:
    """Wishes of whoever is present, for one of `names` to come; what was said of it is not remembered."""

    def __init__(self, wanted: Wanted, *, present: str, names: Sequence[str], sound: Callable[[str], str]) -> None:
        self._wanted = wanted
        self._present = present
        self._names = names
        self._sound = sound
        """How Chinese is pronounced: a recogniser writes a name with other characters that sound the same."""

    def concern(self, wish: Transcript) -> bool:
        return self._called(wish) is not None

    async def grant(self, wish: Transcript) -> Granted | None:
        name = self._called(wish)
        if name is None:
            return None
        self._wanted.name = name
        key = "personas.here" if name == self._present else "personas.fetch"
        return Granted(words.load(wish.language).text(key, name=name), remembered=False)

    def _called(self, wish: Transcript) -> str | None:
        """The name of the one that is asked for; None when it is ordinary talk, or about somebody else.

        In any language: a foreign name makes "switch to 小雅" look like a sentence of its own.
        """
        found = (words.load(each).match("personas.called", wish.text) for each in words.LANGUAGES)
        names = (meant(each["name"], self._names, self._sound) for each in found if each)
        return next((each for each in names if each), None)


def meant(said: str, names: Sequence[str], sound: Callable[[str], str]) -> str | None:
    """The one of `names` that is written or pronounced like what was `said`."""
    plain = said.strip(words.AROUND).casefold()
    written = {name.casefold(): name for name in names}
    alike = difflib.get_close_matches(plain, written, n=1, cutoff=ALIKE)
    if alike:
        return written[alike[0]]
    return next((name for name in names if _heard(name, sound) == _heard(plain, sound)), None)


def _heard(name: str, sound: Callable[[str], str]) -> str:
    """Without what cannot be heard: "Xiao Ya" and 小雅 are the same."""
    return "".join(sound(name.casefold()).split())
