"""The fake broker does what the connection to a real one does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import pytest

from digital_life import config
from digital_life.backends import mqtt
from digital_life.backends.mqtt import open_connection
from digital_life.clock import SystemClock
from digital_life.ports import Connection
from digital_life.values import Published
from fakes.broker import FakeBroker
from fakes.mosquitto import Mosquitto
from fakes.relay import Relay

WILL = Published.text("life/availability", "offline", qos=1, retain=True)
WITHIN_S = 20.0


class World:
    """A connection, somebody else who hears all, and the line between them."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.heard: list[Published] = []
        """By whoever subscribed with `hear`."""

    def hear(self, message: Published) -> None:
        self.heard.append(message)

    def told(self) -> list[tuple[str, bytes, bool]]:
        return [(each.topic, each.payload, each.retain) for each in self.heard]

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(WITHIN_S):
            while not true():
                await asyncio.sleep(0.005)

    async def other_publishes(self, message: Published) -> None:
        raise NotImplementedError

    def other_heard(self) -> list[tuple[str, bytes]]:
        raise NotImplementedError

    async def lose(self) -> None:
        raise NotImplementedError

    async def come_back(self) -> None:
        raise NotImplementedError


class FakeWorld(World):
    def __init__(self, broker: FakeBroker) -> None:
        super().__init__(broker)
        self._broker = broker

    async def other_publishes(self, message: Published) -> None:
        self._broker.publish(message)

    def other_heard(self) -> list[tuple[str, bytes]]:
        return [(each.topic, each.payload) for each in self._broker.sent]

    async def lose(self) -> None:
        self._broker.lose()

    async def come_back(self) -> None:
        self._broker.come_back()


@asynccontextmanager
async def real_world() -> AsyncGenerator[World]:
    with Mosquitto() as mosquitto:
        async with mosquitto.peer() as peer, Relay(mosquitto.port) as relay:
            await peer.subscribe("#")
            settings = config.Mqtt(port=relay.port)
            async with open_connection(settings, clock=SystemClock(), will=WILL, client_id="life") as connection:

                class RealWorld(World):
                    async def other_publishes(self, message: Published) -> None:
                        await peer.publish(
                            message.topic,
                            message.payload,
                            retain=message.retain,
                            answer_to=message.answer_to,
                            correlation=message.correlation,
                        )

                    def other_heard(self) -> list[tuple[str, bytes]]:
                        return [(each.topic, each.payload) for each in peer.heard if each.topic != WILL.topic]

                    async def lose(self) -> None:
                        await relay.cut()
                        await self.until(lambda: not connection.connected)

                    async def come_back(self) -> None:
                        await relay.mend()
                        await self.until(lambda: connection.connected)

                world = RealWorld(connection)
                await world.until(lambda: connection.connected)
                yield world


@pytest.fixture(params=["fake", "mosquitto"])
async def world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[World]:
    monkeypatch.setattr(mqtt, "FIRST_S", 0.02)
    if request.param == "fake":
        yield FakeWorld(FakeBroker())
        return
    async with real_world() as made:
        yield made


def say(world: World, topic: str, text: str, *, qos: int = 1, retain: bool = False) -> None:
    world.connection.publish(Published.text(topic, text, qos=1 if qos else 0, retain=retain))


async def test_what_is_published_is_heard_in_order(world: World) -> None:
    for number in range(40):
        say(world, "life/count", str(number), qos=number % 2)
    await world.until(lambda: len(world.other_heard()) == 40)
    assert world.other_heard() == [("life/count", str(number).encode()) for number in range(40)]


async def test_what_others_publish_is_heard_with_where_the_answer_goes(world: World) -> None:
    world.connection.subscribe("life/+/set", world.hear)
    say(world, "ready", "")
    await world.until(lambda: bool(world.other_heard()))
    asked = Published("life/ask/set", "现在几点？".encode(), 1, answer_to="you/answer", correlation=b"\x00\x01")
    await world.other_publishes(asked)
    await world.until(lambda: bool(world.heard))
    assert world.heard == [asked]


