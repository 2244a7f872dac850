"""`digital-life run`: the daemon."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from digital_life import log, service
from digital_life.broadcast import Broadcast
from digital_life.console import Console, typed_lines
from digital_life.restart import Restart, again
from digital_life.values import State

if TYPE_CHECKING:
    from digital_life.broadcast import Event
    from digital_life.context import Context
    from digital_life.talking.session import Session
    from digital_life.words import Words


LAST_WORDS_S = 3.0
"""So long it may take until an interrupted answer is remembered."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("run", help=words.text("help.run"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:  # noqa: ARG001 - all commands are called alike
    with again() as begin:
        if asyncio.run(_run(context)):
            begin()
    return 0


async def _run(context: Context) -> bool:
    """Until it is stopped; whether it is to begin again."""
    from digital_life import app

    stopping = asyncio.Event()
    restart = Restart(stopping)
    recent = log.keep_recent()
    broadcast = Broadcast()
    broadcast.subscribe(log.event)
    broadcast.subscribe(Console(context.words, sys.stdout).show)
    broadcast.subscribe(lambda event: _tell_service(event, context, restart))
    broadcast.publish(State.STARTING)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with AsyncExitStack() as parts:
        session = await parts.enter_async_context(
            app.open_session(context, broadcast, recent=recent, restart=restart.ask)
        )
        await _until(stopping, session)
        broadcast.publish(State.STOPPING)
    return restart.wanted


async def _until(stopping: asyncio.Event, session: Session) -> None:
    """Run the session until it ends or is told to stop; what was said of an answer under way is remembered."""
    async with asyncio.TaskGroup() as tasks:
        working = tasks.create_task(session.run(typed_lines(sys.stdin)), name="run.session")
        waiting = tasks.create_task(stopping.wait(), name="run.stopping")
        await asyncio.wait((working, waiting), return_when=asyncio.FIRST_COMPLETED)
        session.interrupt()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(session.quiet(), LAST_WORDS_S)
        working.cancel()
        waiting.cancel()


def _tell_service(event: Event, context: Context, restart: Restart) -> None:
    if event is State.STOPPING and restart.wanted:
        service.show_restart(context.words.text("state.stopping"))
    elif isinstance(event, State):
        service.show(event, context.words.text(f"state.{event}"))
