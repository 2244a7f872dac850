"""Download a file, going on where an earlier attempt ended."""

from __future__ import annotations

import errno
import os
import shutil
import ssl
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import httpx

from digital_life.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from digital_life.backends.progress import Meter

TRIES = 5
"""Attempts that may break off before a source is given up."""
CONNECT_S = 5.0
SILENCE_S = 30.0
"""A server that sends nothing for so long has broken off."""
PAUSE_S = 0.5
"""Before the second attempt; twice as long before each further one."""
MEGABYTE = 1_000_000


class Unavailable(Exception):  # noqa: N818 - no error yet: the next source is asked
    """A source cannot give the file: not reached, not there, or broken off again and again."""


def open_client() -> httpx.Client:
    """A client that trusts what pip trusts on this machine."""
    trust: ssl.SSLContext = httpx.create_ssl_context()
    if "PIP_CERT" in os.environ:
        trust.load_verify_locations(os.environ["PIP_CERT"])
    return httpx.Client(
        follow_redirects=True,
        verify=trust,
        timeout=httpx.Timeout(SILENCE_S, connect=CONNECT_S),
        headers={"Accept-Encoding": "identity"},
    )


def download(
    client: httpx.Client, url: str, part: Path, *, name: str, meter: Meter, headers: Mapping[str, str] | None = None
) -> None:
    """Fetch `url` into `part`, which may hold the beginning already.

    Raises Unavailable; FetchError when the disk is full.
    """
    for attempt in range(TRIES):
        try:
            _go_on(client, url, part, name=name, meter=meter, headers=headers or {})
        except httpx.TransportError as error:
            never_reached = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout) and attempt == 0
            if never_reached or attempt == TRIES - 1:
                raise Unavailable(f"{url}: {error}") from error
            time.sleep(PAUSE_S * 2**attempt)
        except httpx.HTTPStatusError as error:
            raise Unavailable(f"{url}: {error.response.status_code}") from error
        else:
            return


def _go_on(client: httpx.Client, url: str, part: Path, *, name: str, meter: Meter, headers: Mapping[str, str]) -> None:
    had = part.stat().st_size if part.exists() else 0
    wanted = {**headers, "Range": f"bytes={had}-"} if had else headers
    with client.stream("GET", url, headers=wanted) as response:
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            # All of it was there, or more than all: its sum will tell.
            return
        response.raise_for_status()
        if response.status_code != httpx.codes.PARTIAL_CONTENT:
            had = 0
        rest = int(response.headers.get("Content-Length", 0))
        require_space(part.parent, rest)
        with (
            meter.bar(name, total=had + rest, done=had) as advance,
            written(part, rest),
            part.open(_mode(had)) as file,
        ):
            for block in response.iter_raw():
                file.write(block)
                advance(len(block))


def require_space(folder: Path, size: int) -> None:
    """Raise FetchError unless `size` more bytes fit into `folder`."""
    free = shutil.disk_usage(folder).free
    if size > free:
        raise FetchError("disk-full", need=_megabytes(size), free=_megabytes(free), path=folder)


@contextmanager
def written(path: Path, size: int) -> Iterator[None]:
    """Say in our words why a file of `size` bytes could not be written; what there is of it stays."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            free = shutil.disk_usage(path.parent).free
            raise FetchError("disk-full", need=_megabytes(size), free=_megabytes(free), path=path.parent) from error
        raise FetchError("fetch-not-written", path=path, cause=error) from error


def _mode(had: int) -> Literal["ab", "wb"]:
    return "ab" if had else "wb"


def _megabytes(size: int) -> int:
    return -(-size // MEGABYTE)
