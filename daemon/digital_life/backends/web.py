"""Answers in JSON from services on the internet, or on a machine of one's own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TypeVar

import httpx
import msgspec

from digital_life.errors import ToolError

T = TypeVar("T")

REACH_S = 3.0
"""A service that is not reached by then is out of reach."""


def open_web() -> httpx.AsyncClient:
    """Connects nowhere until it is asked to. An async context manager."""
    return httpx.AsyncClient(headers={"User-Agent": "Digital Life"})


async def ask(
    web: httpx.AsyncClient, address: str, shape: type[T], *, params: Mapping[str, str], timeout_s: float
) -> T:
    """What the service at `address` answers, as a `shape`. Raises ToolError."""
    site = httpx.URL(address).host
    try:
        async with asyncio.timeout(timeout_s):
            answer = await web.get(address, params=dict(params), timeout=httpx.Timeout(timeout_s, connect=REACH_S))
        return msgspec.json.decode(answer.raise_for_status().content, type=shape)
    except httpx.HTTPStatusError as error:
        raise ToolError("web-refused", site=site, status=error.response.status_code) from error
    except (httpx.HTTPError, TimeoutError) as error:
        raise ToolError("web-unreachable", site=site) from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise ToolError("web-foreign", site=site) from error
