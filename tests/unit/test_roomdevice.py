"""A device of the settings is asked who it is, and opened by its kind."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path

import pytest

from digital_life import roomdevice
from digital_life.clock import SystemClock
from digital_life.config import RoomDevice
from digital_life.errors import ConfigError, SoundError
from fakes.satellite import FakeSatellite, serving
from fakes.voice_device import KEY, Device, running

HERE = "127.0.0.1"


def wyoming(port: int) -> RoomDevice:
    return RoomDevice(name="kitchen", kind="wyoming", host=HERE, port=port)


def esphome(port: int, key_file: Path | str = "") -> RoomDevice:
    return RoomDevice(name="bath", kind="esphome", host=HERE, port=port, key_file=str(key_file))


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n")
    return path


def test_without_a_port_it_is_the_usual_one_of_its_kind() -> None:
    assert roomdevice.port_of(wyoming(0)) == 10700
    assert roomdevice.port_of(esphome(0)) == 6053
    assert roomdevice.port_of(wyoming(7)) == 7


async def test_a_satellite_tells_its_name_area_and_wake_words() -> None:
    async with serving(FakeSatellite(modern=True, hears_wake_words=True)) as it:
        answer = await roomdevice.visit(wyoming(it.port), SystemClock())
    assert (answer.name, answer.area, answer.about) == ("Kitchen satellite", "Kitchen", "1.4.1")
    assert answer.wake_words == ("OK Nabu",)


async def test_a_voice_device_is_asked_with_the_key_of_its_file(key_file: Path) -> None:
    async with running(Device(key=KEY)) as it:
        answer = await roomdevice.visit(esphome(it.port, key_file), SystemClock())
        assert answer.name
        assert not answer.taken
        with pytest.raises(SoundError) as error:
            await roomdevice.visit(esphome(it.port), SystemClock())
    assert error.value.key == "esphome-key-missing"


async def test_the_name_of_a_device_that_is_refused_cannot_move_the_cursor() -> None:
    async with running(Device(features=0, called_by_people="a plug\x1b[2J\n")) as it:
        with pytest.raises(SoundError) as error:
            await roomdevice.visit(esphome(it.port), SystemClock())
    assert error.value.key == "esphome-no-voice"
    assert "(a plug[2J)" in str(error.value)


@pytest.mark.parametrize("content", [None, b"", b"two words", "钥匙".encode()])
async def test_a_key_file_that_holds_no_key_is_told_with_what_to_do(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError) as error:
        roomdevice.open_device(esphome(6053, path), SystemClock())
    assert str(path) in str(error.value)
    assert "bath" in str(error.value)


async def test_each_kind_is_opened_at_its_address(key_file: Path) -> None:
    async with serving(FakeSatellite()) as satellite, running(Device(key=KEY)) as device:
        for each in (wyoming(satellite.port), esphome(device.port, key_file)):
            async with roomdevice.open_device(each, SystemClock()) as room, aclosing(room.frames()) as frames:
                await anext(frames)
        assert satellite.connections == device.called == 1


def test_a_strangers_name_cannot_move_the_cursor() -> None:
    assert roomdevice.plain("kit\x1b[2Jchen\n \u202eback" + "x" * 500) == ("kit [2Jchen back" + "x" * 500)[:100]
