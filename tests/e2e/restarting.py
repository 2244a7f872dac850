"""`digital-life run` with a session that is ready at once; "again" typed into it begins it again."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from unittest.mock import patch

from digital_life import app, cli
from digital_life.broadcast import Broadcast
from digital_life.commands import run as command
from digital_life.context import Context
from digital_life.restart import Restart
from digital_life.values import Loaded, State

asked: list[Restart] = []


class Quick:
    """Takes what is typed; "again" asks to begin again."""

    async def run(self, typed: AsyncIterator[str]) -> None:
        async for line in typed:
            print(f"typed {line.strip()}", flush=True)  # noqa: T201 - the test reads it
            if line.strip() == "again":
                asked[0].ask()
        await asyncio.Event().wait()

    def interrupt(self) -> None:
        pass

    async def quiet(self) -> None:
        pass


class Asked(Restart):
    def __init__(self, stopping: asyncio.Event) -> None:
        super().__init__(stopping)
        asked.append(self)


@asynccontextmanager
async def open_session(context: Context, broadcast: Broadcast, **_window: object) -> AsyncGenerator[Quick]:
    print(f"process {os.getpid()} is {context.settings.persona.name}", flush=True)  # noqa: T201 - the test reads it
    broadcast.publish(State.IDLE)
    broadcast.publish(Loaded())
    yield Quick()


if __name__ == "__main__":
    with patch.object(command, "Restart", Asked), patch.object(app, "open_session", open_session):
        sys.exit(cli.main())
