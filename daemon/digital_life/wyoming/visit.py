"""What is found at the port of the settings, for the doctor."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from wyoming.client import AsyncTcpClient
from wyoming.info import Describe, Info

from digital_life.wyoming.info import NAME

ANSWER_S: Final = 2.0
EVERY: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with
"""Listening addresses that are all of this machine's, and where it is found there."""


class Found(StrEnum):
    FREE = "free"
    OURS = "ours"
    TAKEN = "taken"
    """By another program."""


async def visit(host: str, port: int, *, answer_s: float = ANSWER_S) -> Found:
    try:
        async with AsyncTcpClient(
            EVERY.get(host, host), port, connect_timeout=answer_s, read_timeout=answer_s
        ) as client:
            await client.write_event(Describe().event())
            event = await client.read_event()
    except TimeoutError:
        return Found.TAKEN
    except ConnectionRefusedError:
        return Found.FREE
    except OSError:
        return Found.TAKEN
    if event is None or not Info.is_type(event.type):
        return Found.TAKEN
    programs = event.data.get("asr")
    ours = isinstance(programs, list) and any(isinstance(each, dict) and each.get("name") == NAME for each in programs)
    return Found.OURS if ours else Found.TAKEN
