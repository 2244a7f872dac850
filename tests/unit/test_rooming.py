"""The rooms of the settings, opened: one that cannot be is left out, one that fails falls alone."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from digital_life import config, words
from digital_life.app import Parts
from digital_life.broadcast import Broadcast
from digital_life.clock import SystemClock
from digital_life.context import Context
from digital_life.rooming import _apart, open_rooms
from digital_life.talking.session import Session
from fakes.ears import FakeMute


class Talk:
    """A session that fails in a way nobody thought of."""

    async def run(self) -> None:
        raise ZeroDivisionError


async def test_a_room_whose_key_cannot_be_read_does_not_keep_the_rest_from_starting(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bath = config.RoomDevice(name="bath", kind="esphome", host="192.0.2.7", key_file=str(tmp_path / "none"))
    settings = config.Settings(rooms=config.Rooms(devices=(bath,)))
    context = Context(settings, tmp_path, tmp_path, SystemClock(), words.load("en"), debug=False)
    parts = cast("Parts", SimpleNamespace(context=context))
    async with open_rooms(parts, Broadcast(), mute=FakeMute(), first=lambda _room: lambda _wake: True) as rooms:
        assert rooms == {}
    assert "the room bath is left out" in caplog.text
    assert str(tmp_path / "none") in caplog.text


async def test_a_fault_in_one_room_takes_no_other_with_it(caplog: pytest.LogCaptureFixture) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_apart("bath", cast("Session", Talk())))
        other = tasks.create_task(asyncio.sleep(0.01, "well"))
    assert other.result() == "well"
    assert "the room bath is deaf" in caplog.text
