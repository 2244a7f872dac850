"""A language server that does what the test tells it to, well or badly."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
DONE = b"data: [DONE]\n\n"


def event(text: str, **delta: str) -> bytes:
    table = {"choices": [{"delta": {"content": text, **delta}, "finish_reason": None}]}
    return f"data: {json.dumps(table, ensure_ascii=False)}\n\n".encode()


def sends(*parts: bytes) -> Behaviour:
    """These bytes, and then the end."""

    async def do(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()

    return do


def answers(*pieces: str) -> Behaviour:
    return sends(STREAM, *map(event, pieces), DONE)


def refuses(status: int, body: str = "", *, after: str = "") -> Behaviour:
    """`after`: when it wants to be asked again."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"Retry-After: {after}"] if after else []
    return sends("\r\n".join([*lines, "", body]).encode())


def falls_silent_after(*parts: bytes) -> Behaviour:
    """These bytes, and then nothing until the other side has had enough."""

    async def do(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"".join(parts))
        await reader.read()

    return do


def lists(*models: str, maker: str = "llamacpp") -> Behaviour:
    body = json.dumps({"object": "list", "data": [{"id": each, "owned_by": maker} for each in models]})
    return refuses(200, body)


@dataclass
class Completions:
    """`chats` is what it does when it is to answer, `greets` when it is asked for its models."""

    chats: Behaviour = field(default_factory=lambda: answers("It is ", "Paris."))
    greets: Behaviour = field(default_factory=lambda: lists("qwen"))
    requests: list[dict[str, object]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)
    """The other side closed the connection."""
    address: str = ""

    @property
    def asked(self) -> list[str]:
        """The last message of each request."""
        return [str(each["messages"][-1]["content"]) for each in self.requests]  # type: ignore[index]  # of JSON

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        fields = dict(line.lower().split(": ", 1) for line in head.splitlines()[1:] if line)
        self.keys.append(fields.get("authorization", ""))
        body = await reader.readexactly(int(fields.get("content-length", 0)))
        try:
            if head.startswith("GET"):
                await self.greets(reader, writer)
            else:
                self.requests.append(json.loads(body))
                await self.chats(reader, writer)
        except ConnectionError:
            pass
        finally:
            self.hung_up.set()
            writer.close()


@asynccontextmanager
async def completions(encrypted: ssl.SSLContext | None = None) -> AsyncGenerator[Completions]:
    it = Completions()
    async with await asyncio.start_server(it.serve, "127.0.0.1", 0, ssl=encrypted) as server:
        port = server.sockets[0].getsockname()[1]
        it.address = f"{'https' if encrypted else 'http'}://127.0.0.1:{port}/v1"
        yield it
