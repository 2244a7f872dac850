"""A server of voices and transcriptions over HTTP that does what the test says, and keeps what it was sent."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import numpy as np
import soundfile
from aiohttp import BodyPartReader, web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def tone(*, seconds: float = 0.5, rate: int = 24_000, channels: int = 1, subtype: str = "PCM_16") -> bytes:
    """A WAV file."""
    wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)
    file = io.BytesIO()
    soundfile.write(file, np.stack([wave] * channels, axis=1), rate, format="WAV", subtype=subtype)
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class Sent:
    """A request, as far as it matters."""

    path: str
    key: str
    json: dict[str, object] | None
    form: dict[str, object]
    """The content of files, the text of all else."""


@dataclass
class AudioServer:
    address: str
    answers: Answer
    greets: int = 200
    sent: list[Sent] = field(default_factory=list)
    greeted: list[str] = field(default_factory=list)


def gives(body: bytes, *, status: int = 200, kind: str = "audio/wav") -> Answer:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body, status=status, content_type=kind)

    return answer


def breaks_off_after(body: bytes, *, promised: int) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(promised)})
        await response.prepare(request)
        await response.write(body)
        assert request.transport
        request.transport.abort()
        return response

    return answer


def never() -> Answer:
    async def answer(_: web.Request) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    return answer


def endless() -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(bytes(1 << 20))

    return answer


async def _sent(request: web.Request) -> Sent:
    key = request.headers.get("Authorization", "")
    if request.content_type == "application/json":
        return Sent(request.path, key, await request.json(), {})
    form: dict[str, object] = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        assert part.name
        form[part.name] = bytes(await part.read()) if part.filename else (await part.read()).decode()
    return Sent(request.path, key, None, form)


@asynccontextmanager
async def audio_server(answers: Answer | None = None) -> AsyncGenerator[AudioServer]:
    """On loopback, until this is left."""
    it = AudioServer("", answers or gives(tone()))

    async def post(request: web.Request) -> web.StreamResponse:
        it.sent.append(await _sent(request))
        return await it.answers(request)

    async def get(request: web.Request) -> web.Response:
        it.greeted.append(request.path)
        return web.Response(status=it.greets)

    app = web.Application(client_max_size=1 << 26)
    app.router.add_post("/{path:.*}", post)
    app.router.add_get("/{path:.*}", get)
    runner = web.AppRunner(app, shutdown_timeout=0, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        it.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield it
    finally:
        await runner.cleanup()
