"""Today's dialogue: what both said, as the language model will read it again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from digital_life.values import Message, Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

MIDNIGHT_TALK = timedelta(hours=3)
"""A talk that is this recent goes on after midnight; older words of another day are not today's."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the user said and what was really answered."""

    at: datetime
    asked: str
    """As it stood in the prompt, note of the time included."""
    answered: str
    """Empty when it was interrupted before the first word."""

    @property
    def messages(self) -> tuple[Message, ...]:
        asked = Message(Role.USER, self.asked)
        return (asked, Message(Role.ASSISTANT, self.answered)) if self.answered else (asked,)


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Exchanges in the order they happened."""

    exchanges: tuple[Exchange, ...] = ()

    @property
    def messages(self) -> tuple[Message, ...]:
        return tuple(message for exchange in self.exchanges for message in exchange.messages)

    def followed_by(self, exchange: Exchange) -> Dialogue:
        return replace(self, exchanges=(*self.exchanges, exchange))

    def on(self, now: datetime) -> Dialogue:
        """What belongs to the day of `now`."""
        kept = tuple(
            each for each in self.exchanges if each.at.date() == now.date() or abs(now - each.at) < MIDNIGHT_TALK
        )
        return replace(self, exchanges=kept)

    def within(self, tokens: int, count: Callable[[str], int]) -> Dialogue:
        """Without its oldest half, and half again, until it takes at most `tokens` tokens.

        Halves, because each cut makes the model read all that is left again: better seldom than at every turn.
        """
        kept = self.exchanges
        while kept and sum(count(message.text) for message in Dialogue(kept).messages) > tokens:
            kept = kept[len(kept) // 2 + len(kept) % 2 :]
        return replace(self, exchanges=kept)
