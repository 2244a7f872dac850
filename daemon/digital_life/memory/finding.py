"""What a life finds for a question, as one person may hear it. Blocking; on the life's thread."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from digital_life.memory import anchors, dates, harder, many, occasions, premises, recall
from digital_life.memory.anchors import Anchored
from digital_life.memory.dates import Span
from digital_life.memory.going import Going
from digital_life.memory.policies.own import Held, likeliest
from digital_life.memory.recall import Judged
from digital_life.memory.records import Diary, PastTurn
from digital_life.memory.terms import telling
from digital_life.ports import Clock
from digital_life.tool import Outcome
from digital_life.values import USER, Person, Recall, Transcript

LOOKED_UP = 3
SEARCHED = 50
"""Of what a search finds: to read all of it for what bears on the question would take four times as long."""
SLACK_DAYS = 1
"""People are a day wrong about days."""


class Finding:
    def __init__(self, going: Going, clock: Clock, who: Person | None) -> None:
        self._going = going
        self._clock = clock
        self._who = who

    def _held(self) -> Held:
        return self._going.held(self._clock.now())

    def recall(self, question: str, unseen: Collection[int]) -> tuple[Recall, ...]:
        span = self.span(question)
        if not recall.is_about_something(question, span):
            return ()
        if span and not telling(occasions.without(dates.without(question, self._clock.now().date()))):
            return self.fresh(self.of_days(span, question))[: self._going.policy.unasked_most]
        if many.is_of_memory(question):
            return self.fresh(self.every(question))
        return self.sure(question, span, unseen)[: self._going.policy.unasked_most]

    def span(self, question: str) -> Span | None:
        """The days that the question is about; None when it names none."""
        anchored = anchors.find(question)
        if anchored:
            anchor = self.anchor(anchored)
            return anchors.days(anchored, anchor) if anchor else None
        named = dates.find(question, self._clock.now().date())
        if named:
            return named
        match occasions.find(question):
            case "first":
                began = self._going.store.began()
            case "last":
                talk = self._going.store.conversation_before(self._going.current(self._clock.now()))
                began = talk.began if talk else None
            case None:
                began = None
        return Span(began.date(), began.date()) if began else None

    def anchor(self, anchored: Anchored) -> Span | None:
        """When it was: a date by itself, or what was told of it last."""
        today = self._clock.now().date()
        named = dates.find(anchored.anchor, today)
        if named:
            return named
        found = recall.judged(self._going.store.index.search(anchored.anchor), None, self._clock.now())
        told = [(each.hit.text, each.hit.when.date()) for each in found if each.hit.kind == "turn"]
        return anchors.told(anchored.anchor, told, today)

    def ranked(self, question: str, span: Span | None) -> list[Judged]:
        """What may bear on the question, the likeliest first."""
        return self._going.policy.ranked(self._held(), question, span)

    def check(self, heard: Transcript) -> Outcome | None:
        claim = premises.claim(heard.text)
        sure = [each for each in self.ranked(claim, self.span(claim)) if each.certain >= premises.LEAST]
        proof = premises.evidence(sure, claim)
        if proof is None:
            return None
        hit = proof.found.hit
        recalled = Recall(hit.kind, hit.ref, hit.when, proof.sentence, round(proof.found.score, 3))
        return Outcome(said=premises.answer(proof, claim, heard.language), recalls=(recalled,))

    def every(self, question: str) -> tuple[Recall, ...]:
        span = self.span(question)
        turns = [each for each in self.ranked(many.looked_for(question), span) if each.hit.kind == "turn"]
        if not any(each.certain >= recall.SURE for each in turns):
            return ()
        chosen = sorted(many.chosen(turns, question), key=lambda each: each.hit.when)
        of_days = [each for each in chosen if span and each.hit.when.date() in span]
        found = {many.told(each.hit.text, question): each for each in of_days or chosen}
        return tuple(
            Recall("turn", each.hit.ref, each.hit.when, text, round(each.score, 3)) for text, each in found.items()
        )

    def search(self, question: str) -> tuple[Recall, ...]:
        """The likeliest first, sure or not, what was said just now included."""
        return recall.recalls(self.ranked(question, self.span(question))[:SEARCHED], question)

    def fresh(self, found: Iterable[Recall]) -> tuple[Recall, ...]:
        """What this conversation has not recalled yet."""
        person = self._who or USER
        return tuple(each for each in found if (person, each.kind, each.ref) not in self._going.recalled)

    def sure(self, question: str, span: Span | None, unseen: Collection[int] = ()) -> tuple[Recall, ...]:
        """What bears on the question and is not before the model's eyes anyway, the likeliest first."""
        store, current = self._going.store, self._going.current(self._clock.now())
        seen = {each.id for each in store.turns(current.id, after=current.summarised_to)} if current else set()
        found = [
            each
            for each in self._going.policy.unasked(self._held(), question, span)
            if not (each.hit.kind == "turn" and each.hit.ref in seen.difference(unseen))
        ]
        return self.fresh(recall.recalls(found, question))

    def is_at_hand(self, question: str) -> bool:
        said = {each.id for each in self._going.said(self._clock.now())}

        def is_seen(each: Judged) -> bool:
            now = each.hit.kind == "turn" and each.hit.ref in said
            return each.score >= (recall.NEAR if now else recall.SURE)

        return any(map(is_seen, self.ranked(question, self.span(question))))

    def look_for(self, text: str, span: Span | None) -> list[Judged]:
        meant = span or self.span(text)
        found = likeliest(self._held(), text, meant, literally=text)
        return [each for each in found if span is None or each.hit.when.date() in span]

    def unfaded(self, question: str) -> list[Judged]:
        """As what was told yesterday would be found. Every policy's life is searched alike."""
        return likeliest(self._held(), question, self.span(question), seen=harder.awake)

    def said_in(self, room: str) -> list[PastTurn]:
        current = self._going.current(self._clock.now())
        return self._going.store.turns_in(room, current.id) if current else []

    def by_date(self, argument: str, question: str) -> tuple[Recall, ...]:
        span = self.span(question) or dates.find(argument, self._clock.now().date())
        if span is None:
            return self.sure(question, None)
        return self.of_days(span, question)

    def of_days(self, span: Span, question: str) -> tuple[Recall, ...]:
        """The last diaries of these days, or turns where there is none; a day more each way where there is nothing."""
        store, current = self._going.store, self._going.current(self._clock.now())
        for days in (span, span.wider(SLACK_DAYS)):
            diaries = store.diaries(days)
            if diaries:
                return tuple(of_diary(each, question) for each in diaries[-LOOKED_UP:])
            turns = [each for each in store.turns_of_days(days) if not current or each.conversation != current.id]
            if turns:
                return tuple(of_turn(each, question) for each in turns[-LOOKED_UP:])
        return ()

    def likely_diaries(self, need: str) -> list[Diary]:
        """All of them, or where they are too many to look through those that are nearest to the need."""
        store, limit = self._going.store, self._going.settings.gist_limit
        if store.stats().diaries <= limit:
            return store.diaries()
        likely: dict[int, Diary] = {}
        for each in self.ranked(need, None):
            page = store.diary(each.hit.ref) if each.hit.kind == "diary" else store.diary_of_turn(each.hit.ref)
            if page:
                likely.setdefault(page.id, page)
            if len(likely) == limit:
                break
        return list(likely.values())


def of_diary(page: Diary, question: str) -> Recall:
    return Recall("diary", page.id, page.began, recall.excerpt(page.text, question), 1.0)


def of_turn(turn: PastTurn, question: str) -> Recall:
    return Recall("turn", turn.id, turn.began, recall.dated(f"{turn.heard}\n{turn.said}", turn.began, question), 1.0)
