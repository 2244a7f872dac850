"""A life as it goes on just now, whoever talks with it. Blocking; owned by the life's thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from digital_life.config import Memory as Settings
from digital_life.memory.policies import POLICIES
from digital_life.memory.policies.own import Held, Own
from digital_life.memory.records import Conversation, PastTurn
from digital_life.memory.store import Store
from digital_life.memory.waiting import Waiting
from digital_life.ports import Writer
from digital_life.values import Person, Transcript, Turn


@dataclass(slots=True)
class Going:
    store: Store
    """Another one when the file was damaged."""
    waiting: Waiting
    settings: Settings
    names: tuple[str, ...] = ()
    """That may stand in what is written."""
    unsaved: list[Turn] = field(default_factory=list)
    answered_now: dict[tuple[str, bool], Turn] = field(default_factory=dict)
    """What was heard and is being answered, by room and whether it came in writing from elsewhere."""
    told_to_wait: int = 0
    """How many turns were last told to wait."""
    private: datetime | None = None
    """The last turn of a conversation that leaves nothing behind."""
    recalled: set[tuple[Person, str, int]] = field(default_factory=set)
    """What this conversation has recalled already, and to whom."""
    writer: Writer | None = None
    """Whom recall by need asks to choose."""

    @property
    def policy(self) -> Own:
        return POLICIES[self.settings.policy]

    @property
    def rest(self) -> timedelta:
        """After so much silence a conversation is over."""
        return timedelta(hours=self.settings.rest_hours)

    def held(self, now: datetime) -> Held:
        return Held(self.store, now, self.current(now), self.settings, self.names, self.writer)

    def current(self, now: datetime) -> Conversation | None:
        """The conversation that goes on at `now`; after the rest, or a clock that jumped as far, there is none."""
        if self.private:
            return None
        latest = self.store.latest_conversation()
        over = latest is None or latest.over or abs(now - latest.last) >= self.rest
        return None if over else latest

    def is_private(self, began: datetime) -> bool:
        return self.private is not None and abs(began - self.private) < self.rest

    def said(self, now: datetime) -> list[PastTurn]:
        """In the conversation that goes on."""
        current = self.current(now)
        return self.store.turns(current.id) if current else []

    def keep_waiting(self) -> None:
        """What is not in the life's file yet, in a file of its own."""
        self.waiting.keep([*self.unsaved, *self.answered_now.values()])

    def begin_anew(self) -> None:
        """Another conversation, or another life: nothing was recalled in it."""
        self.private = None
        self.recalled.clear()

    def drop_waiting(self) -> None:
        self.unsaved.clear()
        self.answered_now.clear()
        self.waiting.keep([])


def place(heard: Transcript) -> tuple[str, bool]:
    """Where one is answered at a time: what is heard there next goes on with it, or takes its place."""
    return heard.room, heard.remote
