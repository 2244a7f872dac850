"""A real web server with a site of its own, and somebody who asks it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import msgspec

from digital_life import config
from digital_life.errors import MemoryFileError, RequestError
from digital_life.web.resource import Call, Download, Resource
from digital_life.web.server import open_server
from digital_life.web.site import Folder, Site
from fakes.channel import FakeChannel

POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"


class Wish(msgspec.Struct):
    text: str


@dataclass
class Served:
    address: str
    client: aiohttp.ClientSession
    channel: FakeChannel
    home: Path
    done: list[object] = field(default_factory=list)
    """What resources that change something were asked for."""

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    @property
    def own(self) -> dict[str, str]:
        """What a page of ours says with each request."""
        return {"Origin": self.address}

    def socket(self) -> aiohttp.client._WSRequestContextManager:
        return self.client.ws_connect("/socket", headers=self.own, max_msg_size=0)

    async def raw(self, sent: bytes) -> bytes:
        """What comes back for these bytes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(sent)
        try:
            async with asyncio.timeout(5):
                return await reader.read()
        finally:
            writer.close()
            await writer.wait_closed()


@asynccontextmanager
async def served(home: Path, *, settings: config.Web | None = None) -> AsyncGenerator[Served]:
    """Everything that a site can hold; the pages lie in `home/pages`."""
    pages = home / "pages"
    pages.mkdir(exist_ok=True)
    (pages / "index.html").write_text("<!doctype html><title>Life</title>")
    (pages / "main.js").write_text("export const answer = 42;\n" * 100)
    (pages / "icon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    (home / "secret.txt").write_text("secret")
    channel, done = FakeChannel(), list[object]()
    site = Site(
        resources=_resources(done, home),
        channels={"/socket": channel},
        folders=(Folder("/", pages, POLICY), Folder("/display/", pages, POLICY, index="index.html")),
        documents={"/words.json": lambda language: b'{"language":"%s"}' % language.encode()},
    )
    async with (
        open_server(settings or config.Web(port=0), site, home=home, language="en") as serving,
        aiohttp.ClientSession(serving.address) as client,
    ):
        yield Served(serving.address, client, channel, home, done)


def _resources(done: list[object], home: Path) -> tuple[Resource, ...]:
    async def look(call: Call) -> object:
        return {"number": call.number("number"), "language": call.words.language, **call.query}

    async def change(call: Call) -> object:
        done.append(call.read(Wish))
        return None

    async def forget(call: Call) -> object:
        done.append(call.path)
        return None

    async def take(call: Call) -> object:
        assert call.file
        done.append(call.file)
        return {"size": call.file.stat().st_size, "mode": oct(call.file.stat().st_mode & 0o777)}

    async def give(call: Call) -> object:
        if "file" not in call.query:
            return Download(b"life", "Leben 生活.zip", "application/zip")
        path = home / "archive"
        path.write_bytes(bytes(3 << 20))
        return Download(path, "archive.bin", "application/octet-stream")

    async def fail(call: Call) -> object:
        errors = {
            "ours": MemoryFileError("archive-damaged", path="x"),
            "missing": RequestError("web-nothing", status=404),
        }
        raise errors.get(call.path["how"]) or ZeroDivisionError("very secret")

    return (
        Resource("GET", "/api/turns/{number}", look),
        Resource("DELETE", "/api/turns/{number}", forget),
        Resource("POST", "/api/wish", change),
        Resource("PUT", "/api/file", take, takes_file=True),
        Resource("GET", "/api/archive", give),
        Resource("GET", "/api/fail/{how}", fail),
    )
