"""One turn as the object that `--json` prints."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from digital_life.values import Turn


def as_table(turn: Turn, audio: Path | None = None) -> dict[str, object]:
    """`audio` is the file that holds the answer as it was heard."""
    wake = turn.wake and {
        "phrase": turn.wake.phrase,
        "score": round(turn.wake.score, 4),
        "at_s": round(turn.wake.at, 3),
    }
    return {
        "turn": turn.number,
        "wake": wake,
        "heard": turn.heard.text,
        "language": turn.heard.language,
        "confidence": round(turn.heard.confidence, 4),
        "reply": turn.reply.said,
        "by": turn.by,
        "audio": str(audio) if audio else None,
        "interrupted": turn.reply.interrupted,
        "timings_ms": dataclasses.asdict(turn.timings),
    }
