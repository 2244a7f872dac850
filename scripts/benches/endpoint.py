"""A language server that writes like a model, as slowly as one, for as many at a time as it has places."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus

from digital_life.memory.sentences import LONGEST, split

SEED = 7
RETRY_S = 15
"""When it asks those to come again whom it has no room for."""
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
_LITERALS = re.compile(r'root ::= ((?:"[^"]*"(?: \| )?)+)\s*$')


@dataclass
class Endpoint:
    """`seconds`: what its requests take, one of them each time."""

    slots: int
    queue: int
    """Who comes when so many wait already is refused."""
    seconds: Sequence[float]
    address: str = ""
    requests: int = 0
    refused: int = 0
    given_up: int = 0
    """Requests whose client went away before the answer."""
    most: int = 0
    """Requests that were in it at once, served or waiting."""
    waits: list[float] = field(default_factory=list)
    """Seconds until a request had a place."""
    _inside: int = 0
    _chance: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 - no secrets
    _places: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._places = asyncio.Semaphore(self.slots)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = re.search(r"(?i)content-length: (\d+)", head)
            body = await reader.readexactly(int(length[1]) if length else 0)
            if head.startswith("GET"):
                writer.write(_whole(200, {"data": [{"id": "model", "owned_by": "vllm"}]}))
            elif self._inside >= self.slots + self.queue:
                self.refused += 1
                writer.write(_whole(429, {"error": {"type": "overloaded"}}, f"Retry-After: {RETRY_S}"))
            else:
                await self._complete(json.loads(body), reader, writer)
            await writer.drain()
        writer.close()

    async def _complete(
        self, request: dict[str, object], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Unless the client goes away: a server that notices stops, and so does this."""
        gone = asyncio.ensure_future(reader.read())
        thinking = asyncio.ensure_future(self._think())
        await asyncio.wait((gone, thinking), return_when=asyncio.FIRST_COMPLETED)
        if thinking.done():
            writer.write(STREAM + _event(written(request)) + b"data: [DONE]\n\n")
        else:
            self.given_up += 1
        for each in (gone, thinking):
            each.cancel()
            with suppress(asyncio.CancelledError, ConnectionError):
                await each

    async def _think(self) -> None:
        loop = asyncio.get_running_loop()
        self._inside += 1
        self.requests += 1
        self.most = max(self.most, self._inside)
        came = loop.time()
        try:
            async with self._places:
                self.waits.append(loop.time() - came)
                await asyncio.sleep(self._chance.choice(self.seconds))
        finally:
            self._inside -= 1

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[None]:
        async with await asyncio.start_server(self.serve, "127.0.0.1", 0, backlog=4096) as server:
            self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
            yield
        self._places = asyncio.Semaphore(self.slots)  # one that was waited for belongs to its loop


def written(request: dict[str, object]) -> str:
    """What the grammar of the request allows, of the words that it was asked about."""
    form = request.get("structured_outputs") or {}
    grammar = str(form.get("grammar", "")) if isinstance(form, dict) else ""
    if choices := _LITERALS.match(grammar):
        return choices[1].split('"')[-2]
    messages = request["messages"]
    asked = str(messages[-1]["content"]) if isinstance(messages, list) else ""
    if grammar.startswith("root ::= plain"):
        return " ".join(re.findall(r"[\w']+", asked)[:8])
    if "answered" in grammar.partition("\n")[0] and "told" in grammar.partition("\n")[0]:
        heard, _, said = asked.removeprefix("User: ").partition("\nI: ")
        return f"{_sentence('The user said that', heard)}\n{_sentence('I said that', said)}"
    return asked


def _sentence(begin: str, text: str) -> str:
    """The first sentence of the text, as what somebody said."""
    first = (split(text) or ["nothing"])[0]
    words = re.sub(r"[^\w ',-]", "", first[: LONGEST["en"] - 60])
    words = re.sub(r"\b[Mm]y\b|\b[Yy]our\b", "their", re.sub(r"\b(?:I|[Yy]ou)\b", "they", words))
    return f"{begin} {words.strip()}."


def _event(text: str) -> bytes:
    return f"data: {json.dumps({'choices': [{'delta': {'content': text}, 'finish_reason': 'stop'}]})}\n\n".encode()


def _whole(status: int, table: object, *fields: str) -> bytes:
    body = json.dumps(table)
    head = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", f"Content-Length: {len(body)}", "Connection: close"]
    return "\r\n".join([*head, *fields, "", body]).encode()
