"""A web server and a mail server on this machine, which take one message after another."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Posted:
    """What came, and the status that is answered."""

    url: str
    status: int = 200
    bodies: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)


@asynccontextmanager
async def web_server() -> AsyncGenerator[Posted]:
    posted = Posted("")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            int(line.split(":")[1]) for line in head.splitlines() if line.lower().startswith("content-length")
        )
        posted.heads.append(head)
        posted.bodies.append((await reader.readexactly(length)).decode())
        writer.write(f"HTTP/1.1 {posted.status} Said\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        posted.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/topic"
        yield posted


@dataclass
class Mailed:
    """What a mail server heard."""

    port: int = 0
    commands: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    encrypted: bool = False


@asynccontextmanager
async def mail_server(certificate: Path, *, starttls: bool = True) -> AsyncGenerator[Mailed]:
    """It wants STARTTLS before it takes anything; without `starttls` it offers none."""
    mailed = Mailed()
    trusted = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trusted.load_cert_chain(certificate)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().strip():
            mailed.commands.append(line.split(" ")[0].upper())
            match mailed.commands[-1]:
                case "EHLO":
                    offers = "250-here\r\n250-STARTTLS\r\n" if starttls and not mailed.encrypted else "250-here\r\n"
                    writer.write((offers + "250 AUTH PLAIN\r\n").encode())
                case "STARTTLS":
                    writer.write(b"220 go on\r\n")
                    await writer.drain()
                    await writer.start_tls(trusted)
                    mailed.encrypted = True
                case "AUTH":
                    writer.write(b"235 welcome\r\n")
                case "DATA":
                    writer.write(b"354 go on\r\n")
                    mailed.mails.append((await reader.readuntil(b"\r\n.\r\n")).removesuffix(b".\r\n"))
                    writer.write(b"250 taken\r\n")
                case "QUIT":
                    writer.write(b"221 bye\r\n")
                    break
                case _:
                    writer.write(b"250 fine\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        mailed.port = server.sockets[0].getsockname()[1]
        yield mailed


def certify(folder: Path) -> Path:
    """A certificate of 127.0.0.1 with its key, that nobody but its maker trusts."""
    file, key = folder / "server.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", file],
        check=True, capture_output=True,
    )  # fmt: skip
    file.write_bytes(file.read_bytes() + key.read_bytes())
    return file
