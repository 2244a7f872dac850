"""`digital-life rooms`: real answers of satellites and voice devices in this process."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from digital_life import cli, config, words
from digital_life.backends import mdns
from digital_life.backends.mdns import Service
from digital_life.clock import SystemClock
from digital_life.commands import rooms
from digital_life.context import Context
from digital_life.errors import SoundError
from digital_life.roomdevice import open_device
from digital_life.values import Speech
from fakes.mosquitto import free_port
from fakes.satellite import FakeSatellite, serving
from fakes.voice_device import KEY, Device, running

HERE = "127.0.0.1"
SETTINGS = """# My house.
[persona]
name = "Ada"  # as she is called

# The other rooms.
[[rooms.devices]]
name = "bath"  # upstairs
kind = "wyoming"
host = "192.0.2.7"
port = 1
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "digital-life.toml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def network(monkeypatch: pytest.MonkeyPatch) -> list[Service]:
    """What announces itself; the real network is looked at in tests/contract."""
    services: list[Service] = []

    async def found(_kinds: Sequence[str], *, within_s: float) -> tuple[Service, ...]:
        del within_s
        return tuple(services)

    monkeypatch.setattr(mdns, "found", found)
    return services


async def ran(home: Path, *arguments: str) -> int:
    """As from the command line, which has an event loop of its own."""
    return await asyncio.to_thread(cli.main, ["--home", str(home), "rooms", *arguments])


def kept(home: Path) -> tuple[config.RoomDevice, ...]:
    return config.load(home / "digital-life.toml").rooms.devices


