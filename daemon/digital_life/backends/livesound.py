"""One sound that a device fetches over HTTP while it is still being made."""

from __future__ import annotations

import asyncio
import logging
import secrets
import struct
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Final, Literal

import soundfile

from digital_life.values import WIDTH

log = logging.getLogger(__name__)

Format = Literal["wav", "flac"]

FETCHED_S: Final = 5.0
"""A device that has not asked for the sound by then does not reach this machine."""
STALLED_S: Final = 5.0
"""A device that takes nothing for so long is gone."""
ASKING_S: Final = 5.0
ASKED_BYTES: Final = 8_192
CALLERS: Final = 8
"""At a time; the device is one."""
ENDLESS: Final = 0xFFFFFFFF
"""What a WAV says of its length when it is not known yet."""


class LiveSound:
    """`write` gives it out as it comes; raises ConnectionError when the device takes no more of it."""

    def __init__(self, *, guest: str, form: Format, rate: int, channels: int) -> None:
        self.path = f"/{secrets.token_urlsafe(24)}.{form}"
        self._form = form
        self._guest = guest
        self._encoder = _Flac(rate, channels) if form == "flac" else _Wav(rate, channels)
        self._taken: asyncio.Future[asyncio.StreamWriter] = asyncio.get_running_loop().create_future()
        self._callers: set[asyncio.StreamWriter] = set()
        self._over = asyncio.Event()

    async def fetched(self) -> None:
        """Return when the device has asked for it. Raises TimeoutError."""
        async with asyncio.timeout(FETCHED_S):
            await asyncio.shield(self._taken)

    async def write(self, pcm: bytes) -> None:
        await self._send(self._encoder.feed(pcm))

    async def finish(self) -> None:
        """That was all of it."""
        await self._send(self._encoder.finish())
        await self._send(b"", last=True)

    async def _send(self, encoded: bytes, *, last: bool = False) -> None:
        if not encoded and not last:
            return
        writer = self._taken.result()
        if writer.is_closing():
            raise ConnectionResetError
        writer.write(b"%x\r\n%b\r\n" % (len(encoded), encoded))
        try:
            async with asyncio.timeout(STALLED_S):
                await writer.drain()
        except TimeoutError as error:
            raise ConnectionAbortedError from error

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One caller."""
        if len(self._callers) >= CALLERS:
            writer.transport.abort()
            return
        self._callers.add(writer)
        try:
            async with asyncio.timeout(ASKING_S):
                head = await reader.readuntil(b"\r\n\r\n")
            await self._answer(head.split(b"\r\n", 1)[0].split(b" "), reader, writer)
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            log.debug("somebody asked for a sound and did not finish")
        finally:
            self._callers.discard(writer)
            writer.close()

    async def _answer(self, asked: list[bytes], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        verb, path = asked[0], asked[1] if len(asked) > 1 else b""
        known = secrets.compare_digest(path, self.path.encode())
        whom = writer.get_extra_info("peername")[0]
        if not known or whom != self._guest or verb not in (b"GET", b"HEAD") or self._taken.done():
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: audio/%b\r\nTransfer-Encoding: chunked\r\n"
            b"Cache-Control: no-store\r\nConnection: close\r\n\r\n" % self._form.encode()
        )
        if verb == b"GET":
            self._taken.set_result(writer)
            await self._until_over(reader)

    async def _until_over(self, reader: asyncio.StreamReader) -> None:
        """Until all was sent, or the device hangs up: then it says nothing more."""
        over = asyncio.create_task(self._over.wait(), name="livesound.over")
        hung_up = asyncio.create_task(_to_the_end(reader), name="livesound.hung-up")
        try:
            await asyncio.wait((over, hung_up), return_when=asyncio.FIRST_COMPLETED)
        finally:
            over.cancel()
            hung_up.cancel()

    def close(self) -> None:
        self._over.set()
        self._taken.cancel()
        for writer in self._callers:
            writer.close()


async def _to_the_end(reader: asyncio.StreamReader) -> None:
    with suppress(ConnectionError):
        while await reader.read(ASKED_BYTES):
            pass


@asynccontextmanager
async def lent(sound: LiveSound, host: str, *, port: int = 0) -> AsyncGenerator[str]:
    """While this is entered, the guest finds `sound` at the address that is given. Raises OSError."""
    server = await asyncio.start_server(sound.serve, host, port, limit=ASKED_BYTES)
    try:
        at = server.sockets[0].getsockname()[1]
        yield f"http://{f'[{host}]' if ':' in host else host}:{at}{sound.path}"
    finally:
        server.close()
        sound.close()


class _Wav:
    def __init__(self, rate: int, channels: int) -> None:
        wide = channels * WIDTH
        form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, rate, rate * wide, wide, 8 * WIDTH)
        self._head = b"RIFF" + struct.pack("<I", ENDLESS) + b"WAVE" + form + struct.pack("<4sI", b"data", ENDLESS)

    def feed(self, pcm: bytes) -> bytes:
        head, self._head = self._head, b""
        return head + pcm

    def finish(self) -> bytes:
        return b""


class _Flac:
    def __init__(self, rate: int, channels: int) -> None:
        self._written = _Written()
        # Least compressed, its blocks are 0.024 s at 48 kHz instead of 0.085 s: a player reads ten before it begins.
        self._file = soundfile.SoundFile(
            self._written, "w", rate, channels, "PCM_16", format="FLAC", compression_level=0.0
        )

    def feed(self, pcm: bytes) -> bytes:
        self._file.buffer_write(pcm, dtype="int16")
        return self._written.take()

    def finish(self) -> bytes:
        self._file.close()
        return self._written.take()


class _Written:
    """A file as libsndfile wants one, of which only what is added at its end is kept.

    At the end it would go back and write the length into the head, which was sent long ago.
    """

    def __init__(self) -> None:
        self._new = bytearray()
        self._at = self._end = 0

    def take(self) -> bytes:
        new = bytes(self._new)
        self._new.clear()
        return new

    def write(self, written: bytes) -> int:
        if self._at == self._end:
            self._new += bytes(written)
            self._end += len(written)
        self._at += len(written)
        return len(written)

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._end)[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, _size: int = -1) -> bytes:
        return b""

    def flush(self) -> None:
        """Nothing waits."""
