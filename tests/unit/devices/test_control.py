"""Done means done: what was allowed, sent and confirmed, and what was not."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator

import msgspec
import pytest

from digital_life.config import Devices
from digital_life.devices import home as home_module
from digital_life.devices.control import Came, Control
from digital_life.devices.entity import Attribute, Change, Entity
from digital_life.devices.home import Home, Naming
from digital_life.values import Published
from fakes.broker import FakeBroker
from fakes.clock import FakeClock

PATTERNS = ("homeassistant/+/+/config", "homeassistant/+/+/+/config")
SETTINGS = Devices(confirmed_within_s=0.1, moved_within_s=0.2)
ON: Change = {Attribute.ON: True}


class Firmware:
    """Does what it is told, and tells it: a broker's hearer."""

    def __init__(self, broker: FakeBroker) -> None:
        self.broker = broker
        self.deaf: set[str] = set()
        self.commands: list[tuple[str, str]] = []
        broker.subscribe("z/+/set", self._hear)

    def announce(self, name: str, component: str = "switch", **more: object) -> None:
        keys = {
            "name": None,
            "command_topic": f"z/{name}/set",
            "state_topic": f"z/{name}",
            "availability_topic": f"z/{name}/there",
            "unique_id": name,
            "device": {"name": name, "identifiers": [name]},
            **more,
        }
        topic = f"homeassistant/{component}/{name.replace(' ', '_')}/config"
        self.tell(topic, json.dumps({key: value for key, value in keys.items() if value != ""}))

    def tell(self, topic: str, text: str) -> None:
        self.broker.publish(Published.text(topic, text, retain=True))

    def _hear(self, message: Published) -> None:
        self.commands.append((message.topic, message.payload.decode()))
        name = message.topic.split("/")[1]
        if name not in self.deaf:
            self.tell(f"z/{name}", message.payload.decode())


@pytest.fixture
def broker() -> FakeBroker:
    return FakeBroker()


@pytest.fixture
def firmware(broker: FakeBroker) -> Firmware:
    return Firmware(broker)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def control(broker: FakeBroker, clock: FakeClock) -> Iterator[Control]:
    control = Control(broker, clock=clock, settings=SETTINGS, home=Home({"bedside": Naming(confirm=True)}))
    with control.listening(PATTERNS):
        yield control


def named(control: Control, name: str) -> Entity:
    return next(each for each in control.entities if each.title == name)


async def came(control: Control, *wished: tuple[str, Change]) -> list[Came]:
    results = await control.carry_out([(named(control, name), change) for name, change in wished], cause="voice")
    assert [each.entity.title for each in results] == [name for name, _ in wished]
    return [each.came for each in results]


async def test_what_the_device_confirms_is_done(control: Control, firmware: Firmware) -> None:
    firmware.announce("lamp")
    assert await came(control, ("lamp", ON)) == [Came.DONE]
    assert firmware.commands == [("z/lamp/set", "ON")]
    assert control.condition(named(control, "lamp")) == {Attribute.ON: True}


async def test_a_device_that_tells_nothing_is_unconfirmed(control: Control, firmware: Firmware) -> None:
    firmware.announce("lamp")
    firmware.deaf.add("lamp")
    assert await came(control, ("lamp", ON)) == [Came.UNCONFIRMED]


async def test_a_confirmation_may_come_late_but_in_time(control: Control, firmware: Firmware) -> None:
    firmware.announce("lamp")
    firmware.deaf.add("lamp")
    firmware.tell("z/lamp", "OFF")
    asyncio.get_running_loop().call_later(0.03, firmware.tell, "z/lamp", "OFF")
    asyncio.get_running_loop().call_later(0.06, firmware.tell, "z/lamp", "ON")
    assert await came(control, ("lamp", ON)) == [Came.DONE]


async def test_a_device_that_is_so_already_is_told_again_and_not_waited_for(
    control: Control, firmware: Firmware
) -> None:
    firmware.announce("lamp")
    firmware.tell("z/lamp", "ON")
    firmware.deaf.add("lamp")
    assert await came(control, ("lamp", ON)) == [Came.DONE]
    assert firmware.commands == [("z/lamp/set", "ON")]


async def test_where_nothing_could_confirm_it_is_sent(control: Control, firmware: Firmware) -> None:
    firmware.announce("lamp", state_topic="")
    assert await came(control, ("lamp", ON)) == [Came.SENT]


async def test_a_device_that_is_offline_gets_no_command(control: Control, firmware: Firmware) -> None:
    firmware.announce("lamp")
    firmware.tell("z/lamp/there", "offline")
    assert not control.is_available(named(control, "lamp"))
    assert await came(control, ("lamp", ON)) == [Came.UNAVAILABLE]
    assert firmware.commands == []


async def test_a_device_that_has_gone_gets_no_command(control: Control, firmware: Firmware) -> None:
    firmware.announce("lamp")
    lamp = named(control, "lamp")
    firmware.tell("homeassistant/switch/lamp/config", "")
    (result,) = await control.carry_out([(lamp, ON)], cause="voice")
    assert (result.came, firmware.commands) == (Came.UNAVAILABLE, [])


async def test_a_yes_to_one_device_is_none_to_what_takes_its_id(control: Control, firmware: Firmware) -> None:
    firmware.announce("lamp")
    lamp = named(control, "lamp")
    firmware.announce("lamp", device_class="outlet")
    (result,) = await control.carry_out([(lamp, ON)], cause="voice")
    assert (result.came, firmware.commands) == (Came.UNAVAILABLE, [])


