"""One line a turn, with every latency and none of the words."""

from __future__ import annotations

import logging

from digital_life.values import Announced, State, Transcript, Turn, Written

log = logging.getLogger("digital_life")

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
FORMAT_UNDER_SYSTEMD = "%(levelname)s %(name)s: %(message)s"


def configure(level: str, *, under_systemd: bool) -> None:
    """Log to standard error; the journal adds the time itself."""
    logging.basicConfig(level=logging.WARNING, format=FORMAT_UNDER_SYSTEMD if under_systemd else FORMAT)
    log.setLevel(level)


def event(event: object) -> None:
    """Log what happened; the words themselves at DEBUG only."""
    match event:
        case State():
            log.debug("state %s", event)
        case Transcript():
            log.debug("heard (%s, %.2f): %s", event.language, event.confidence, event.text)
        case Turn() | Written():
            turn = event.turn if isinstance(event, Written) else event
            log.info(turn_line(turn))
            log.debug("said: %s", turn.reply.said)
        case Announced():
            log.debug("said unasked (%s): %s", event.language, event.text)


def turn_line(turn: Turn) -> str:
    """As `turn 3 wake=hey_jarvis:0.97 language=en confidence=0.93 said=41 interrupted=no endpoint=532 …` (ms)."""
    times = turn.timings
    stages = {
        "endpoint": times.endpoint,
        "stt": times.stt,
        "first_token": times.first_token,
        "first_audio": times.first_audio,
        "total": times.total,
    }
    fields = [
        f"turn {turn.number}",
        f"wake={turn.wake.phrase}:{turn.wake.score:.2f}" if turn.wake else "wake=-",
        f"language={turn.heard.language}",
        f"confidence={turn.heard.confidence:.2f}",
        f"said={len(turn.reply.said)}",
        f"interrupted={'yes' if turn.reply.interrupted else 'no'}",
        *(f"{name}={'-' if ms is None else round(ms)}" for name, ms in stages.items()),
    ]
    return " ".join(fields)
