"""Every text of a life, to be found by its meaning, its words and its day. Blocking; the file's thread owns it."""

from __future__ import annotations

import heapq
import itertools
import json
import math
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from digital_life.memory import changes, forgetting, names, sql
from digital_life.memory.records import Hit
from digital_life.memory.sight import ALL
from digital_life.memory.terms import pairs, telling, terms

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    import apsw

    from digital_life.memory.dates import Span
    from digital_life.memory.meanings import Meanings
    from digital_life.memory.sight import Sight

AROUND = 40
"""Of the nearest, and of those with the best words: so many are looked at with what was said before and after."""
BESIDE = 2
"""Turns before and after."""
LINKED = 3
RARE = 40
"""Of the nearest, and of those with the best words: so many are looked at with what has a word of theirs that no more
texts than this have; it may tell what became of them."""
MATCHES = 2_000
"""Of one word, the latest; a word in more texts than this tells little."""
BEST_MATCHES = 80
WORDS_ASKED = 16
"""Of a question: its rarest ones."""
SOUNDING = 0.8
"""Of a name that only sounds like the one in the question, to what that one would count."""
PAIRS_ASKED = 8
"""Of a question: pairs of words side by side."""


@dataclass(frozen=True, slots=True)
class _Matches:
    """For each text with a word of the question what it has of it, against the rarity of all the question's words."""

    words: dict[int, float]
    pairs: dict[int, float]

    def best(self, count: int) -> list[int]:
        return heapq.nlargest(count, self.words, key=lambda each: (self.words[each] + self.pairs.get(each, 0.0), each))


@dataclass(slots=True)
class _Heard:
    """How the words of the index sound, learned once for each."""

    last: int = 0
    """The text up to which it was learned."""
    keys: dict[str, str] = field(default_factory=dict)
    terms: dict[str, list[str]] = field(default_factory=dict)
    """By their sound."""

    def learn(self, terms: Iterable[str], last: int, sound: Callable[[str], str]) -> None:
        self.last = last
        for term in terms:
            if term not in self.keys:
                self.keys[term] = self.key(term, sound)
                self.terms.setdefault(self.keys[term], []).append(term)

    def key(self, word: str, sound: Callable[[str], str]) -> str:
        """Empty where it cannot be known by its sound alone."""
        if names.is_han(word):
            return sound(word)
        return names.key(word) if word.isascii() and word.isalpha() else ""


def _names_unknown(question: str, counts: Mapping[str, int]) -> list[str]:
    """Words of the question that may be names and that no text has."""
    written = telling(" ".join(names.capitalised(question)))
    return [each for each in telling(question) if not counts[each] and (each in written or names.is_han(each))]


