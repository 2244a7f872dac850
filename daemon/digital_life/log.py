"""One line a turn, with every latency and none of the words."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from typing import ClassVar

from digital_life.broadcast import placed
from digital_life.values import Announced, State, Timings, Transcript, Turn, Written

log = logging.getLogger("digital_life")
stages = logging.getLogger("digital_life.stages")
"""One line a stage of a turn: for the journal, which can be asked for one field."""

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
FORMAT_OF_JOURNAL = "%(name)s: %(message)s"
"""It keeps level and time as fields."""


KEPT_LINES = 500
"""Enough to see what went before a fault, and less than a megabyte."""
LONGEST = 2000
"""Characters of a line that are kept; a traceback is the longest of them."""


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    """One more for each."""
    at: float
    """Seconds since 1970."""
    level: str
    name: str
    text: str


class Recent(logging.Handler):
    """The latest lines, to be looked at while it runs. What was said is in none of them: that is logged at DEBUG."""

    _plain: ClassVar[logging.Formatter] = logging.Formatter("%(message)s")

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._lines: deque[Line] = deque(maxlen=KEPT_LINES)
        self._counted = 0
        self.setFormatter(self._plain)

    def emit(self, record: logging.LogRecord) -> None:
        """On whatever thread logs; `handle` holds the lock."""
        try:
            text = self.format(record)[:LONGEST]
        except Exception:  # noqa: BLE001 - a log line with wrong places must not end who logs it
            self.handleError(record)
            return
        self._counted += 1
        self._lines.append(Line(self._counted, record.created, record.levelname, record.name, text))

    def since(self, number: int, *, level: str = "INFO") -> list[Line]:
        """Those behind that number, at that level or above."""
        levels = logging.getLevelNamesMapping()
        least = levels[level]
        self.acquire()
        try:
            return [each for each in self._lines if each.number > number and levels.get(each.level, least) >= least]
        finally:
            self.release()


def keep_recent() -> Recent:
    """From now on the latest lines are kept, also those of libraries."""
    recent = Recent()
    logging.getLogger().addHandler(recent)
    return recent


def configure(level: str, *, under_systemd: bool) -> None:
    """Log to standard error, or to systemd's journal."""
    handlers = [_journal()] if under_systemd else None
    form = FORMAT_OF_JOURNAL if under_systemd else FORMAT
    logging.basicConfig(level=logging.WARNING, format=form, handlers=handlers)
    log.setLevel(level)
    if under_systemd:
        stages.setLevel(logging.DEBUG)  # they carry no words, and `journalctl -p info` leaves them out


def _journal() -> logging.Handler:
    from systemd.journal import JournalHandler  # noqa: PLC0415 - Linux alone has it

    return Journal(JournalHandler(SYSLOG_IDENTIFIER="digital-life"))


class Journal(logging.Handler):
    """Hands lines on with the fields that are meant for the journal."""

    def __init__(self, journal: logging.Handler) -> None:
        super().__init__()
        self._journal = journal

    def emit(self, record: logging.LogRecord) -> None:
        # systemd's handler makes a field of each argument; formatted before, there are none.
        whole = logging.makeLogRecord({**record.__dict__, "msg": self.format(record), "args": None})
        whole.exc_info = whole.exc_text = whole.stack_info = None
        self._journal.emit(whole)


def event(event: object) -> None:
    """Log what happened; the words themselves at DEBUG only."""
    _, event = placed(event)
    match event:
        case State():
            log.debug("state %s", event)
        case Transcript():
            log.debug("heard (%s, %.2f): %s", event.language, event.confidence, event.text)
        case Turn() | Written():
            turn = event.turn if isinstance(event, Written) else event
            log.info(turn_line(turn), extra=_fields(turn.number, "total", turn.timings.total))
            _log_stages(turn)
            log.debug("said: %s", turn.reply.said)
        case Announced():
            log.debug("said unasked (%s): %s", event.language, event.text)


def _log_stages(turn: Turn) -> None:
    for stage, ms in _stages(turn.timings).items():
        if ms is not None and stage != "total":
            stages.debug("turn %d %s=%d", turn.number, stage, round(ms), extra=_fields(turn.number, stage, ms))


def _fields(turn: int, stage: str, ms: float | None) -> dict[str, str]:
    """As the journal names them."""
    return {"TURN": str(turn), "STAGE": stage, "MILLISECONDS": "" if ms is None else str(round(ms))}


def _stages(times: Timings) -> dict[str, float | None]:
    return {
        "endpoint": times.endpoint,
        "stt": times.stt,
        "first_token": times.first_token,
        "first_audio": times.first_audio,
        "total": times.total,
    }


def turn_line(turn: Turn) -> str:
    """As `turn 3 wake=hey_jarvis:0.97 language=en confidence=0.93 said=41 interrupted=no endpoint=532 …` (ms)."""
    fields = [
        f"turn {turn.number}",
        *([f"room={turn.heard.room}"] if turn.heard.room else []),
        f"wake={turn.wake.phrase}:{turn.wake.score:.2f}" if turn.wake else "wake=-",
        f"language={turn.heard.language}",
        f"confidence={turn.heard.confidence:.2f}",
        f"said={len(turn.reply.said)}",
        f"interrupted={'yes' if turn.reply.interrupted else 'no'}",
        *(f"{name}={'-' if ms is None else round(ms)}" for name, ms in _stages(turn.timings).items()),
    ]
    return " ".join(fields)
