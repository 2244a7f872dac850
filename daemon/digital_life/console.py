"""The terminal of the daemon: what it hears, says and does, and lines typed to it."""

from __future__ import annotations

import asyncio
import os
import stat
from typing import TYPE_CHECKING, TextIO

from digital_life.values import Announced, State, Transcript, Turn

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from digital_life.broadcast import Event
    from digital_life.words import Words

LINE_BYTES = 64 * 1024
"""The longest line that is read at once; a longer one ends the reading."""


class Console:
    """Shows the conversation where a person looks on; a service's output shows states alone.

    What is said goes to a terminal only: output that is kept in a journal or a file is a log.
    """

    def __init__(self, words: Words, output: TextIO) -> None:
        self._words = words
        self._output = output
        self._watched = output.isatty()
        self._told = False

    def show(self, event: Event) -> None:
        match event:
            case State():
                print(f"[{self._words.text(f'state.{event}')}]", file=self._output, flush=True)
                if self._watched and not self._told and event is not State.STARTING:
                    self._told = True
                    print(self._words.text("chat.enter"), file=self._output, flush=True)
            case Transcript() if self._watched:
                print(f"{self._words.text('chat.you')}: {event.text}", file=self._output, flush=True)
            case Turn() if self._watched:
                cut = f" [{self._words.text('chat.interrupted')}]" if event.reply.interrupted else ""
                print(f"{event.by}: {event.reply.said}{cut}", file=self._output, flush=True)
            case Announced() if self._watched:
                print(event.text, file=self._output, flush=True)


async def typed_lines(source: TextIO) -> AsyncGenerator[str]:
    """Lines as they are typed, empty ones from a terminal only; none where nobody can type (a service, a file)."""
    try:
        descriptor = source.fileno()
        mode = os.fstat(descriptor).st_mode
    except (OSError, ValueError):
        return
    terminal = os.isatty(descriptor)
    if not (terminal or stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        return
    reader = asyncio.StreamReader(limit=LINE_BYTES)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), source)
    try:
        while line := await reader.readline():
            if line.strip() or terminal:
                yield line.decode(errors="replace")
    except ValueError:  # longer than LINE_BYTES
        return
    finally:
        transport.close()