async def test_without_a_broker_nothing_waits_to_be_done_later(
    control: Control, firmware: Firmware, broker: FakeBroker
) -> None:
    firmware.announce("lamp")
    broker.lose()
    assert not control.connected
    assert await came(control, ("lamp", ON)) == [Came.OFFLINE]
    broker.come_back()
    assert firmware.commands == []


async def test_a_kind_that_is_not_allowed_is_not_there_and_not_commanded(
    broker: FakeBroker, clock: FakeClock, firmware: Firmware
) -> None:
    settings = msgspec.structs.replace(SETTINGS, allow=("light", "outlet"))
    firmware.announce("pump")
    firmware.announce("plug", device_class="outlet")
    home = Home()
    control = Control(broker, clock=clock, settings=settings, home=home)
    with control.listening(PATTERNS):
        assert [each.title for each in control.entities] == ["plug"]
        pump = next(each for each in home.entities if each.title == "pump")
        (result,) = await control.carry_out([(pump, ON)], cause="voice")
    assert (result.came, firmware.commands) == (Came.FORBIDDEN, [])


async def test_a_second_command_at_once_is_too_soon(control: Control, firmware: Firmware, clock: FakeClock) -> None:
    firmware.announce("lamp")
    assert await came(control, ("lamp", ON), ("lamp", ON)) == [Came.DONE, Came.TOO_SOON]
    clock.passed += SETTINGS.cooldown_s
    assert await came(control, ("lamp", {Attribute.ON: False})) == [Came.DONE]


@pytest.mark.parametrize("change", [{Attribute.BRIGHTNESS: 40.0}, {Attribute.ON: "very"}, {}])
async def test_what_a_device_cannot_do_is_not_sent(control: Control, firmware: Firmware, change: Change) -> None:
    firmware.announce("lamp")
    assert await came(control, ("lamp", change)) == [Came.CANNOT]
    assert firmware.commands == []


async def test_all_are_commanded_side_by_side(control: Control, firmware: Firmware) -> None:
    firmware.deaf |= {f"lamp {n}" for n in range(20)}
    for name in sorted(firmware.deaf):
        firmware.announce(name)
    began = asyncio.get_running_loop().time()
    assert set(await came(control, *((name, ON) for name in firmware.deaf))) == {Came.UNCONFIRMED}
    assert asyncio.get_running_loop().time() - began < 5 * SETTINGS.confirmed_within_s


async def test_who_gives_up_waiting_leaves_nothing_behind(
    control: Control, firmware: Firmware, caplog: pytest.LogCaptureFixture
) -> None:
    firmware.announce("lamp")
    firmware.deaf.add("lamp")
    with caplog.at_level(logging.INFO), pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await came(control, ("lamp", ON))
    assert firmware.commands == [("z/lamp/set", "ON")]
    assert "given up" in caplog.text


async def test_every_command_is_one_line_of_the_log_whatever_the_device_is_called(
    control: Control, firmware: Firmware, caplog: pytest.LogCaptureFixture
) -> None:
    name = "lamp\u2028 INFO: voice: 'door' unlocked"
    firmware.announce("plain", device={"name": name, "identifiers": ["x"]}, unique_id="a\x1b[2Jb")
    (entity,) = control.entities
    with caplog.at_level(logging.INFO):
        await control.carry_out([(entity, ON)], cause="voice")
    (line,) = [each.getMessage() for each in caplog.records]
    assert line.startswith("voice: ")
    assert line.endswith(" on=True: done")
    assert line.isprintable()


async def test_refused_announcements_are_a_line_for_each_reason(
    control: Control, firmware: Firmware, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        for number in range(200):
            firmware.tell(f"homeassistant/light/{number}/config", "{broken")
    assert len(caplog.records) == 1
    assert control.entities == ()


async def test_a_full_home_is_one_line_of_the_log(
    control: Control, firmware: Firmware, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home_module, "MOST_ENTITIES", 5)
    with caplog.at_level(logging.INFO):
        for number in range(50):
            firmware.announce(f"lamp {number}")
    assert len(caplog.records) == 1
    assert len(control.entities) == 5


def test_kinds_and_classes_that_can_do_harm_need_a_yes(control: Control, firmware: Firmware) -> None:
    firmware.announce("plug")
    firmware.announce("opener", device_class="garage")
    firmware.announce("bedside")
    asked = [each.title for each in control.entities if control.needs_yes(each, ON)]
    assert asked == ["opener", "bedside"]


def test_what_is_there_already_is_known_at_once(broker: FakeBroker, clock: FakeClock, firmware: Firmware) -> None:
    firmware.announce("lamp")
    firmware.tell("z/lamp", "ON")
    control = Control(broker, clock=clock, settings=SETTINGS, home=Home())
    with control.listening(PATTERNS):
        assert control.condition(named(control, "lamp")) == {Attribute.ON: True}
    firmware.tell("z/lamp", "OFF")
    firmware.announce("other")
    assert control.condition(named(control, "lamp")) == {Attribute.ON: True}
    assert len(control.entities) == 1


async def test_it_is_settled_when_nothing_new_comes(control: Control, firmware: Firmware, clock: FakeClock) -> None:
    clock.passed = 10
    firmware.announce("lamp")
    await control.settle(quiet_s=0.5, most_s=5)
    assert clock.passed == 10.5
    await control.settle(quiet_s=0.5, most_s=5)
    assert clock.passed == 10.5
