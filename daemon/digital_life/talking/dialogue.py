"""The running conversation: what both said, as the language model will read it again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digital_life.values import USER, Message, Person, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from digital_life.values import Said


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the user said and what was really answered."""

    turn: int
    """Its number in the memory; 0 where it is not kept."""
    asked: str
    """As it stood in the prompt, with the time and what was recalled."""
    answered: str
    """Empty when it was interrupted before the first word."""
    steps: tuple[Message, ...] = ()
    """The model's calls between the two, and what it was told of each."""
    person: Person = USER
    """Who asked."""

    @property
    def messages(self) -> tuple[Message, ...]:
        asked = (Message(Role.USER, self.asked), *self.steps)
        return (*asked, Message(Role.ASSISTANT, self.answered)) if self.answered else asked


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Exchanges in the order they happened."""

    exchanges: tuple[Exchange, ...] = ()

    @property
    def messages(self) -> tuple[Message, ...]:
        return tuple(message for exchange in self.exchanges for message in exchange.messages)

    def followed_by(self, exchange: Exchange) -> Dialogue:
        return replace(self, exchanges=(*self.exchanges, exchange))

    def as_remembered(self, said: Sequence[Said], *, note: Callable[[Said], str], person: Person = USER) -> Dialogue:
        """What is still remembered of it, and what was said elsewhere; what was never to be kept stays.

        `note` gives what stands before the words of an exchange that this program has not heard itself. Of what others
        than `person` asked the words alone are left: what was recalled for them was not said aloud.
        """
        mine = {each.turn: each for each in self.exchanges if each.turn and each.person == person}
        kept = [
            mine.get(each.turn) or Exchange(each.turn, note(each) + each.heard, each.answered, person=each.person)
            for each in said
        ]
        return Dialogue((*kept, *(each for each in self.exchanges if not each.turn and each.person == person)))

    def since(self, turn: int) -> Dialogue:
        """From that turn on; what is not kept stays."""
        return Dialogue(tuple(each for each in self.exchanges if not each.turn or each.turn >= turn))

    def within(self, tokens: int, count: Callable[[str], int]) -> Dialogue:
        """Without its oldest half, and half again, until it takes at most `tokens` tokens.

        Halves, because each cut makes the model read all that is left again: better seldom than at every turn.
        """
        kept = self
        while kept.exchanges and kept.tokens(count) > tokens:
            kept = Dialogue(kept.exchanges[len(kept.exchanges) // 2 + len(kept.exchanges) % 2 :])
        return kept

    def tokens(self, count: Callable[[str], int]) -> int:
        return sum(count(message.text) for message in self.messages)

    def after(self, so_far: str) -> Dialogue:
        """With what was before it told at its beginning."""
        if not self.exchanges:
            return self
        first, *others = self.exchanges
        return Dialogue((replace(first, asked=so_far + first.asked), *others))
