"""A client of Wyoming: what it tells arrives, what comes is read in time, and nonsense is an error."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wyoming.asr import Transcript
from wyoming.audio import AudioChunk
from wyoming.error import Error
from wyoming.info import Info
from wyoming.ping import Ping, Pong

from digital_life.backends.wyoming_client import WyomingClient, connect
from digital_life.errors import WyomingError
from fakes.mosquitto import free_port
from fakes.offered import Offered, served
from fakes.wyoming_server import Answers, closing, saying, wyoming_server

SOON_S = 5.0


async def asked(port: int, *, within_s: float = SOON_S) -> Info:
    async with connect("127.0.0.1", port, timeout_s=SOON_S) as client:
        return await client.describe(within_s=within_s)


async def error_of(answers: Answers, *, within_s: float = SOON_S) -> WyomingError:
    async with wyoming_server(answers) as server:
        with pytest.raises(WyomingError) as found:
            await asked(server.port, within_s=within_s)
    assert found.value.values["port"] == server.port
    return found.value


async def test_what_our_own_server_offers_is_read() -> None:
    async with served(Offered()) as it:
        found = await asked(it.port)
    assert [each.name for each in found.tts[0].voices] == ["amy", "zf"]


async def test_events_come_as_they_were_told_with_their_sound() -> None:
    chunk = AudioChunk(rate=16_000, width=2, channels=1, audio=bytes(range(200)))
    async with (
        wyoming_server(saying(chunk, Transcript("hello"))) as server,
        connect("127.0.0.1", server.port, timeout_s=SOON_S) as client,
    ):
        await client.send(Ping())
        heard, written = await client.event(within_s=SOON_S), await client.event(within_s=SOON_S)
    assert heard.payload == bytes(range(200))
    assert Transcript.from_event(written).text == "hello"
    assert [each.type for each in server.told] == ["ping"]


async def test_a_server_that_knows_very_many_voices_is_understood() -> None:
    many = Info(asr=[], tts=[]).event()
    many.data["tts"] = []
    many.data["padding"] = "v" * 300_000

    async with wyoming_server(saying(many)) as server:
        assert (await asked(server.port)).tts == []


async def test_all_events_are_given_until_it_closes() -> None:
    kinds = []

    async def listen(client: WyomingClient) -> None:
        async for each in client.events():
            kinds.append(each.type)  # noqa: PERF401 - what came before the error counts

    async with (
        wyoming_server(closing(Pong(), Pong())) as server,
        connect("127.0.0.1", server.port, timeout_s=SOON_S) as client,
    ):
        await client.send(Ping())
        with pytest.raises(WyomingError) as found:
            await listen(client)
    assert kinds == ["pong", "pong"]
    assert found.value.key == "wyoming-lost"


async def test_where_nobody_listens_the_error_says_what_to_see_to() -> None:
    port = free_port()
    with pytest.raises(WyomingError) as found:
        await asked(port)
    assert found.value.key == "wyoming-unreachable"
    assert str(port) in found.value.sentence("en")
    assert str(port) in found.value.sentence("zh")


@pytest.mark.parametrize("host", ["", "a..b", "no.such.host.invalid", "x" * 70])
async def test_a_host_that_is_none_is_unreachable(host: str) -> None:
    with pytest.raises(WyomingError) as found:
        async with connect(host, 1, timeout_s=SOON_S):
            pass
    assert found.value.key == "wyoming-unreachable"


async def test_one_that_never_answers_is_given_up() -> None:
    assert (await error_of(saying(), within_s=0.05)).key == "wyoming-silent"


async def test_one_that_chatters_and_never_answers_is_given_up() -> None:
    assert (await error_of(saying(*[Pong()] * 1000), within_s=0.2)).key == "wyoming-silent"


async def test_one_that_closes_is_lost() -> None:
    assert (await error_of(closing())).key == "wyoming-lost"


async def test_one_that_stops_in_the_middle_of_an_event_is_lost() -> None:
    assert (await error_of(closing(b'{"type": "info", "data_length": 100}\n{"asr"'))).key == "wyoming-lost"


async def test_one_that_tells_of_an_error_is_quoted_by_its_code_alone() -> None:
    error = await error_of(saying(Error("they said their secret", code="no-voice")))
    assert error.key == "wyoming-refused"
    assert "no-voice" in str(error)
    assert "secret" not in str(error)


@pytest.mark.parametrize(
    "nonsense",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"x" * 200_000,
        b'{"type": "info", "data_length": 99999999}\n',
        b'{"type": "info", "payload_length": 99999999}\n',
        b'{"type": "info", "data": {"asr": 7}}\n',
        b'{"type": "info", "data": {"asr": [{}]}}\n',
    ],
)
async def test_what_does_not_speak_wyoming_is_foreign(nonsense: bytes) -> None:
    assert (await error_of(saying(nonsense))).key == "wyoming-foreign"


@given(st.binary(max_size=300))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_it_is_an_event_or_an_error_of_ours(nonsense: bytes) -> None:
    async def listen(client: WyomingClient) -> None:
        await client.send(Ping())
        async for _ in client.events():
            pass

    async def meet() -> None:
        async with (
            wyoming_server(closing(nonsense)) as server,
            connect("127.0.0.1", server.port, timeout_s=SOON_S) as client,
        ):
            with pytest.raises(WyomingError):
                await listen(client)

    asyncio.run(meet())


async def test_one_that_does_not_read_is_given_up() -> None:
    chunk = AudioChunk(rate=16_000, width=2, channels=1, audio=bytes(512 * 1024))
    async with (
        wyoming_server(saying(), reads=False) as server,
        connect("127.0.0.1", server.port, timeout_s=SOON_S) as client,
    ):
        client._wire._taking_s = 0.1
        with pytest.raises(WyomingError) as found:
            await client.send(*[chunk] * 100)
    assert found.value.key == "wyoming-unread"


def test_every_error_of_it_is_said_in_both_languages() -> None:
    for key in ("unreachable", "lost", "silent", "unread", "foreign", "refused"):
        error = WyomingError(f"wyoming-{key}", host="h", port=1, cause="c", seconds="2")
        assert json.dumps([error.sentence("en"), error.sentence("zh")])
