"""`scripts/bench voice --full`: the long ones one after the other, and a page about them."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from benches import plots, report, talk, voice, wake
from benches.figures import Figure
from benches.page import page

DOCS = Path(__file__).resolve().parents[2] / "docs"
BENCHES = {"voice": voice.measure, "talk": talk.measure, "wake": wake.measure}


def main() -> int:
    parser = report.parser("voice")
    parser.add_argument("--full", action="store_true", help="also talk and wake, and a page with plots; an hour")
    parser.add_argument("--out", type=Path, default=DOCS, metavar="DIR", help="for the page and its plots: docs")
    options = parser.parse_args()
    measured: dict[str, list[Figure]] = {}
    for name, measure in BENCHES.items():
        measured[name] = asyncio.run(measure(options.profile, quick=options.quick))
        write(options.out, measured, options)  # After each: nothing is lost when the next one fails.
    if options.json:
        told = {name: report.plain(figures) for name, figures in measured.items()}
        print(json.dumps(told, ensure_ascii=False, indent=1, default=float))
    else:
        for name, figures in measured.items():
            report.show(figures, title=name, as_json=False)
    return int(options.check and not all(each.within for figures in measured.values() for each in figures))


def write(folder: Path, measured: dict[str, list[Figure]], options: argparse.Namespace) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    where = (
        f"{datetime.now(UTC):%d %B %Y}, {platform.machine()} with {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, profile `{options.profile}`"
        f"{', fewer of everything' if options.quick else ''}."
    )
    (folder / "voice-report.md").write_text(page(where, measured, plots.draw(folder, measured)), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