async def test_a_device_that_answers_is_written_into_the_settings_and_no_comment_is_lost(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serving(FakeSatellite()) as it:
        assert await ran(home, "add", "kitchen", HERE, "--port", str(it.port)) == 0
    told = capsys.readouterr().out
    assert "Kitchen satellite" in told
    assert "after its next start" in told
    _, kitchen = kept(home)
    assert kitchen == config.RoomDevice(name="kitchen", kind="wyoming", host=HERE, port=it.port)
    written = (home / "digital-life.toml").read_text(encoding="utf-8")
    assert written.startswith(SETTINGS.rstrip())


async def test_a_voice_device_is_known_by_its_key_file(home: Path) -> None:
    key = home / "key"
    key.write_text(KEY)
    async with running(Device(key=KEY)) as it:
        added = await ran(home, "add", "study", HERE, "--port", str(it.port), "--key-file", str(key))
    assert added == 0
    assert kept(home)[1] == config.RoomDevice(
        name="study", kind="esphome", host=HERE, port=it.port, key_file=str(key.resolve())
    )


async def test_without_a_kind_both_are_tried(home: Path) -> None:
    async with running(Device()) as it:
        assert await ran(home, "add", "study", HERE, "--port", str(it.port)) == 0
    assert kept(home)[1].kind == "esphome"


async def test_what_does_not_answer_is_not_written_and_both_reasons_are_told(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await ran(home, "add", "kitchen", HERE, "--port", str(free_port())) == 1
    told = capsys.readouterr().err
    assert "wyoming-satellite" in told
    assert "ESPHome" in told
    assert (home / "digital-life.toml").read_text(encoding="utf-8") == SETTINGS


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["add", "BATH", HERE], "two rooms are called BATH"),
        (["add", " ", HERE], "1 to 40"),
        (["add", "x" * 41, HERE], "1 to 40"),
        (["add", "kitchen", HERE, "--port", "70000"], "70000"),
        (["add", "kitchen"], "no device was found"),
        (["remove", "attic"], "there are: bath"),
        (["test", "attic"], "there are: bath"),
    ],
)
async def test_what_cannot_be_is_told_with_what_can(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert await ran(home, *arguments) == 2
    assert told in capsys.readouterr().err
    assert (home / "digital-life.toml").read_text(encoding="utf-8") == SETTINGS


async def test_without_a_settings_file_the_first_room_makes_one(tmp_path: Path) -> None:
    async with serving(FakeSatellite()) as it:
        assert await ran(tmp_path, "add", "kitchen", HERE, "--port", str(it.port), "--kind", "wyoming") == 0
    assert [each.name for each in kept(tmp_path)] == ["kitchen"]


async def test_a_room_is_taken_out_and_the_rest_of_the_file_stays(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await ran(home, "remove", "Bath") == 0
    assert "taken out" in capsys.readouterr().out
    assert kept(home) == ()
    assert 'name = "Ada"  # as she is called' in (home / "digital-life.toml").read_text(encoding="utf-8")


async def test_a_list_in_one_line_is_added_to_and_emptied_again(tmp_path: Path) -> None:
    file = tmp_path / "digital-life.toml"
    file.write_text('[rooms]\nhere = "study"  # mine\ndevices = []  # none yet\n', encoding="utf-8")
    async with serving(FakeSatellite()) as it:
        assert await ran(tmp_path, "add", "kitchen", HERE, "--port", str(it.port)) == 0
    assert [each.name for each in kept(tmp_path)] == ["kitchen"]
    assert await ran(tmp_path, "remove", "kitchen") == 0
    assert kept(tmp_path) == ()
    assert "# mine" in file.read_text(encoding="utf-8")


def announced(it: FakeSatellite | Device, kind: str, name: str, *, encrypted: bool = False) -> Service:
    return Service(f"_{kind}._tcp.local.", name, HERE, it.port, encrypted=encrypted)


async def test_those_of_the_settings_and_those_of_the_network_are_listed(
    home: Path, network: list[Service], capsys: pytest.CaptureFixture[str]
) -> None:
    async with (
        serving(FakeSatellite()) as kitchen,
        serving(FakeSatellite(is_satellite=False)) as other,
        running(Device(key=KEY)) as plug,
    ):
        network += [announced(kitchen, "wyoming", "sat-1"), announced(other, "wyoming", "whisper")]
        network.append(announced(plug, "esphomelib", "voice-hall", encrypted=True))
        assert await ran(home, "list") == 0
        told = capsys.readouterr().out
        assert await ran(home, "list", "--json") == 0
    assert "bath" in told
    assert "cannot be reached" in told
    assert "whisper" not in told
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(each["name"], each["allowed"]) for each in rows] == [("bath", True), ("Kitchen", False), ("hall", False)]
    assert rows[2]["encrypted"]
    assert not rows[0]["answers"]


async def test_one_that_was_found_is_added_by_its_name_alone(home: Path, network: list[Service]) -> None:
    async with serving(FakeSatellite()) as it:
        network.append(announced(it, "wyoming", "sat-1"))
        assert await ran(home, "add", "kitchen") == 0
        assert await ran(home, "add", "attic") == 2, "nothing new is called so"
    assert kept(home)[1] == config.RoomDevice(name="kitchen", kind="wyoming", host=HERE, port=it.port)


async def test_one_of_the_settings_and_its_own_announcement_are_not_offered(
    home: Path, network: list[Service], capsys: pytest.CaptureFixture[str]
) -> None:
    network.append(Service("_wyoming._tcp.local.", "Digital Life here", HERE, config.Wyoming().port))
    network.append(Service("_wyoming._tcp.local.", "bath", "192.0.2.7", 1))
    assert await ran(home, "list") == 0
    assert "No other device" in capsys.readouterr().out


@asynccontextmanager
async def measured(it: FakeSatellite, tmp_path: Path) -> AsyncGenerator[None]:
    """Tested with a second of sound."""
    context = Context(config.Settings(), tmp_path, tmp_path, SystemClock(), words.load("en"), debug=False)
    room = config.RoomDevice(name="kitchen", kind="wyoming", host=HERE, port=it.port)
    async with open_device(room, context.clock) as device:
        await rooms.measure(device, Speech(b"\0\x20" * 8_000, 16_000), context)
    yield


async def test_the_test_tells_how_loud_it_is_and_hears_its_own_voice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    it = FakeSatellite()
    it.sound = lambda: (b"\0\x40" if it.heard else b"\x40\0") * 320
    async with serving(it), measured(it, tmp_path):
        told = capsys.readouterr().out
    level, louder = (re.search(rf"(\d+) dB {each}", told) for each in ("below full scale", "louder than the room"))
    assert level
    assert louder
    # A gap of the network is silence, which makes the room quieter.
    assert 54 <= int(level[1]) <= 60
    assert 48 <= int(louder[1]) <= 54
    assert "took 0.5 s of sound" in told
    assert it.heard


async def test_the_test_of_a_silent_microphone_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    it = FakeSatellite(sound=lambda: bytes(640))
    async with serving(it), measured(it, tmp_path):
        told = capsys.readouterr().out
    assert "sent silence" in told
    assert "did not hear that" in told


async def test_a_device_that_is_lost_meanwhile_ends_the_test(tmp_path: Path) -> None:
    it = FakeSatellite()
    async with serving(it):
        asyncio.get_running_loop().call_later(0.5, it.drop)
        with pytest.raises(SoundError):
            async with measured(it, tmp_path):
                pass
