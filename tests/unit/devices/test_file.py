"""devices.toml: devices that nobody announces, and names for those that are."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from digital_life import words
from digital_life.devices.entity import Attribute, Kind
from digital_life.devices.file import Described, load, parse
from digital_life.devices.home import Home, Naming
from digital_life.errors import ConfigError

ROOT = Path(__file__).resolve().parents[3]
PUMP = """
[[device]]
name = "Garden pump"
kind = "switch"
room = "garden"
aliases = ["the pump", "水泵"]
confirm = true
command_topic = "garden/pump/set"
state_topic = "garden/pump"
payload_on = "1"
payload_off = "0"
"""


def parsed(text: str) -> Described:
    return parse(text, path=Path("devices.toml"))


def test_a_device_that_nobody_announces_is_described() -> None:
    described = parsed(PUMP)
    home = Home(described.naming)
    for each in described.announcements:
        home.place(each)
    (pump,) = home.entities
    assert (pump.title, pump.kind, pump.room, pump.aliases) == (
        "Garden pump",
        Kind.SWITCH,
        "garden",
        ("the pump", "水泵"),
    )
    assert pump.topics == {"garden/pump"}
    assert pump.capabilities.keys() == {Attribute.ON}
    assert home.confirm(pump)


def test_nobody_on_the_broker_can_take_it_away() -> None:
    (announcement,) = parsed(PUMP).announcements
    assert "/" not in announcement.source


def test_an_announced_device_is_given_a_room_and_names() -> None:
    described = parsed('[[device]]\nname = "Desk lamp"\nroom = "study"\naliases = ["台灯"]\n')
    assert described.announcements == ()
    assert described.naming == {"Desk lamp": Naming("study", ("台灯",))}


def test_without_a_file_there_are_the_rooms_of_the_settings(tmp_path: Path) -> None:
    assert load(tmp_path / "devices.toml", {"Lamp": "hall"}) == Described(naming={"Lamp": Naming("hall")})


def test_the_file_counts_more_than_the_rooms_of_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "devices.toml"
    file.write_text('[[device]]\nname = "Lamp"\nroom = "study"\n')
    assert load(file, {"Lamp": "hall", "Fan": "loft"}).naming == {"Lamp": Naming("study"), "Fan": Naming("loft")}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[[device]\n", "cannot be read"),
        ('[devices]\nname = "x"\n', "says devices"),
        ("device = 3\n", "says device"),
        ('[[device]]\nroom = "x"\n', "number 1"),
        ('[[device]]\nname = "x"\n[[device]]\nname = " "\n', "number 2"),
        ('[[device]]\nname = "x"\naliases = "y"\n', "number 1"),
        ('[[device]]\nname = "x"\n[[device]]\nname = "x"\n', "'x' twice"),
        ('[[device]]\nname = "x"\ncommand_topic = "a"\n', "'x' says command_topic"),
        ('[[device]]\nname = "x"\nkind = "toaster"\ncommand_topic = "a"\n', "'x' cannot be used"),
        ('[[device]]\nname = "x"\nkind = "switch"\n', "'x' cannot be used"),
        ('[[device]]\nname = "x"\nkind = "switch"\ncommand_topic = "a/#"\n', "'x' cannot be used"),
        (
            '[[device]]\nname = "x"\nkind = "switch"\ncommand_topic = "a"\nstate_topik = "b"\n',
            "did you mean state_topic",
        ),
        ('[[device]]\nname = "x"\nkind = "switch"\ncommand_topic = "a"\nsparkle = 1\n', "says sparkle"),
        ('[[device]]\nname = "x"\nkind = "switch"\ncommand_topic = "a"\nqos = 2026-11-21\n', "'x' cannot be used"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, wanted: str) -> None:
    with pytest.raises(ConfigError) as raised:
        parsed(text)
    for language in words.LANGUAGES:
        said = raised.value.sentence(language)
        assert "devices.toml" in said
        assert "\n" not in said
    assert wanted in str(raised.value)


def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    file = tmp_path / "devices.toml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="cannot be read"):
        load(file, {})


def test_the_example_is_right_when_it_is_taken_as_it_stands() -> None:
    """Its lines begin with "#: " where they are to be taken."""
    example = (ROOT / "config" / "devices.toml").read_text(encoding="utf-8")
    lines = [each.removeprefix("#: ") for each in example.splitlines() if each.startswith("#: ")]
    described = parsed("\n".join(lines))
    assert len(described.announcements) >= 3
    assert tomllib.loads(example) == {}


def test_the_tables_of_the_documentation_are_right() -> None:
    text = (ROOT / "docs" / "home.md").read_text(encoding="utf-8")
    blocks = [each for each in re.findall(r"```toml\n(.*?)```", text, re.DOTALL) if "[[device]]" in each]
    assert [len(parsed(each).naming) for each in blocks] == [2]
