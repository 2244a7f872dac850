"""How what was said gets into the life's file, and waits where it cannot. Blocking; on the life's thread."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from digital_life.memory.going import Going
from digital_life.memory.lifefile import FAULTS
from digital_life.memory.policies.own import KEPT
from digital_life.memory.records import Concept, Conversation, Sentence, sentences_of
from digital_life.ports import Clock
from digital_life.values import GUEST, Turn
from digital_life.words import load

log = logging.getLogger(__name__)

RECENT = 100
"""Turns among which one that waited may be already: it was kept just before the power failed."""


class Keeping:
    def __init__(self, going: Going, clock: Clock) -> None:
        self._going = going
        self._clock = clock

    def take_up(self) -> None:
        """Keep what waited when the last program ended, as far as it is not there."""
        try:
            there = {(each.began, each.heard) for each in self._going.store.latest_turns(RECENT)}
            there |= {(each.began, each.heard.text) for each in self._going.answered_now.values()}
            waited = {
                (each.began, each.heard.text): each for each in (*self._going.waiting.load(), *self._going.unsaved)
            }
            left = [each for moment, each in waited.items() if moment not in there]
            self._going.unsaved = sorted(left, key=lambda each: each.began)
            if self._going.unsaved:
                log.warning("%d turns that could not be kept before are kept now", len(self._going.unsaved))
                self.save()
            self._going.keep_waiting()
        except FAULTS as error:
            log.warning("%d turns wait to be kept: %s", len(self._going.unsaved), error)

    def close(self) -> None:
        """What waits is tried once more; else it waits in its file."""
        try:
            if self._going.unsaved:
                self.save()
        except FAULTS as error:
            log.warning("%d turns wait to be kept: %s", len(self._going.unsaved), error)
        finally:
            self._going.keep_waiting()
            self._going.waiting.close()
            self._going.store.close()

    def save(self) -> int:
        number = 0
        while self._going.unsaved:
            turn = self._going.unsaved[0]
            with self._going.store.seen_by(turn.heard.person):
                number = self._save_one(turn)
            self._going.unsaved.pop(0)
        return number

    def _save_one(self, turn: Turn) -> int:
        person = turn.heard.person
        current = self._going.current(turn.began) or self._begin(turn.began)
        number = self._going.store.add_turn(current.id, self._without_writing(turn))
        used = [(each.kind, each.ref) for call in turn.calls for each in call.found]
        self._going.store.index.strengthen(used, turn.began)
        if person != GUEST:
            self._keep_for_good(turn, number)
            self._going.policy.kept(self._going.held(self._clock.now()), turn, number)
        self._going.recalled.update((person, *each) for each in used)
        return number

    def _without_writing(self, turn: Turn) -> Turn:
        """With calls that forgetting reaches: what one writes may be of a turn long before."""
        writes = self._going.policy.writes
        return replace(turn, calls=tuple(replace(c, argument="") if c.name in writes else c for c in turn.calls))

    def _keep_for_good(self, turn: Turn, number: int) -> None:
        """What somebody asked to remember stands at once among what is known of them."""
        text = load(turn.heard.language).text
        told = [
            Sentence(text("scribe.said", text=each.argument), (number,)) for each in turn.calls if each.name == KEPT
        ]
        if told:
            known = sentences_of(self._going.store.concept("user"))
            self._going.store.add_concept(Concept("user", turn.began, (*known, *told), turn.heard.person))

    def _begin(self, began: datetime) -> Conversation:
        self._going.recalled.clear()
        return self._going.store.begin_conversation(began)
