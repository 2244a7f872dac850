"""What a request says, read from the wire."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from aiohttp import HttpVersion11, web

from digital_life.errors import RequestError
from digital_life.values import Language
from digital_life.web.access import Asked, Kind
from digital_life.web.languages import language_of
from digital_life.worker import Worker

BODY_BYTES: Final = 1 << 20
FILE_BYTES: Final = 2 << 30
PIECE_BYTES: Final = 1 << 20
"""Of a file, written at once."""
SILENCE_S: Final = 30.0
"""How long who sends a body may say nothing."""
PASSED_ON: Final = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")
"""What other programs add to a request that they pass on. What it says is not believed: anybody can write it."""
UPLOAD: Final = ".web-upload-"
"""Beginning of the names of files that are being sent."""


def asked(request: web.BaseRequest, kind: Kind) -> Asked:
    headers = request.headers
    return Asked(
        kind=kind,
        method=request.method,
        host=_only(request, "Host"),
        origin=_only(request, "Origin"),
        site=_only(request, "Sec-Fetch-Site"),
        navigates=headers.get("Sec-Fetch-Mode") == "navigate",
        # No browser speaks HTTP/1.0; programs that pass requests on do.
        proxied=any(name in headers for name in PASSED_ON) or request.version < HttpVersion11,
    )


def media_type(request: web.BaseRequest) -> str:
    """Of the body; empty where none is sent."""
    if not request.can_read_body and "Content-Type" not in request.headers:
        return ""
    return request.headers.get("Content-Type", "-").partition(";")[0].strip().lower()


def bearer(request: web.BaseRequest) -> str | None:
    """The token that is shown with the request."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def language(request: web.BaseRequest, otherwise: Language) -> Language:
    return language_of(
        asked=request.query.get("language"),
        cookie=request.cookies.get("language"),
        accepted=request.headers.get("Accept-Language"),
        otherwise=otherwise,
    )


async def body(request: web.BaseRequest, *, most: int = BODY_BYTES) -> bytes:
    """Raises RequestError when it is larger, or does not come."""
    content = bytearray()
    async for piece in _pieces(request, most):
        content += piece
    return bytes(content)


@asynccontextmanager
async def kept_body(request: web.BaseRequest, *, home: Path, worker: Worker) -> AsyncGenerator[Path]:
    """The body in a file that only its owner can read, and that is deleted afterwards. Raises RequestError."""
    try:
        handle, name = await worker.run(lambda: tempfile.mkstemp(prefix=UPLOAD, dir=home))
    except OSError as error:
        raise RequestError("web-disk", status=507, cause=error.strerror or error) from error
    path = Path(name)
    try:
        try:
            await _write(request, handle, worker)
        finally:
            os.close(handle)
        yield path
    finally:
        await asyncio.shield(worker.run(lambda: path.unlink(missing_ok=True)))


async def _write(request: web.BaseRequest, handle: int, worker: Worker) -> None:
    gathered = bytearray()
    async for piece in _pieces(request, FILE_BYTES):
        gathered += piece
        if len(gathered) >= PIECE_BYTES:
            await _append(handle, bytes(gathered), worker)
            gathered.clear()
    await _append(handle, bytes(gathered), worker)


async def _append(handle: int, content: bytes, worker: Worker) -> None:
    try:
        await worker.run(lambda: _write_all(handle, content))
    except OSError as error:
        raise RequestError("web-disk", status=507, cause=error.strerror or error) from error


def _write_all(handle: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]


async def _pieces(request: web.BaseRequest, most: int) -> AsyncGenerator[bytes]:
    if "Content-Encoding" in request.headers:  # a few kilobytes of it could be gigabytes
        raise RequestError("web-pressed", status=415)
    if (request.content_length or 0) > most:
        raise RequestError("web-too-large", status=413, most=most >> 20)
    size = 0
    while piece := await _piece(request):
        size += len(piece)
        if size > most:
            raise RequestError("web-too-large", status=413, most=most >> 20)
        yield piece


async def _piece(request: web.BaseRequest) -> bytes:
    try:
        async with asyncio.timeout(SILENCE_S):
            return await request.content.readany()
    except TimeoutError as error:
        raise RequestError("web-slow", status=408) from error


def _only(request: web.BaseRequest, name: str) -> str | None:
    """What it says once; what is said twice is taken as nonsense, which is refused."""
    values = request.headers.getall(name, [])
    return values[0] if len(values) == 1 else "?" if values else None
