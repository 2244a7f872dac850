"""Devices as they are announced in a house, over a real broker: known, commanded, confirmed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator

import pytest

from digital_life import config
from digital_life.backends.mqtt import open_connection
from digital_life.clock import SystemClock
from digital_life.devices.control import Came, Control
from digital_life.devices.entity import Attribute, Change, Entity
from digital_life.devices.home import Home
from digital_life.devices.topics import Topics
from digital_life.values import Language
from fakes.house import Fan, House, Tasmota, Zigbee
from fakes.mosquitto import Mosquitto

SETTINGS = config.Devices(confirmed_within_s=2.0, moved_within_s=2.0, cooldown_s=0.0)
WAIT_S = 10.0


@pytest.fixture
def broker() -> Iterator[Mosquitto]:
    with Mosquitto() as broker:
        yield broker


@pytest.fixture(params=["en", "zh"])
def house(broker: Mosquitto, request: pytest.FixtureRequest) -> Iterator[House]:
    language: Language = request.param
    with House(broker.port, language=language) as house:
        yield house


@pytest.fixture
async def control(broker: Mosquitto, house: House) -> AsyncGenerator[Control]:
    settings, clock = config.Mqtt(enabled=True, port=broker.port), SystemClock()
    async with open_connection(settings, clock=clock, will=None, client_id="test") as connection:
        control = Control(connection, clock=clock, settings=SETTINGS, home=Home())
        with control.listening(Topics("test").announcements):
            await until(lambda: len(control.entities) == len(house.devices))
            await until(lambda: all(control.condition(each) for each in control.entities))
            yield control


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT_S):
        while not holds():
            await asyncio.sleep(0.01)


def the(kind: str, control: Control) -> Entity:
    return next(each for each in control.entities if each.kind == kind)


async def came(control: Control, kind: str, change: Change) -> Came:
    (result,) = await control.carry_out([(the(kind, control), change)], cause="voice")
    return result.came


async def test_everything_in_it_is_known_with_its_room_and_how_it_is(house: House, control: Control) -> None:
    assert {each.title for each in control.entities} == {each.name for each in house.devices}
    assert the("sensor", control).room in ("Upstairs", "楼上")
    assert control.condition(the("sensor", control))[Attribute.VALUE] == 21.5
    assert control.condition(the("binary_sensor", control)) == {Attribute.VALUE: False}
    assert control.condition(the("lock", control))[Attribute.LOCKED] is True
    assert all(control.is_available(each) for each in control.entities)


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("light", {Attribute.ON: True}),
        ("light", {Attribute.BRIGHTNESS: 40.0}),
        ("light", {Attribute.KELVIN: 2700.0}),
        ("light", {Attribute.COLOUR: (255, 0, 0)}),
        ("switch", {Attribute.ON: True}),
        ("cover", {Attribute.OPEN: True}),
        ("cover", {Attribute.POSITION: 70.0}),
        ("fan", {Attribute.ON: True}),
        ("fan", {Attribute.SPEED: 100.0}),
        ("fan", {Attribute.OSCILLATING: True}),
        ("lock", {Attribute.LOCKED: False}),
    ],
    ids=str,
)
async def test_what_is_wished_is_done_and_confirmed_by_the_device(
    house: House, control: Control, kind: str, change: Change
) -> None:
    assert await came(control, kind, change) is Came.DONE
    assert house.seen


async def test_a_cover_counts_as_commanded_when_it_moves(control: Control) -> None:
    began = time.monotonic()
    assert await came(control, "cover", {Attribute.OPEN: True}) is Came.DONE
    assert control.condition(the("cover", control))[Attribute.MOVING] == "opening"
    assert time.monotonic() - began < 0.3
    await until(lambda: control.condition(the("cover", control)).get(Attribute.POSITION) == 100)


async def test_a_device_that_tells_nothing_is_not_said_to_have_done_it(house: House, control: Control) -> None:
    house.devices[1].mute = True
    assert await came(control, "switch", {Attribute.ON: True}) is Came.UNCONFIRMED


async def test_a_slow_device_is_waited_for(house: House, control: Control) -> None:
    house.devices[1].slow_s = 0.5
    assert await came(control, "switch", {Attribute.ON: True}) is Came.DONE


async def test_a_device_that_says_goodbye_is_not_commanded(house: House, control: Control) -> None:
    house.offline(house.devices[1])
    await until(lambda: not control.is_available(the("switch", control)))
    assert await came(control, "switch", {Attribute.ON: True}) is Came.UNAVAILABLE
    house.online(house.devices[1])
    await until(lambda: control.is_available(the("switch", control)))
    assert await came(control, "switch", {Attribute.ON: True}) is Came.DONE


async def test_what_somebody_does_at_the_device_is_known(house: House, control: Control) -> None:
    house.tell(house.devices[5], contact=False)
    await until(lambda: control.condition(the("binary_sensor", control)) == {Attribute.VALUE: True})


async def test_a_device_that_is_taken_out_of_the_house_is_gone(house: House, control: Control) -> None:
    house.remove(house.devices[0])
    await until(lambda: len(control.entities) == len(house.devices) - 1)


async def test_after_the_broker_was_away_all_is_known_and_can_be_commanded(
    broker: Mosquitto, house: House, control: Control
) -> None:
    await asyncio.to_thread(broker.kill)
    await until(lambda: not control.connected)
    assert await came(control, "switch", {Attribute.ON: True}) is Came.OFFLINE
    plug, fan = house.devices[1], house.devices[3]
    assert isinstance(plug, Tasmota)
    assert isinstance(fan, Fan)
    plug.on = fan.on = True
    await asyncio.to_thread(broker.start)
    await until(lambda: control.condition(the("switch", control)) == {Attribute.ON: True})
    await until(lambda: control.condition(the("fan", control))[Attribute.ON] is True)
    assert await came(control, "switch", {Attribute.ON: False}) is Came.DONE
    lamp = house.devices[0]
    assert isinstance(lamp, Zigbee)
    assert await came(control, "light", {Attribute.ON: True}) is Came.DONE
    assert lamp.state["state"] == "ON"
