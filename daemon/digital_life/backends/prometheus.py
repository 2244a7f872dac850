"""Numbers about its work as Prometheus reads them: how often, how long, how much, and no word of any talk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields
from importlib.util import find_spec
from typing import TYPE_CHECKING

from digital_life.broadcast import placed
from digital_life.errors import WebError
from digital_life.values import Announced, DiaryWritten, Rang, State, Timings, Turn, WakeHeard, Written

if TYPE_CHECKING:
    from digital_life import config

BUCKETS_S = (0.05, 0.1, 0.2, 0.4, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 15.0, 30.0, 60.0)
"""From a recogniser that was done while the person paused to an answer that a small machine thinks about."""
STAGES = tuple(each.name for each in fields(Timings))


@dataclass(frozen=True, slots=True)
class Measured:
    """What is looked at from time to time."""

    resident_bytes: int
    disk_free_bytes: int
    database_bytes: Mapping[str, int] = field(default_factory=dict)
    """Of each life by the name of its folder; the empty name is everybody's."""
    rows: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Of each life, and of what."""
    waiting: Mapping[str, int] = field(default_factory=dict)
    """Jobs that wait for each worker."""
    restarts: Mapping[str, int] = field(default_factory=dict)
    """How often each worker was begun anew, since the start."""
    backup_made: float = 0.0
    """Seconds since 1970; 0: none was made."""
    backup_failing: bool = False


class Numbers:
    """In a registry of their own: other libraries put theirs into the common one."""

    def __init__(self) -> None:
        """Raises WebError where the library is missing."""
        if find_spec("prometheus_client") is None:
            raise WebError("metrics-no-library")
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram  # noqa: PLC0415 - an extra

        self.registry = CollectorRegistry()

        def counter(name: str, told: str, *labels: str) -> Counter:
            return Counter(f"digital_life_{name}", told, labels, registry=self.registry)

        def gauge(name: str, told: str, *labels: str) -> Gauge:
            return Gauge(f"digital_life_{name}", told, labels, registry=self.registry)

        self._turns = counter("turns", "Questions that were answered.", "how", "language", "outcome")
        self._stages = Histogram(
            "digital_life_stage_seconds",
            "How long each stage of an answer took.",
            ["stage"],
            buckets=BUCKETS_S,
            registry=self.registry,
        )
        self._wakings = counter("wakings", "Wake words that were heard.", "phrase")
        self._unasked = counter("announcements", "What it said by itself.")
        self._rung = counter("rings", "Entries of the agenda that rang.")
        self._diaries = counter("diaries_written", "Diaries that it wrote.")
        self._state = gauge("state", "1 for what it is doing just now, where it stands.", "state")
        self._rows = gauge("memory_rows", "What the memory holds.", "life", "kind")
        self._database = gauge("database_bytes", "The file of a life.", "life")
        self._resident = gauge("resident_bytes", "What it takes of the machine's memory.")
        self._disk = gauge("disk_free_bytes", "What is free where the life lies.")
        self._waiting = gauge("queue_jobs", "Jobs that wait for a worker.", "worker")
        self._restarts = counter("part_restarts", "Workers that hung and were begun anew.", "worker")
        self._backup = gauge("backup_timestamp_seconds", "When the last backup was made; 0: none was.")
        self._backup_failing = gauge("backup_failing", "1 where the last backup failed.")
        self._restarted: dict[str, int] = {}

    def hear(self, event: object) -> None:
        """What happens in the conversations."""
        room, event = placed(event)
        match event:
            case Turn():
                self._count(event, "spoken")
            case Written(turn):
                self._count(turn, "written")
            case WakeHeard():
                self._wakings.labels(event.phrase).inc()
            case Announced():
                self._unasked.inc()
            case Rang():
                self._rung.inc()
            case DiaryWritten():
                self._diaries.inc()
            case State() if not room:
                for each in State:
                    self._state.labels(each).set(each is event)

    def take(self, measured: Measured) -> None:
        """What was measured just now."""
        self._resident.set(measured.resident_bytes)
        self._disk.set(measured.disk_free_bytes)
        self._backup.set(measured.backup_made)
        self._backup_failing.set(measured.backup_failing)
        for life, size in measured.database_bytes.items():
            self._database.labels(life).set(size)
        for (life, kind), count in measured.rows.items():
            self._rows.labels(life, kind).set(count)
        for worker, count in measured.waiting.items():
            self._waiting.labels(worker).set(count)
        for worker, count in measured.restarts.items():
            self._restarts.labels(worker).inc(max(0, count - self._restarted.get(worker, 0)))
            self._restarted[worker] = count

    def _count(self, turn: Turn, how: str) -> None:
        outcome = "failed" if turn.failed else "interrupted" if turn.reply.interrupted else "whole"
        self._turns.labels(how, turn.heard.language, outcome).inc()
        for stage in STAGES:
            ms = getattr(turn.timings, stage)
            if ms is not None:
                self._stages.labels(stage).observe(ms / 1000)


@asynccontextmanager
async def served(numbers: Numbers, settings: config.Metrics) -> AsyncGenerator[int]:
    """At `/metrics`, by threads of their own; yields the port. Raises WebError."""
    from prometheus_client import start_http_server  # noqa: PLC0415 - an extra

    try:
        server, thread = start_http_server(settings.port, addr=settings.host, registry=numbers.registry)
    except (OSError, OverflowError) as error:
        raise WebError("metrics-open", host=settings.host, port=settings.port, cause=error) from error
    try:
        yield server.server_port
    finally:
        await asyncio.to_thread(_end, server.shutdown, thread.join, server.server_close)


def _end(*steps: Callable[[], object]) -> None:
    for step in steps:
        step()