class Index:
    def __init__(
        self,
        connection: apsw.Connection,
        sight: Sight,
        meanings: Meanings,
        *,
        page: Callable[[int], str],
        sound: Callable[[str], str] = str,
    ) -> None:
        """`page`: what somebody may read of the diary of that number; empty: nothing."""
        self._db = connection
        self._sight = sight
        self._meanings = meanings
        self._page = page
        self.sound = sound
        """How a Chinese word is pronounced; until somebody knows, as it is written."""
        self._heard = _Heard()

    def unlearn(self) -> None:
        """Other texts took the place of all of them."""
        self._heard = _Heard()

    def search(
        self, question: str, span: Span | None = None, *, also: Iterable[str] = (), literally: str = ""
    ) -> list[Hit]:
        """What is near to the question in meaning, or shares its rarest words, or is of its days; with what was said

        around that, what shares its rarest words, what has one of the words `also`, and what has the text `literally`.
        """
        asked = self._meanings.query(question)
        near = self._meanings.nearest(asked)
        matched = self._matching(question)
        best = matched.best(BEST_MATCHES)
        of_days = self._of_days(span, matched.words) if span else []
        around = self._around([*near[:AROUND], *best[:AROUND]])
        lasting = changes.asked(question) != "happened"
        sharing = self._sharing([*near[:LINKED], *best[:LINKED]]) if lasting else {}
        linked = [other for others in sharing.values() for other in others]
        changed = {number for word in also for number in self._having_all(word)[:BEST_MATCHES]}
        written = self._containing(literally, span) if literally else []
        hits = self._hits([*near, *best, *of_days, *around, *linked, *changed, *written], matched, asked)
        return [
            replace(hit, shares=sharing.get(hit.id, {}), of_change=hit.id in changed)
            if hit.id in changed or sharing.get(hit.id)
            else hit
            for hit in hits
        ]

    def of_turns(self, numbers: Iterable[int], question: str) -> list[Hit]:
        """These turns, and how near each is to the question."""
        asked = self._meanings.query(question)
        rows = self._db.execute(
            "SELECT id FROM item WHERE kind = 'turn' AND ref IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(numbers)),),
        )
        return self._hits([number for (number,) in rows], self._matching(question), asked)

    def strengthen(self, recalled: Iterable[tuple[str, int]], now: datetime) -> None:
        """These turns and diaries were recalled: they last longer."""
        with self._db:
            for kind, ref in recalled:
                row = sql.maybe(self._db, "SELECT id, strength FROM item WHERE kind = ? AND ref = ?", kind, ref)
                if row:
                    sql.run(
                        self._db,
                        "UPDATE item SET strength = ?, recalled = ? WHERE id = ?",
                        forgetting.recalled(row[1]),
                        now.isoformat(),
                        row[0],
                    )

    def _matching(self, question: str) -> _Matches:
        total = self._total()
        side_by_side = list(pairs(question))[:PAIRS_ASKED]
        counts = self._counts([*telling(question), *itertools.chain.from_iterable(side_by_side)])
        rarity = {word: math.log(1 + total / (1 + counts[word])) for word in telling(question)}
        asked = heapq.nlargest(WORDS_ASKED, rarity, key=rarity.__getitem__)
        weight = sum(rarity[word] for word in asked)
        words: dict[int, float] = {}
        for word in asked:
            for number in self._having(f'"{word}"'):
                words[number] = words.get(number, 0.0) + rarity[word] / weight
        for word in _names_unknown(question, counts):
            for number in self._sounding(word) if word in asked else ():
                words[number] = words.get(number, 0.0) + SOUNDING * rarity[word] / weight
        together: dict[int, float] = {}
        for pair in side_by_side if weight else []:
            having = self._having(f'"{" ".join(pair)}"') if all(counts[word] for word in pair) else []
            for number in having:
                together[number] = together.get(number, 0.0) + math.log(1 + total / (1 + len(having))) / weight
        return _Matches(words, together)

    def _total(self) -> int:
        """How many texts there are, about."""
        return int(sql.one(self._db, "SELECT coalesce(max(id), 0) FROM item")[0])

    def _counts(self, words: Iterable[str]) -> dict[str, int]:
        """How many texts have each; 0 where none has."""
        wanted = dict.fromkeys(words, 0)
        rows = self._db.execute(
            "SELECT term, doc FROM json_each(?) JOIN vocabulary ON term = value", (json.dumps(list(wanted)),)
        )
        return wanted | dict(rows)

    def _having_all(self, text: str) -> list[int]:
        """The latest texts with these words side by side."""
        return self._having(f'"{" ".join(term.text for term in terms(text))}"')

    def _having(self, expression: str) -> list[int]:
        """The latest texts with these terms."""
        rows = self._db.execute(
            "SELECT rowid FROM word WHERE word MATCH ? ORDER BY rowid DESC LIMIT ?",
            (expression, self._sight.most(MATCHES)),
        )
        return self._sight.first(rows, MATCHES)

    def _sounding(self, word: str) -> list[int]:
        """The latest texts with a name that sounds like this one, which no text has."""
        last = self._total()
        if last > self._heard.last:
            self._heard.learn(self._words_after(self._heard.last), last, self.sound)
        sounds = {self._heard.key(part, self.sound) for part in names.parts(word)} - {""}
        alike = [other for each in sounds for other in self._heard.terms.get(each, ()) if other != word]
        found = [number for other in alike for number in self._having(f'"{other}"')]
        return found if names.is_han(word) else self._naming(found, word)

    def _words_after(self, text: int) -> Iterable[str]:
        """Of the texts since that one; of all of them, where there is none yet, as the index has them."""
        if not text:
            return [term for (term,) in self._db.execute("SELECT term FROM vocabulary")]
        rows = self._db.execute("SELECT text FROM item WHERE id > ?", (text,))
        return [term.text for (said,) in rows for term in terms(said)]

    def _naming(self, numbers: Sequence[int], word: str) -> list[int]:
        """Those of the texts that have this name, written as a name."""
        rows = self._db.execute(
            "SELECT id, text FROM item WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(numbers),)
        )
        return [
            number for number, text in rows if any(names.sound_alike(each, word) for each in names.capitalised(text))
        ]

    def _containing(self, text: str, span: Span | None) -> list[int]:
        """The latest of these days that hold exactly this; small and capital letters are one."""
        first, last = (span.first.isoformat(), span.last.isoformat()) if span else ("", "~")
        rows = self._db.execute(
            "SELECT id FROM item WHERE instr(lower(text), lower(?)) AND day BETWEEN ? AND ? ORDER BY id DESC LIMIT ?",
            (text, first, last, self._sight.most(BEST_MATCHES)),
        )
        return self._sight.first(rows, BEST_MATCHES)

    def _around(self, numbers: Sequence[int]) -> list[int]:
        """What was said right before and after these, in the same conversation."""
        rows = self._db.execute(
            "SELECT DISTINCT other.id FROM item JOIN turn ON item.kind = 'turn' AND turn.id = item.ref "
            "JOIN item AS other ON other.kind = 'turn' AND other.ref BETWEEN turn.id - ?2 AND turn.id + ?2 "
            "JOIN turn AS beside ON beside.id = other.ref AND beside.conversation = turn.conversation "
            "WHERE item.id IN (SELECT value FROM json_each(?1))",
            (json.dumps(list(numbers)), BESIDE),
        )
        return [number for (number,) in rows]

    def _of_days(self, span: Span, matched: dict[int, float]) -> list[int]:
        rows = self._db.execute(
            "SELECT id FROM item WHERE day BETWEEN ? AND ? ORDER BY id DESC LIMIT ?",
            (span.first.isoformat(), span.last.isoformat(), self._sight.most(MATCHES)),
        )
        of_days = self._sight.first(rows, MATCHES)
        return heapq.nlargest(BEST_MATCHES, of_days, key=lambda each: matched.get(each, 0.0))

    def _sharing(self, numbers: Sequence[int]) -> dict[int, dict[int, float]]:
        """Of each, what else has rare words of it, and which share of its telling words."""
        rows = self._db.execute(
            "SELECT id, text FROM item WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(numbers),)
        )
        telling_of = {number: list(telling(text.partition("\n")[0]))[:WORDS_ASKED] for number, text in rows}
        counts = self._counts(word for words in telling_of.values() for word in words)
        total = self._total()
        rarity = {word: math.log(1 + total / (1 + count)) for word, count in counts.items()}
        having = {word: self._having(f'"{word}"') for word, count in counts.items() if 1 < count <= RARE}
        sharing: dict[int, dict[int, float]] = {number: {} for number in telling_of}
        for number, words in telling_of.items():
            weight = sum(rarity[word] for word in words)
            for word in words:
                for other in having.get(word, ()):
                    sharing[number][other] = sharing[number].get(other, 0.0) + rarity[word] / weight
        return {
            number: {other: share for other, share in shared.items() if share >= changes.SHARED and other != number}
            for number, shared in sharing.items()
        }

    def _hits(self, numbers: Iterable[int], matched: _Matches, asked: bytes) -> list[Hit]:
        wanted = self._sight.first(((each,) for each in dict.fromkeys(numbers)), ALL)
        near = self._meanings.nearness(wanted, asked)
        rows = self._db.execute(
            "SELECT id, kind, ref, moment, text, strength, recalled, CASE kind "
            "WHEN 'turn' THEN (SELECT conversation FROM turn WHERE turn.id = ref) "
            "ELSE (SELECT conversation FROM diary WHERE diary.id = ref) END "
            "FROM item WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(wanted),),
        )
        hits = [
            Hit(
                id=number,
                kind=kind,
                ref=ref,
                when=datetime.fromisoformat(moment),
                text=text,
                strength=strength,
                recalled=datetime.fromisoformat(recalled),
                cosine=near[number][0] if number in near else 0.0,
                common=near[number][1] if number in near else 0.0,
                matched=matched.words.get(number, 0.0),
                phrased=matched.pairs.get(number, 0.0),
                conversation=conversation,
            )
            for number, kind, ref, moment, text, strength, recalled, conversation in rows
        ]
        return hits if self._sight.who is None else [each for hit in hits if (each := self._their_hit(hit))]

    def _their_hit(self, hit: Hit) -> Hit | None:
        """Of a diary what is theirs; None: nothing."""
        if hit.kind == "turn":
            return hit
        page = self._page(hit.ref)
        return replace(hit, text=page) if page else None

    def add(self, kind: str, ref: int, when: datetime, text: str, vectors: dict[str, bytes]) -> None:
        """Part of the transaction that keeps the turn or diary. `vectors`: of this text, see `Meanings.of_text`."""
        sql.run(
            self._db,
            "INSERT INTO item (kind, ref, moment, day, text, strength, recalled) VALUES (?, ?, ?, ?, ?, ?, ?)",
            kind,
            ref,
            when.isoformat(),
            when.date().isoformat(),
            text,
            forgetting.NEW,
            when.isoformat(),
        )
        number = self._db.last_insert_rowid()
        sql.run(self._db, "INSERT INTO word (rowid, text) VALUES (?, ?)", number, text)
        self._meanings.add(number, vectors)

    def remove(self, kind: str, refs: Collection[int]) -> None:
        """Part of the transaction that deletes the turns or diaries."""
        rows = list(
            self._db.execute(
                "SELECT id, text FROM item WHERE kind = ? AND ref IN (SELECT value FROM json_each(?))",
                (kind, json.dumps(list(refs))),
            )
        )
        for number, text in rows:
            sql.run(self._db, "INSERT INTO word (word, rowid, text) VALUES ('delete', ?, ?)", number, text)
            self._meanings.remove(number)
            sql.run(self._db, "DELETE FROM item WHERE id = ?", number)
