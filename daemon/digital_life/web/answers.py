"""What goes out: JSON, files, and sentences about what went wrong."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote

import msgspec
from aiohttp import web

from digital_life.errors import DigitalLifeError, RequestError
from digital_life.values import Language
from digital_life.web import headers
from digital_life.web.files import File
from digital_life.web.resource import Download
from digital_life.worker import Worker

PIECE_BYTES: Final = 1 << 18
JSON: Final = {"Content-Type": "application/json"}
READING_S: Final = 60.0
"""How long who fetches a file may not read."""


async def json(value: object, request: web.BaseRequest, *, worker: Worker) -> web.StreamResponse:
    """None says nothing, with status 204."""
    if value is None:
        return web.Response(status=204)
    return await send(msgspec.json.encode(value), request, told=JSON, worker=worker)


def wrong(error: DigitalLifeError, language: Language, *, accepted: str = "") -> web.Response:
    """The sentence, as JSON; where the browser shows it to a person by itself, as it is."""
    status = error.status if isinstance(error, RequestError) else 400
    later = {"Retry-After": str(error.values["seconds"])} if "seconds" in error.values else {}
    sentence = error.sentence(language)
    if "text/html" in accepted:
        return web.Response(status=status, text=sentence, headers=later)
    return web.Response(status=status, body=msgspec.json.encode({"error": sentence}), headers={**JSON, **later})


def head_of(found: File, *, policy: str) -> dict[str, str]:
    """The headers of a file of a page."""
    told = {
        "Content-Type": found.kind,
        "Content-Security-Policy": policy,
        "Cache-Control": "no-cache",
        "ETag": found.tag,
    }
    return {**told, "Vary": "Accept-Encoding"} if found.pressed else told


async def file(found: File, request: web.BaseRequest, *, policy: str, worker: Worker) -> web.StreamResponse:
    """A file of a page: as the browser has it already, pressed, or as it is."""
    told = head_of(found, policy=policy)
    if found.tag in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers=told)
    if found.pressed and "gzip" in request.headers.get("Accept-Encoding", ""):
        return web.Response(body=found.pressed, headers={**told, "Content-Encoding": "gzip"})
    return await send(found.content, request, told=told, worker=worker)


async def download(kept: Download, request: web.BaseRequest, *, worker: Worker) -> web.StreamResponse:
    """Something that the browser keeps."""
    disposition = f"attachment; filename*=UTF-8''{quote(kept.name, safe='')}"
    told = {"Content-Disposition": disposition, "Content-Type": kept.kind}
    try:
        return await send(kept.content, request, told=told, worker=worker)
    finally:
        if isinstance(kept.content, Path):
            await asyncio.shield(worker.run(partial(kept.content.unlink, missing_ok=True)))


async def send(
    content: bytes | Path, request: web.BaseRequest, *, told: Mapping[str, str], worker: Worker
) -> web.StreamResponse:
    """All of it, piece by piece: who reads slowly makes nobody wait, and takes no memory."""
    if isinstance(content, bytes) and len(content) <= PIECE_BYTES:
        return web.Response(body=content, headers=told)
    opened: BinaryIO = BytesIO(content) if isinstance(content, bytes) else await worker.run(lambda: content.open("rb"))
    with opened:
        response = web.StreamResponse(headers=told)
        headers.seal(response.headers)
        response.content_length = opened.seek(0, os.SEEK_END)
        opened.seek(0)
        await response.prepare(request)
        if request.method != "HEAD":
            await _send(opened, response, worker)
    return response


async def _send(opened: BinaryIO, response: web.StreamResponse, worker: Worker) -> None:
    while piece := await worker.run(lambda: opened.read(PIECE_BYTES)):
        try:
            async with asyncio.timeout(READING_S):
                await response.write(piece)
        except TimeoutError as error:
            raise ConnectionResetError("what was asked for was not read") from error
