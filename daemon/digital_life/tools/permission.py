"""Whether a tool may go to the internet: asked once, kept, and changed by a word."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digital_life import words
from digital_life.errors import ToolError
from digital_life.tool import Outcome, Pending
from digital_life.values import Granted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from digital_life.ports import Clock, Consents
    from digital_life.values import Transcript

ASKED_S = 45.0
"""A yes that comes later answers something else."""
ABOUT = ("weather", "search")
"""What is asked for; `words/*/permission.toml` has a name for each."""

Go = Callable[[], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class _Question:
    what: str
    go: Go
    """What is done after a yes."""
    at: float
    """Monotonic seconds."""


class Permission:
    """Wishes too: the yes or no to its question, and later changes of mind."""

    def __init__(self, consents: Consents, clock: Clock, *, granted: Collection[str] = ()) -> None:
        """`granted`: what the settings allow, unless the person said otherwise."""
        self._consents = consents
        self._clock = clock
        self._granted = granted
        self._questions: Pending[_Question] = Pending()

    async def through(self, what: str, heard: Transcript, go: Go) -> Outcome:
        """What `go` comes to, if that is allowed; else the question, or that it was refused. Raises ToolError."""
        text = words.load(heard.language)
        allowed = self._consents.allowed(what)
        if allowed or (allowed is None and what in self._granted):
            return await go()
        if allowed is None:
            self._questions.ask(_Question(what, go, self._clock.monotonic()), heard)
        key = "permission.ask" if allowed is None else "permission.refused"
        return Outcome(said=text.text(key, what=text.text(f"permission.{what}")), remembered=False)

    def concern(self, wish: Transcript) -> bool:
        return bool(_changes(wish)) or (self._open(wish) is not None and _answer(wish) is not None)

    async def grant(self, wish: Transcript) -> Granted | None:
        changes = _changes(wish)
        for what, may in changes.items():
            self._consents.keep(what, allowed=may)
        question = self._open(wish)
        answer = changes.get(question.what) if question and changes else _answer(wish)
        if question and answer is not None:
            return await self._answered(question, allowed=answer, wish=wish)
        return Granted(words.load(wish.language).text("permission.kept"), remembered=False) if changes else None

    def _open(self, wish: Transcript) -> _Question | None:
        """What was asked where this was said, and not long ago."""
        question = self._questions.of(wish)
        return question if question and self._clock.monotonic() - question.at <= ASKED_S else None

    async def _answered(self, question: _Question, *, allowed: bool, wish: Transcript) -> Granted:
        self._questions.take(wish)
        self._consents.keep(question.what, allowed=allowed)
        if not allowed:
            return Granted(words.load(wish.language).text("permission.offline"), remembered=False)
        try:
            outcome = await question.go()
        except ToolError as error:
            return Granted(error.sentence(wish.language))
        return Granted(outcome.said or outcome.found, remembered=outcome.remembered)


def _answer(wish: Transcript) -> bool | None:
    text = words.load(wish.language)
    if text.match("permission.yes", wish.text):
        return True
    return False if text.match("permission.no", wish.text) else None


def _changes(wish: Transcript) -> Mapping[str, bool]:
    """What is allowed or forbidden from now on: what was named, else everything."""
    text = words.load(wish.language)
    for key, may in (("permission.allow", True), ("permission.forbid", False)):
        found = text.match(key, wish.text)
        if found:
            named = [name for name, said in found.groupdict().items() if said]
            return dict.fromkeys(named or ABOUT, may)
    return {}
