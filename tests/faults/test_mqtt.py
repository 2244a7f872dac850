"""A real broker that is absent, dies, refuses, hangs, fills up, and a network that is cut."""

from __future__ import annotations

import asyncio
import gc
import logging
import re
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import psutil
import pytest

from digital_life import config
from digital_life.backends import mqtt, mqtt_session
from digital_life.backends.mqtt import open_connection
from digital_life.clock import SystemClock
from digital_life.errors import ConfigError
from digital_life.ports import Connection
from digital_life.values import Published
from fakes.elsewhere import Elsewhere
from fakes.mosquitto import HOST, Mosquitto, free_port
from fakes.relay import Relay

WILL = Published.text("life/availability", "offline", qos=1, retain=True)
WITHIN_S = 30.0
LAG_S = 0.02
"""What sound bears: a block is 80 ms."""


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """All as it is, but sooner."""
    monkeypatch.setattr(mqtt, "FIRST_S", 0.05)
    monkeypatch.setattr(mqtt, "LONGEST_S", 0.2)
    monkeypatch.setattr(mqtt_session, "KEEP_ALIVE_S", 1)
    monkeypatch.setattr(mqtt_session, "ANSWER_S", 1.0)


def connected_to(port: int, **settings: object) -> AbstractAsyncContextManager[Connection]:
    table = {"port": port} | settings
    return open_connection(config.Mqtt(**table), clock=SystemClock(), will=WILL, client_id="life")  # type: ignore[arg-type]  # of each test its own


async def until(true: Callable[[], object], *, within_s: float = WITHIN_S) -> float:
    """Seconds until it was."""
    began = time.monotonic()
    async with asyncio.timeout(within_s):
        while not true():
            await asyncio.sleep(0.005)
    return time.monotonic() - began


def state(text: str) -> Published:
    return Published.text("life/state", text, qos=1, retain=True)


def event(text: str, *, qos: int = 1) -> Published:
    return Published.text("life/event", text, qos=1 if qos else 0)


@asynccontextmanager
async def lags() -> AsyncGenerator[list[float]]:
    """By how many seconds the loop was late, again and again."""
    measured: list[float] = []

    async def measure() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            measured.append(time.perf_counter() - began - 0.005)

    measuring = asyncio.create_task(measure(), name="lags")
    try:
        yield measured
    finally:
        measuring.cancel()
        await asyncio.gather(measuring, return_exceptions=True)


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING]


@pytest.mark.usefixtures("impatient")
async def test_a_broker_that_is_absent_at_the_start_delays_nothing(caplog: pytest.LogCaptureFixture) -> None:
    port = free_port()
    began = time.monotonic()
    async with connected_to(port) as connection:
        assert time.monotonic() - began < 0.2
        connection.publish(state("listening"))
        connection.publish(state("idle"))
        connection.on_connected(lambda: connection.publish(Published.text("life/availability", "online", qos=1)))
        await asyncio.sleep(0.5)
        assert not connection.connected
        with Mosquitto(port=port) as mosquitto:
            await until(lambda: connection.connected)
            async with mosquitto.peer() as peer:
                await peer.subscribe("#")
                assert (await peer.hears("life/state")).payload == b"idle"
            await until(lambda: not connection._sent)  # type: ignore[attr-defined]  # to see that all is acknowledged
    assert len(warnings(caplog)) <= 2  # as it goes, the broker may go before the connection is closed
    assert f"127.0.0.1:{port} cannot be reached (Connection refused)" in caplog.text


