"""The devices of a house at the command line, over a real broker."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from digital_life import cli, household
from fakes.house import House
from fakes.mosquitto import Mosquitto, free_port

LIBRARY = logging.getLogger("digital_life.backends.mqtt")
LAMP = '[[device]]\nname = "Living room lamp"\naliases = ["big [bold]light"]\n'
PUMP = '[[device]]\nname = "Garden pump"\nkind = "switch"\ncommand_topic = "pump/set"\n'


class Run(Protocol):
    def __call__(self, *words: str, status: int = 0, answer: str = "", group: str = "devices") -> str: ...


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with Mosquitto() as broker, House(broker.port) as house:
        yield house


@pytest.fixture
def home(tmp_path: Path, house: House) -> Path:
    return written(tmp_path, port=house.port)


def written(home: Path, *, port: int, enabled: bool = True) -> Path:
    settings = f"[mqtt]\nenabled = {str(enabled).lower()}\nport = {port}\n[devices]\nconfirmed_within_s = 1.0\n"
    (home / "digital-life.toml").write_text(settings)
    return home


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """The command line, in this process: its imports take longer than all else."""
    monkeypatch.setenv("COLUMNS", "160")
    level = LIBRARY.level

    def once(*words: str, status: int = 0, answer: str = "", group: str = "devices") -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
        settings = str(home / "digital-life.toml")
        found = cli.main(["--config", settings, "--home", str(home), group, *words])
        said = "".join(capsys.readouterr())
        assert found == status, said
        return said

    yield once
    LIBRARY.setLevel(level)


def test_all_devices_are_listed_with_where_and_how_they_are(run: Run, home: Path, house: House) -> None:
    (home / "devices.toml").write_text(LAMP + PUMP)
    listed = run("list")
    assert all(each.name in listed for each in house.devices)
    assert "Garden pump" in listed
    assert "locked=true" in listed
    tables = [json.loads(line) for line in run("list", "--json", "--kind", "sensor").splitlines()]
    assert [(each["name"], each["room"], each["condition"], each["available"]) for each in tables] == [
        ("Landing thermometer", "Upstairs", {"value": 21.5}, True)
    ]
    assert "Study fan" in run("list", "--room", "study")
    assert "No such device is known." in run("list", "--room", "attic")


def test_a_device_is_shown_with_what_can_be_set(run: Run, home: Path) -> None:
    (home / "devices.toml").write_text(LAMP)
    shown = run("show", "big [bold]light")
    assert "name: Living room lamp" in shown
    assert "brightness=1 to 100 %" in shown
    assert "colour=red,green,blue" in shown


def test_a_device_is_commanded_and_what_came_of_it_is_said(run: Run, house: House) -> None:
    assert "done" in run("call", "living room lamp", "on=true", "brightness=40")
    assert house.seen[-1].topic == "zigbee2mqtt/Living room lamp/set"
    assert "brightness=40" in run("show", "living room lamp")
    plug = house["Coffee machine"]
    plug.mute = True
    assert "has not confirmed" in run("call", "coffee", "on=yes", status=1)
    plug.mute = False
    house.offline(plug)
    assert "offline" in run("call", "coffee", "on=yes", status=1)
    house.online(plug)


def test_a_lock_is_asked_about_first(run: Run, home: Path, house: House) -> None:
    before = len(house.seen)
    assert "Really?" in run("call", "front door", "locked=false", status=1, answer="no\n")
    assert len(house.seen) == before
    assert "done" in run("call", "front door", "locked=false", answer="yes\n")
    assert "done" in run("call", "front door", "locked=true", "--yes")
    settings = home / "digital-life.toml"
    settings.write_text(settings.read_text() + '[persona]\nlanguage = "zh"\n')
    assert "确定吗" in run("call", "front door", "locked=true", status=1, answer="不\n")
    assert "自己确认了" in run("call", "front door", "locked=true", answer="好\n")


def test_misuse_is_said_with_what_would_be_right(run: Run) -> None:
    assert "did you mean Living room lamp?" in run("show", "lving room lmp", status=2)
    assert "1 to 100 %" in run("call", "living room lamp", "brightness=bright", status=2)


def test_without_mqtt_or_without_a_broker_it_says_what_to_do(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(household, "VISIT_S", 1.0)
    written(home, port=1883, enabled=False)
    assert "mqtt.enabled" in run("list", status=78)
    port = free_port()
    written(home, port=port)
    assert f"127.0.0.1:{port}" in run("list", status=1)


def test_a_wrong_devices_file_is_named(run: Run, home: Path) -> None:
    (home / "devices.toml").write_text('[[device]]\nname = "x"\nkind = "switch"\n')
    assert "devices.toml: 'x' cannot be used" in run("list", status=78)
    assert "devices.toml: 'x' cannot be used" in run("check", group="config", status=78)
