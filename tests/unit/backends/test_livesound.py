"""A sound that one device may fetch once, while it is made."""

from __future__ import annotations

import asyncio
import io

import numpy as np
import pytest
import soundfile

from digital_life.backends import livesound
from digital_life.backends.livesound import Format, LiveSound, lent
from fakes.voice_device import fetch

TONE = (np.sin(np.arange(48_000) / 20) * 8_000).astype(np.int16)
HERE = "127.0.0.1"


def sound(form: Format = "wav", *, guest: str = HERE, rate: int = 48_000, channels: int = 1) -> LiveSound:
    return LiveSound(guest=guest, form=form, rate=rate, channels=channels)


async def given_out(it: LiveSound, pcm: bytes, block: int = 3_000) -> None:
    await it.fetched()
    for begin in range(0, len(pcm), block):
        await it.write(pcm[begin : begin + block])
    await it.finish()


async def forever(it: LiveSound, pcm: bytes) -> None:
    while True:
        await it.write(pcm)
        await asyncio.sleep(0)


async def test_a_wav_is_what_was_written() -> None:
    it = sound()
    async with lent(it, HERE) as url:
        (head, body), _ = await asyncio.gather(fetch(url), given_out(it, TONE.tobytes()))
    assert "200 OK" in head
    assert "audio/wav" in head
    read, rate = soundfile.read(io.BytesIO(body), dtype="int16")
    assert rate == 48_000
    assert read.tobytes() == TONE.tobytes()


async def test_a_flac_is_what_was_written() -> None:
    it = sound("flac")
    async with lent(it, HERE) as url:
        (head, body), _ = await asyncio.gather(fetch(url), given_out(it, TONE.tobytes()))
    assert "audio/flac" in head
    read, rate = soundfile.read(io.BytesIO(long(body, len(TONE))), dtype="int16")
    assert rate == 48_000
    assert read.tobytes() == TONE.tobytes()


def long(flac: bytes, samples: int) -> bytes:
    """With its length in its head, which a FLAC that is made while it is sent cannot have; the reader here wants it."""
    counted = (int.from_bytes(flac[18:26], "big") & ~((1 << 36) - 1)) | samples
    return flac[:18] + counted.to_bytes(8, "big") + flac[26:]


async def test_it_comes_while_it_is_made() -> None:
    it, coming = sound(), bytearray()
    async with lent(it, HERE) as url:
        fetching = asyncio.create_task(fetch(url, coming))
        await it.fetched()
        await it.write(TONE[:100].tobytes())
        while len(coming) < 44 + 200:
            await asyncio.sleep(0.001)
        await it.finish()
        await fetching


async def test_it_is_given_once() -> None:
    it = sound()
    async with lent(it, HERE) as url:
        _, (head, body) = await asyncio.gather(given_out(it, b"\1\0"), fetch(url))
        assert "200" in head
        assert body
        head, body = await fetch(url)
    assert "404" in head
    assert not body


@pytest.mark.parametrize("end", ["x", "", "/../"])
async def test_nobody_finds_it_who_was_not_told(end: str) -> None:
    it = sound()
    async with lent(it, HERE) as url:
        head, _ = await fetch(url.rpartition("/")[0] + "/" + end)
    assert "404" in head


async def test_nobody_else_is_given_it() -> None:
    it = sound(guest="192.0.2.7")
    async with lent(it, HERE) as url:
        head, _ = await fetch(url)
    assert "404" in head


async def test_a_device_that_hangs_up_is_given_no_more() -> None:
    it = sound()
    async with lent(it, HERE) as url:
        fetching = asyncio.create_task(fetch(url))
        await it.fetched()
        await it.write(b"\1\0" * 100)
        fetching.cancel()
        with pytest.raises(ConnectionError):
            await forever(it, b"\1\0" * 100)


async def test_a_device_that_takes_nothing_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(livesound, "STALLED_S", 0.05)
    it = sound()
    async with lent(it, HERE) as url:
        path, port = url.rpartition("/")[2], int(url.split(":")[2].split("/")[0])
        reader, writer = await asyncio.open_connection(HERE, port, limit=1_024)
        writer.write(f"GET /{path} HTTP/1.1\r\n\r\n".encode())
        await it.fetched()
        with pytest.raises(ConnectionError):
            await forever(it, bytes(100_000))
        assert not reader.at_eof()
        writer.close()


async def test_who_asks_for_nothing_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(livesound, "ASKING_S", 0.05)
    it = sound()
    async with lent(it, HERE) as url:
        port = int(url.split(":")[2].split("/")[0])
        for asked in (b"", b"x" * 20_000):
            reader, writer = await asyncio.open_connection(HERE, port)
            writer.write(asked)
            try:
                assert await reader.read() == b""
            except ConnectionError:
                assert asked
            writer.close()