@pytest.mark.usefixtures("impatient")
async def test_one_that_is_killed_is_found_again_and_nothing_is_lost(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    heard: list[Published] = []
    with Mosquitto() as mosquitto:
        async with connected_to(mosquitto.port) as connection:
            connection.subscribe("life/+/set", heard.append)
            connection.on_connected(lambda: connection.publish(state("thinking")))
            await until(lambda: connection.connected)
            mosquitto.kill()
            for number in range(5):
                connection.publish(event(str(number)))
            connection.publish(event("too late", qos=0))
            await until(lambda: not connection.connected)
            connection.publish(event("5"))
            mosquitto.start()
            async with mosquitto.peer() as peer:
                await peer.subscribe("#")
                await until(lambda: connection.connected)
                await peer.hears("life/event", "5")
                assert peer.payloads("life/event")[-6:] == [b"0", b"1", b"2", b"3", b"4", b"5"]
                assert b"too late" not in peer.payloads("life/event")
                assert peer.payloads("life/state")[-1] == b"thinking"
                await peer.publish("life/say/set", "hello")
                await until(lambda: heard)
    assert [each.payload for each in heard] == [b"hello"]
    assert len(warnings(caplog)) == 1
    assert caplog.text.count("connected to the MQTT broker") == 2


@pytest.mark.usefixtures("impatient")
async def test_a_wrong_password_is_told_once_and_never_shown_and_may_be_put_right(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = tmp_path / "password"
    secret.write_text("open barley\n")
    secret.chmod(0o600)
    with Mosquitto(passwords={"ada": "open sesame"}) as mosquitto:
        async with connected_to(mosquitto.port, user="ada", password_file=str(secret)) as connection:
            await asyncio.sleep(0.8)
            assert not connection.connected
            assert len(warnings(caplog)) == 1
            assert "refuses the user 'ada' or the password" in warnings(caplog)[0]
            secret.unlink()
            await until(lambda: "(mqtt.password_file) cannot be read" in caplog.text)
            secret.write_text("open sesame\n")
            secret.chmod(0o600)
            await until(lambda: connection.connected)
    assert "open barley" not in caplog.text
    assert "open sesame" not in caplog.text


@pytest.mark.usefixtures("impatient")
async def test_one_that_hangs_is_noticed_and_found_again(caplog: pytest.LogCaptureFixture) -> None:
    with Mosquitto() as mosquitto:
        async with connected_to(mosquitto.port) as connection:
            connection.on_connected(lambda: connection.publish(state("idle")))
            await until(lambda: connection.connected)
            mosquitto.pause()
            assert await until(lambda: not connection.connected) < 5
            await asyncio.sleep(1.5)
            mosquitto.resume()
            await until(lambda: connection.connected)
            async with mosquitto.peer() as peer:
                await peer.subscribe("life/state")
                await peer.hears("life/state", "idle")
    assert len(warnings(caplog)) == 1


@pytest.mark.usefixtures("impatient")
async def test_one_that_hangs_does_not_hold_up_the_end() -> None:
    with Mosquitto() as mosquitto:
        async with connected_to(mosquitto.port) as connection:
            await until(lambda: connection.connected)
            mosquitto.pause()
            connection.publish(event("unheard"))
            began = time.monotonic()
        assert time.monotonic() - began < 2.5
        began = time.monotonic()
        async with connected_to(mosquitto.port):
            await asyncio.sleep(0.3)  # it is connected, and waits to be let in
            began = time.monotonic()
        assert time.monotonic() - began < 0.5


@pytest.mark.usefixtures("impatient")
async def test_what_is_not_taken_piles_up_to_a_bound_only(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with Mosquitto() as mosquitto:
        async with Relay(mosquitto.port) as relay, mosquitto.peer() as peer, connected_to(relay.port) as connection:
            await peer.subscribe("life/state", "life/event")
            await until(lambda: connection.connected)
            relay.silence()
            before = psutil.Process().memory_info().rss
            async with lags() as late:
                for number in range(4_000):
                    connection.publish(Published("life/event", f"{number:04}".encode() + bytes(20_000), 1))
                    connection.publish(state(str(number)))
                    if number % 100 == 0:
                        await asyncio.sleep(0.005)
            assert sorted(late)[len(late) // 2] < LAG_S
            assert psutil.Process().memory_info().rss - before < 60 << 20
            await until(lambda: not connection.connected)
            connection.publish(state("idle"))
            await relay.drop()
            await relay.mend()
            await until(lambda: connection.connected)
            await peer.hears("life/state", "idle", within_s=WITHIN_S)
            numbers = [int(each[:4]) for each in peer.payloads("life/event")]
            assert numbers == sorted(numbers)
            assert re.search(r"; \d{3,} messages were dropped", caplog.text)


@pytest.mark.usefixtures("impatient")
async def test_one_without_room_left_is_borne() -> None:
    with Mosquitto(settings=["memory_limit 2000000"]) as mosquitto:
        async with connected_to(mosquitto.port) as connection:
            await until(lambda: connection.connected)
            for number in range(30):
                connection.publish(Published(f"life/big/{number}", bytes(200_000), 1, retain=True))
            await asyncio.sleep(3)
            for number in range(30):
                connection.publish(Published(f"life/big/{number}", b"", 1, retain=True))
            mosquitto.restart()
            connection.publish(state("idle"))
            async with mosquitto.peer() as peer:
                await peer.subscribe("life/state")
                await peer.hears("life/state", "idle", within_s=WITHIN_S)


@pytest.mark.usefixtures("impatient")
async def test_a_message_on_which_it_hangs_up_is_given_up_and_takes_no_other_with_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    with Mosquitto(settings=["max_packet_size 10000"]) as mosquitto:
        async with mosquitto.peer() as peer, connected_to(mosquitto.port) as connection:
            await peer.subscribe("life/event")
            await until(lambda: connection.connected)
            for each in ("before", "x" * 20_000, *map(str, range(20))):
                connection.publish(event(each))
            await peer.hears("life/event", "19", within_s=WITHIN_S)
            assert [b"before", *(str(number).encode() for number in range(20))] == list(
                dict.fromkeys(peer.payloads("life/event"))
            )
    assert "1 messages were dropped" in caplog.text


@pytest.mark.usefixtures("impatient")
async def test_tls_is_spoken_with_whom_it_trusts_and_with_nobody_else(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    with Mosquitto(tls=True) as mosquitto, Mosquitto(tls=True) as stranger:
        trusted = str(mosquitto.certificates.ca)
        async with mosquitto.peer() as peer, connected_to(mosquitto.port, tls=True, ca_file=trusted) as connection:
            await peer.subscribe("#")
            connection.publish(event("encrypted"))
            await peer.hears("life/event", "encrypted")
        assert warnings(caplog) == []
        async with connected_to(stranger.port, tls=True, ca_file=trusted) as connection:
            await until(lambda: warnings(caplog))
            await asyncio.sleep(0.5)
            assert not connection.connected
    assert len(warnings(caplog)) == 1
    assert "is not trusted" in warnings(caplog)[0]
    assert "mqtt.ca_file" in warnings(caplog)[0]
    with pytest.raises(ConfigError, match=r"none\.pem"):
        async with connected_to(1883, tls=True, ca_file=str(tmp_path / "none.pem")):
            pass


@pytest.mark.usefixtures("impatient")
async def test_tls_with_one_that_speaks_none_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with Mosquitto() as mosquitto:
        async with connected_to(mosquitto.port, tls=True) as connection:
            await until(lambda: warnings(caplog))
            assert not connection.connected
    assert "TLS" in warnings(caplog)[0]


@pytest.mark.usefixtures("impatient")
async def test_who_wants_a_certificate_is_shown_it(caplog: pytest.LogCaptureFixture) -> None:
    with Mosquitto(wants_certificate=True) as mosquitto:
        made = mosquitto.certificates
        own = {"certificate_file": str(made.client), "key_file": str(made.client_key)}
        async with connected_to(mosquitto.port, tls=True, ca_file=str(made.ca), **own) as connection:
            await until(lambda: connection.connected)
        assert warnings(caplog) == []
        async with connected_to(mosquitto.port, tls=True, ca_file=str(made.ca)) as connection:
            await until(lambda: warnings(caplog))
            assert not connection.connected
    assert "mqtt.certificate_file" in warnings(caplog)[0]


@pytest.mark.usefixtures("impatient")
async def test_a_name_that_nobody_knows_is_told(caplog: pytest.LogCaptureFixture) -> None:
    async with connected_to(1883, host="broker.invalid"):
        await until(lambda: warnings(caplog))
    assert "nobody knows the name broker.invalid" in warnings(caplog)[0]


@pytest.mark.usefixtures("impatient")
async def test_two_of_one_name_are_told_what_to_do(caplog: pytest.LogCaptureFixture) -> None:
    with Mosquitto() as mosquitto:
        async with connected_to(mosquitto.port) as first:
            await until(lambda: first.connected)
            async with connected_to(mosquitto.port):
                await until(lambda: "mqtt.client_id" in caplog.text)


async def test_the_will_is_published_when_it_dies_and_not_when_it_closes() -> None:
    with Mosquitto() as mosquitto:
        async with mosquitto.peer() as peer:
            await peer.subscribe("life/availability", "end")
            async with connected_to(mosquitto.port) as connection:
                await until(lambda: connection.connected)
                connection.publish(Published.text("life/availability", "closed"))
            await peer.publish("end")
            await peer.hears("end")
            assert peer.payloads("life/availability") == [b"closed"]
            script = (
                "import asyncio, os\n"
                "from digital_life import config\n"
                "from digital_life.backends.mqtt import open_connection\n"
                "from digital_life.clock import SystemClock\n"
                "from digital_life.values import Published\n"
                "async def main():\n"
                "    will = Published.text('life/availability', 'offline', qos=1, retain=True)\n"
                f"    settings = config.Mqtt(port={mosquitto.port})\n"
                "    async with open_connection(settings, clock=SystemClock(), will=will, client_id='x') as link:\n"
                "        link.on_connected(lambda: os._exit(9))\n"
                "        await asyncio.sleep(20)\n"
                "asyncio.run(main())\n"
            )
            died = await asyncio.create_subprocess_exec(sys.executable, "-c", script)
            assert await died.wait() == 9
            assert await peer.hears("life/availability", "offline")


async def test_the_last_words_are_heard_also_when_all_is_cancelled() -> None:
    async def live(port: int, there: asyncio.Event) -> None:
        async with connected_to(port) as connection:
            await until(lambda: connection.connected)
            there.set()
            try:
                await asyncio.sleep(WITHIN_S)
            finally:
                for number in range(30):
                    connection.publish(event(str(number)))

    with Mosquitto() as mosquitto:
        async with mosquitto.peer() as peer:
            await peer.subscribe("life/#")
            there = asyncio.Event()
            living = asyncio.create_task(live(mosquitto.port, there), name="life")
            await there.wait()
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)
            await peer.hears("life/event", "29")
            assert peer.payloads("life/availability") == []


@pytest.mark.usefixtures("impatient")
async def test_one_of_before_mqtt_5_is_spoken_to_as_it_understands() -> None:
    heard: list[Published] = []
    with Mosquitto() as mosquitto:
        async with old(mosquitto.port) as port, mosquitto.peer() as peer, connected_to(port) as connection:
            connection.subscribe("life/+/set", heard.append)
            await peer.subscribe("life/event")
            await until(lambda: connection.connected)
            connection.publish(Published("life/event", b"1", 1, answer_to="a/b", correlation=b"1"))
            assert (await peer.hears("life/event", "1")).answer_to == ""
            await peer.publish("life/say/set", "hello")
            await until(lambda: heard)


@asynccontextmanager
async def old(target: int) -> AsyncGenerator[int]:
    """A broker that refuses MQTT 5 as one of 2014 does: connection refused, unacceptable protocol version."""
    port = free_port()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            first = await reader.read(4096)
            if len(first) > 8 and first[8] == 5:
                writer.write(bytes([0x20, 2, 0, 1]))
                await writer.drain()
                return
            there_reader, there_writer = await asyncio.open_connection(HOST, target)
            there_writer.write(first)
            copies = [copy(reader, there_writer), copy(there_reader, writer)]
            await asyncio.gather(*copies)
        finally:
            writer.close()

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while block := await reader.read(4096):
            writer.write(block)
        writer.close()

    server = await asyncio.start_server(serve, HOST, port)
    try:
        yield port
    finally:
        server.close()


@pytest.mark.usefixtures("impatient")
async def test_what_cannot_be_a_topic_or_a_pattern_is_told_and_hurts_nobody(caplog: pytest.LogCaptureFixture) -> None:
    with Mosquitto() as mosquitto:
        async with mosquitto.peer() as peer, connected_to(mosquitto.port) as connection:
            await peer.subscribe("life/event")
            connection.subscribe("a/#/b", lambda _: None)
            connection.publish(Published.text("a/#", "x", qos=1))
            connection.publish(event("1"))
            await peer.hears("life/event", "1")
    assert "a/# is no topic" in caplog.text
    assert "a/#/b is no pattern" in caplog.text


async def test_who_fails_at_a_message_does_not_keep_it_from_others(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[Published] = []

    def fail(message: Published) -> None:
        raise ValueError(message.payload.decode())

    with Mosquitto() as mosquitto:
        async with mosquitto.peer() as peer, connected_to(mosquitto.port) as connection:
            connection.subscribe("life/say/set", fail)
            connection.subscribe("life/say/set", heard.append)
            connection.on_connected(lambda: fail(event("also secret")))
            await until(lambda: connection.connected)
            await peer.publish("life/say/set", "my secret")
            await until(lambda: heard)
            assert connection.connected
    assert "who hears life/say/set failed: ValueError at" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.usefixtures("impatient")
async def test_two_hundred_reconnections_leave_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt, "FIRST_S", 0.01)
    monkeypatch.setattr(mqtt, "SETTLED_S", 0.0)
    monkeypatch.setattr(mqtt.log, "disabled", True)
    process = psutil.Process()
    heard: list[Published] = []
    with Mosquitto() as mosquitto:
        async with Relay(mosquitto.port) as relay, mosquitto.peer() as peer, connected_to(relay.port) as connection:
            await peer.subscribe("life/event")
            for number in range(20):
                connection.subscribe(f"device/{number}/state", heard.append)
            levels = []
            for number in range(200):
                await until(lambda: connection.connected)
                connection.publish(event(str(number)))
                await relay.drop()
                await until(lambda: not connection.connected)
                if number in (40, 199):
                    await asyncio.sleep(0.2)
                    gc.collect()
                    levels.append((process.memory_info().rss, process.num_fds(), len(asyncio.all_tasks())))
            await until(lambda: connection.connected)
            connection.publish(event("end"))
            await peer.hears("life/event", "end")
            assert set(peer.payloads("life/event")) == {*(str(number).encode() for number in range(200)), b"end"}
            await peer.publish("device/7/state", "ON")
            await until(lambda: heard)
            assert len(heard) == 1
    (memory, descriptors, tasks), (memory_after, descriptors_after, tasks_after) = levels
    assert memory_after - memory < 4 << 20
    assert abs(descriptors_after - descriptors) <= 4
    assert abs(tasks_after - tasks) <= 8


async def test_a_network_that_is_cut_is_no_more_than_a_pause() -> None:
    try:
        elsewhere = Elsewhere().__enter__()
    except OSError as error:
        pytest.skip(f"no namespaces of the network here: {error}")
    try:
        with Mosquitto(host=elsewhere.host, prefix=elsewhere.prefix) as mosquitto:
            async with connected_to(mosquitto.port, host=elsewhere.host) as connection:
                await until(lambda: connection.connected)
                elsewhere.pull()
                connection.publish(event("in the dark"))
                connection.publish(state("idle"))
                await until(lambda: not connection.connected)
                await asyncio.sleep(3)
                elsewhere.plug()
                assert await until(lambda: connection.connected) < 10
                async with mosquitto.peer() as peer:
                    await peer.subscribe("life/state")
                    await peer.hears("life/state", "idle")
    finally:
        elsewhere.__exit__()


@pytest.mark.parametrize("qos", [0, 1])
async def test_in_a_flood_everything_else_has_its_turn(qos: int) -> None:
    turn = 0
    heard: list[int] = []

    async def take_turns() -> None:
        nonlocal turn
        while True:
            await asyncio.sleep(0)
            turn += 1

    with Mosquitto(settings=["max_queued_messages 20000"]) as mosquitto:
        async with connected_to(mosquitto.port) as connection:
            connection.subscribe("life/say/set", lambda _: heard.append(turn))
            await until(lambda: connection.connected)
            flood = await asyncio.create_subprocess_exec(
                *("mosquitto_pub", "-p", str(mosquitto.port), "-t", "life/say/set", "-q", str(qos), "-l"),
                stdin=asyncio.subprocess.PIPE,
            )
            assert flood.stdin
            other = asyncio.create_task(take_turns(), name="other")
            async with lags() as late:
                flood.stdin.write(b"".join(b"%d\n" % number for number in range(10_000)))
                flood.stdin.close()
                await until(lambda: len(heard) == 10_000)
            other.cancel()
            await flood.wait()
            assert connection.connected
    assert max(Counter(heard).values()) <= 2
    assert sorted(late)[len(late) // 2] < LAG_S