async def test_what_was_kept_is_old_news_and_what_comes_now_is_not(world: World) -> None:
    await world.other_publishes(Published.text("lamp/state", "OFF", qos=1, retain=True))
    world.connection.subscribe("lamp/state", world.hear)
    await world.until(lambda: len(world.heard) == 1)
    await world.other_publishes(Published.text("lamp/state", "ON", qos=1, retain=True))
    await world.until(lambda: len(world.heard) == 2)
    assert world.told() == [("lamp/state", b"OFF", True), ("lamp/state", b"ON", False)]


async def test_a_second_hearer_of_a_pattern_is_told_what_is_kept(world: World) -> None:
    await world.other_publishes(Published.text("lamp/state", "ON", qos=1, retain=True))
    world.connection.subscribe("lamp/state", lambda _: None)
    await asyncio.sleep(0.05)
    world.connection.subscribe("lamp/state", world.hear)
    await world.until(lambda: bool(world.heard))
    assert world.told() == [("lamp/state", b"ON", True)]


async def test_patterns_that_overlap_bring_a_message_once_each(world: World) -> None:
    others: list[Published] = []
    world.connection.subscribe("lamp/#", world.hear)
    world.connection.subscribe("lamp/state", others.append)
    say(world, "lamp/state", "ON")
    say(world, "lamp/end", "")
    await world.until(lambda: len(world.heard) >= 2)
    assert [each.topic for each in world.heard] == ["lamp/state", "lamp/end"]
    assert [each.topic for each in others] == ["lamp/state"]


async def test_who_unsubscribed_hears_no_more(world: World) -> None:
    world.connection.subscribe("lamp/+", world.hear)
    say(world, "lamp/state", "1")
    await world.until(lambda: bool(world.heard))
    world.connection.unsubscribe("lamp/+", world.hear)
    world.connection.unsubscribe("lamp/+", world.hear)
    said: list[Published] = []
    world.connection.subscribe("lamp/state", said.append)
    say(world, "lamp/state", "2")
    await world.until(lambda: bool(said))
    assert len(world.heard) == 1


async def test_after_a_loss_it_hears_again_and_says_first_how_things_are(world: World) -> None:
    states = ["idle"]
    world.connection.on_connected(lambda: say(world, "life/state", states[-1], retain=True))
    world.connection.subscribe("life/say/set", world.hear)
    await world.until(lambda: bool(world.other_heard()))
    await world.lose()
    assert not world.connection.connected
    say(world, "life/state", "thinking", retain=True)
    say(world, "life/wake", "hey", qos=1)
    say(world, "life/heartbeat", "1", qos=0)
    say(world, "life/mood", "sad", retain=True)
    say(world, "life/mood", "glad", qos=0, retain=True)
    states.append("listening")
    await world.come_back()
    await world.until(lambda: len(world.other_heard()) == 4)
    assert world.other_heard()[1:] == [("life/state", b"listening"), ("life/wake", b"hey"), ("life/mood", b"glad")]
    await world.other_publishes(Published.text("life/say/set", "hello", qos=1))
    await world.until(lambda: bool(world.heard))
    assert world.told() == [("life/say/set", b"hello", False)]


async def test_who_subscribed_while_it_was_away_hears_what_was_kept(world: World) -> None:
    await world.other_publishes(Published.text("lamp/state", "ON", qos=1, retain=True))
    await world.lose()
    world.connection.subscribe("lamp/state", world.hear)
    assert world.heard == []
    await world.come_back()
    await world.until(lambda: bool(world.heard))
    assert world.told() == [("lamp/state", b"ON", True)]


async def test_what_is_kept_is_told_again_after_a_loss(world: World) -> None:
    await world.other_publishes(Published.text("lamp/state", "ON", qos=1, retain=True))
    world.connection.subscribe("lamp/state", world.hear)
    await world.until(lambda: len(world.heard) == 1)
    await world.lose()
    await world.come_back()
    await world.until(lambda: len(world.heard) == 2)
    assert world.told() == 2 * [("lamp/state", b"ON", True)]


async def test_who_asks_to_be_told_of_connections_is_told_of_this_one(world: World) -> None:
    told = []
    world.connection.on_connected(lambda: told.append(world.connection.connected))
    assert told == [True]
    await world.lose()
    await world.come_back()
    assert told == [True, True]
