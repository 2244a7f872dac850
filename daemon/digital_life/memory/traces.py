"""What the life's file knows of how everything in it was remembered. Blocking; the file's thread owns it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from digital_life.memory import lasting, sql
from digital_life.memory.fading import Trace
from digital_life.memory.records import Day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import apsw

    from digital_life.memory.dates import Span


class Traces:
    def __init__(self, connection: apsw.Connection) -> None:
        self._db = connection

    def one(self, kind: Literal["turn", "diary"], ref: int) -> Trace | None:
        """How it was remembered; None when it is not there."""
        recalls = self._recalls("each.value ->> 0 = ? AND each.value ->> 1 = ?", kind, ref)
        return next(self._traces(recalls, "kind = ? AND ref = ?", kind, ref), None)

    def all(self) -> list[Trace]:
        """How everything was remembered, the oldest first."""
        return list(self._traces(self._recalls("1"), "1"))

    def _recalls(self, where: str, *values: object) -> dict[tuple[str, int], list[datetime]]:
        """When each turn and diary was recalled, the oldest first, as far as the turns that did are here."""
        rows = self._db.execute(
            "SELECT DISTINCT each.value ->> 0, each.value ->> 1, turn.id, began "  # noqa: S608 - ours
            f"FROM call JOIN turn ON turn.id = call.turn, json_each(call.found) AS each WHERE {where} ORDER BY turn.id",
            values,
        )
        recalls: dict[tuple[str, int], list[datetime]] = {}
        for kind, ref, _, began in rows:
            recalls.setdefault((kind, ref), []).append(datetime.fromisoformat(began))
        return recalls

    def _traces(
        self, recalls: Mapping[tuple[str, int], Sequence[datetime]], where: str, *values: object
    ) -> Iterator[Trace]:
        rows = self._db.execute(
            "SELECT kind, ref, moment, strength, recalled, text FROM item "  # noqa: S608 - ours
            f"WHERE {where} ORDER BY moment, id",
            values,
        )
        for kind, ref, made, strength, recalled, text in rows:
            yield Trace(
                made=datetime.fromisoformat(made),
                strength=strength,
                recalled=datetime.fromisoformat(recalled),
                recalls=tuple(recalls.get((kind, ref), ())),
                text=text,
                lasting=lasting.of_text(kind, text),
                kind=kind,
                ref=ref,
            )

    def days(self, span: Span | None = None) -> list[Day]:
        """Those of `span`, or all, on which there was anything, the oldest first."""
        first, last = (span.first.isoformat(), span.last.isoformat()) if span else ("", "~")
        rows = self._db.execute(
            "SELECT day, sum(turns), sum(diaries), sum(versions), sum(gone) FROM ("
            "SELECT substr(began, 1, 10) AS day, 1 AS turns, 0 AS diaries, 0 AS versions, "
            "id - lag(id, 1, 0) OVER (ORDER BY id) - 1 AS gone FROM turn "
            "UNION ALL SELECT day, 0, 1, 0, 0 FROM diary "
            "UNION ALL SELECT substr(written, 1, 10), 0, 0, 1, 0 FROM concept "
            "UNION ALL SELECT substr(began, 1, 10), 0, 0, 0, seq - id FROM turn, sqlite_sequence "
            "WHERE name = 'turn' AND id = (SELECT max(id) FROM turn)) "
            "WHERE day BETWEEN ? AND ? GROUP BY day ORDER BY day",
            (first, last),
        )
        return [Day(date.fromisoformat(day), *counts) for day, *counts in rows]

    def forgotten(self) -> int:
        """How many turns there were that are not here any more."""
        (count,) = sql.one(
            self._db,
            "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'turn'), 0) - (SELECT count(*) FROM turn)",
        )
        return int(count)
