"""`digital-life run`: the daemon."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import faulthandler
import importlib
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

from digital_life import config, log, mishaps, service, worker
from digital_life.broadcast import Broadcast
from digital_life.console import Console, typed_lines
from digital_life.errors import DigitalLifeError, ungrouped
from digital_life.heartbeat import Heartbeat
from digital_life.readiness import Readiness
from digital_life.restart import Restart, again
from digital_life.values import State
from digital_life.worker import Worker

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from digital_life.context import Context
    from digital_life.readiness import Told
    from digital_life.talking.session import Session
    from digital_life.words import Words

logger = logging.getLogger(__name__)

LAST_WORDS_S = 3.0
"""So long it may take until an interrupted answer is remembered."""
LEAVE_S = 2.0
"""So long after it was told to stop a model that is still being loaded is waited for no more."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("run", help=words.text("help.run"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:  # noqa: ARG001 - all commands are called alike
    # Where each thread stood, when the watchdog ends it.
    faulthandler.enable()
    with again() as begin, ungrouped():  # parts that are open run tasks of their own
        if asyncio.run(_run(context)):
            begin()
    if worker.has_left():
        _leave()
    return 0


async def _run(context: Context) -> bool:
    """Until it is stopped; whether it is to begin again."""
    stopping = asyncio.Event()
    restart = Restart(stopping)
    broadcast = Broadcast()
    readiness = Readiness()
    broadcast.subscribe(log.event)
    broadcast.subscribe(Console(context.words, sys.stdout).show)
    broadcast.subscribe(lambda event: _tell_service(readiness.feed(event), context, restart))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    loop.add_signal_handler(signal.SIGHUP, lambda: _reload(context, restart))
    broadcast.publish(State.STARTING)
    heartbeat = Heartbeat(clock=context.clock)
    opened = asyncio.Event()
    with ungrouped(), mishaps.noted(context.home, context.clock):
        async with _beating(heartbeat), asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(stopping.wait(), name="run.stopping")
            living = tasks.create_task(
                _live(context, broadcast, stopping, opened, restart=restart, heartbeat=heartbeat), name="run.living"
            )
            await asyncio.wait((living, waiting), return_when=asyncio.FIRST_COMPLETED)
            loop.call_later(LEAVE_S, worker.leave, LEAVE_S)
            if not opened.is_set():  # else it ends by itself, and remembers what it was saying
                broadcast.publish(State.STOPPING)
                living.cancel()
            await asyncio.wait((living,))
            waiting.cancel()
    return restart.wanted


async def _live(
    context: Context,
    broadcast: Broadcast,
    stopping: asyncio.Event,
    opened: asyncio.Event,
    *,
    restart: Restart,
    heartbeat: Heartbeat,
) -> None:
    """Load the models and talk until it is `stopping`. Before `opened` is set it is to be cancelled for that."""
    async with Worker("importing") as importing:
        await importing.run(_import)
    from digital_life import app

    session = app.open_session(context, broadcast, recent=log.keep_recent(), restart=restart.ask, heartbeat=heartbeat)
    async with session as talks:
        opened.set()
        await _until(stopping, talks)
        broadcast.publish(State.STOPPING)


def _import() -> None:
    """All libraries, on a thread: it takes 2 s, many more on a busy machine, and meanwhile it can be told to stop."""
    importlib.import_module("digital_life.app")


def _leave() -> NoReturn:
    """End without taking the interpreter apart: a thread is inside a library, and all is kept."""
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(0)


@contextlib.asynccontextmanager
async def _beating(heartbeat: Heartbeat) -> AsyncGenerator[None]:
    """As often as the watchdog wants, where there is one."""
    every_s = service.beats_every_s()
    if every_s is None:
        yield
        return
    with ungrouped():
        async with asyncio.TaskGroup() as tasks:
            beating = tasks.create_task(heartbeat.run(every_s), name="run.heartbeat")
            try:
                yield
            finally:
                beating.cancel()


def _reload(context: Context, restart: Restart) -> None:
    """Begin again with the settings of now, in the same process; with wrong ones go on as it is."""
    from digital_life import app
    from digital_life.devices import file

    text = context.words.text
    service.show_restart(text("service.reloading"))
    in_home = context.home / config.FILE
    try:
        settings = config.load(context.settings_file or (in_home if in_home.exists() else None), context.changes)
        file.load(context.devices_file, settings.devices.rooms)
        app.choose_models(dataclasses.replace(context, settings=settings))
    except DigitalLifeError as error:
        logger.error("the settings of before stay: %s", error)  # noqa: TRY400 - where it came from helps nobody
        service.show_unchanged(text("service.unchanged", cause=error.sentence(context.words.language)))
        return
    restart.ask()


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


def _tell_service(told: Told | None, context: Context, restart: Restart) -> None:
    if told is None:
        return
    text = context.words.text(told.words)
    if told.stops and restart.wanted:
        service.show_restart(text)
    else:
        service.show(text, ready=told.ready, stops=told.stops)
