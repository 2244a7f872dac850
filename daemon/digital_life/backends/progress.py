"""Show how far a download is: a bar on a terminal, a line at every quarter elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from digital_life.words import Words

QUARTERS = 4
MEGABYTE = 1_000_000


class Meter:
    """What the person sees of the work under way."""

    def __init__(self, words: Words, console: Console | None = None) -> None:
        self._words = words
        self._console = console or Console(stderr=True, highlight=False, soft_wrap=True)

    def say(self, key: str, **values: object) -> None:
        """One line."""
        self._console.print(self._words.text(key, **values), markup=False)

    @contextmanager
    def bar(self, name: str, *, total: int, done: int = 0) -> Iterator[Callable[[int], None]]:
        """Give a function that is told of each further number of bytes."""
        with (self._drawn if self._console.is_terminal else self._written)(name, total, done) as advance:
            yield advance

    @contextmanager
    def _drawn(self, name: str, total: int, done: int) -> Iterator[Callable[[int], None]]:
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self._console) as progress:
            task = progress.add_task(name, total=total or None, completed=done)
            yield lambda amount: progress.advance(task, amount)

    @contextmanager
    def _written(self, name: str, total: int, done: int) -> Iterator[Callable[[int], None]]:
        step = max(total // QUARTERS, 1)

        def advance(amount: int) -> None:
            nonlocal done
            before, done = done, done + amount
            if total >= MEGABYTE and done // step > before // step:
                share = min(100 * done // total, 100)
                self.say("fetch.progress", name=name, share=share, size=f"{total / MEGABYTE:.0f}")

        yield advance
