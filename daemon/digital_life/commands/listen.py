"""`digital-life listen FILE...`: the daemon's own parts, with recordings as microphone and files as loudspeaker."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from digital_life import log
from digital_life.broadcast import Broadcast, Event
from digital_life.commands.turns import as_table
from digital_life.values import State, Turn

if TYPE_CHECKING:
    from digital_life.backends.wavfile import WavLoudspeaker
    from digital_life.context import Context
    from digital_life.words import Words


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("listen", help=words.text("help.listen"))
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=words.text("help.listen-files"))
    parser.add_argument("--out", type=Path, metavar="DIR", help=words.text("help.listen-out"))
    parser.add_argument("--realtime", action="store_true", help=words.text("help.listen-realtime"))
    parser.add_argument("--json", action="store_true", help=words.text("help.json"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    return asyncio.run(_listen(options, context))


async def _listen(options: argparse.Namespace, context: Context) -> int:
    from digital_life import app
    from digital_life.backends.wavfile import WavLoudspeaker, open_recording

    recordings = [open_recording(file) for file in options.files]  # all are looked at before the models load
    loudspeaker = WavLoudspeaker(options.out, clock=context.clock, realtime=options.realtime)
    async with app.open_parts(context, loudspeaker) as parts:
        for file, recording in zip(options.files, recordings, strict=True):
            report = _Report(file, loudspeaker, context, as_json=options.json)
            broadcast = Broadcast()
            broadcast.subscribe(log.event)
            broadcast.subscribe(report.hear)
            await app.session_on_recording(parts, recording, broadcast, realtime=options.realtime).run()
            report.end()
    return 0


class _Report:
    """Prints each turn of one recording, and why there was none."""

    def __init__(self, file: Path, loudspeaker: WavLoudspeaker, context: Context, *, as_json: bool) -> None:
        self._file = file
        self._loudspeaker = loudspeaker
        self._context = context
        self._as_json = as_json
        self._woken = False
        self._turns = 0

    def hear(self, event: Event) -> None:
        if event is State.LISTENING:
            self._woken = True
        elif event is State.THINKING:
            self._loudspeaker.begin(f"{self._file.stem}-{self._turns + 1}")
        elif isinstance(event, Turn):
            self._turns += 1
            print(self._line(event, self._loudspeaker.finish()), flush=True)

    def end(self) -> None:
        if not self._turns:
            key = "listen.no-words" if self._woken else "listen.no-wake"
            print(self._context.words.text(key, file=self._file), file=sys.stderr)

    def _line(self, turn: Turn, audio: Path | None) -> str:
        if self._as_json:
            return json.dumps({"file": str(self._file), **as_table(turn, audio)}, ensure_ascii=False)
        text = self._context.words.text
        wake = turn.wake
        first = turn.timings.first_audio
        return text(
            "listen.turn",
            number=turn.number,
            wake=text("listen.wake", phrase=wake.phrase, score=f"{wake.score:.2f}", at=f"{wake.at:.1f}")
            if wake
            else text("listen.no-wake-word"),
            heard=turn.heard.text,
            name=turn.by,
            reply=turn.reply.said,
            first_audio="-" if first is None else round(first),
            audio=text("listen.audio", path=audio) if audio else "",
        )
