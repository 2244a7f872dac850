"""The home knows what is announced in it, how it is, and what is to be listened to."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.devices import home as home_module
from digital_life.devices.entity import Attribute
from digital_life.devices.home import Home, Naming
from digital_life.values import Published

LAMP = "homeassistant/light/lamp/config"
PLUG = "homeassistant/switch/plug/config"


def lamp(unique_id: str = "lamp", topic: str = "z/lamp", name: str = "Lamp", **more: object) -> bytes:
    keys = {
        "schema": "json",
        "name": None,
        "brightness": True,
        "command_topic": f"{topic}/set",
        "state_topic": topic,
        "unique_id": unique_id,
        "device": {"name": name, "identifiers": [name], "suggested_area": "Hall"},
        **more,
    }
    return json.dumps(keys).encode()


def plug(unique_id: str = "plug", topic: str = "t/plug", **more: object) -> bytes:
    keys = {"name": "Plug", "command_topic": f"{topic}/set", "state_topic": topic, "unique_id": unique_id, **more}
    return json.dumps(keys).encode()


def test_what_is_announced_is_there_and_its_topics_are_listened_to() -> None:
    home = Home()
    news = home.announced(LAMP, lamp())
    assert news.listen == {"z/lamp"} == home.topics
    assert [(each.title, each.room) for each in home.entities] == [("Lamp", "Hall")]
    assert home.is_available("lamp")


def test_what_is_told_is_known() -> None:
    home = Home()
    home.announced(LAMP, lamp())
    assert home.told(Published.text("z/lamp", '{"state": "ON", "brightness": 255}')) == {"lamp"}
    assert home.condition("lamp") == {Attribute.ON: True, Attribute.BRIGHTNESS: 100}


def test_what_is_removed_is_gone_with_all_that_was_known_of_it() -> None:
    home = Home()
    home.announced(LAMP, lamp())
    home.told(Published.text("z/lamp", '{"state": "ON"}'))
    news = home.announced(LAMP, b"")
    assert news.changed == {"lamp"}
    assert news.leave == {"z/lamp"}
    assert not home.entities
    assert not home.topics
    assert not home.is_available("lamp")
    home.announced(LAMP, lamp())
    assert home.condition("lamp") == {}


def test_an_announcement_that_says_the_same_again_changes_nothing() -> None:
    home = Home()
    home.announced(LAMP, lamp())
    assert home.announced(LAMP, lamp()) == home_module.News()


def test_an_announcement_that_cannot_be_read_leaves_what_was_there() -> None:
    home = Home()
    home.announced(LAMP, lamp())
    assert home.announced(LAMP, b"{broken").refused
    assert home.announced(LAMP, b'{"migrate_discovery": true}').changed == frozenset()
    assert [each.id for each in home.entities] == ["lamp"]


def test_an_entity_moves_from_its_own_announcement_into_its_devices_without_being_lost() -> None:
    home = Home()
    home.announced(LAMP, lamp())
    home.told(Published.text("z/lamp", '{"state": "ON"}'))
    home.announced(LAMP, b'{"migrate_discovery": true}')
    device = {
        "device": {"name": "Lamp", "identifiers": ["Lamp"]},
        "origin": {"name": "Zigbee2MQTT"},
        "components": {"light": {"platform": "light", **json.loads(lamp())}},
    }
    moved = home.announced("homeassistant/device/lamp/config", json.dumps(device).encode())
    gone = home.announced(LAMP, b"")
    assert not moved.leave
    assert not gone.leave
    assert [each.id for each in home.entities] == ["lamp"]
    assert home.condition("lamp") == {Attribute.ON: True}


def test_of_two_announcements_of_one_id_the_later_counts_and_the_other_when_it_is_gone() -> None:
    home = Home()
    home.announced(LAMP, lamp(topic="z/old"))
    news = home.announced("homeassistant/light/other/config", lamp(topic="z/new"))
    assert news.listen == {"z/new"}
    assert news.leave == {"z/old"}
    news = home.announced("homeassistant/light/other/config", b"")
    assert news.listen == {"z/old"}
    assert news.leave == {"z/new"}
    assert home.announced(LAMP, b"").leave == {"z/old"}


def test_an_entity_that_shares_its_topic_with_others_knows_what_was_told_before_it_came() -> None:
    home = Home()
    home.announced(LAMP, lamp())
    home.told(Published.text("z/lamp", '{"state": "ON", "brightness": 51}'))
    news = home.announced("homeassistant/light/second/config", lamp("second", name="Second"))
    assert not news.listen
    assert home.condition("second") == {Attribute.ON: True, Attribute.BRIGHTNESS: 20}


def test_an_announcement_that_is_amended_keeps_what_is_known() -> None:
    home = Home()
    availability = {"availability_topic": "z/lamp/there"}
    home.announced(LAMP, lamp(**availability))
    home.told(Published.text("z/lamp", '{"state": "ON"}'))
    home.told(Published.text("z/lamp/there", "offline"))
    news = home.announced(LAMP, lamp(name="Bright lamp", **availability))
    assert news == home_module.News(frozenset({"lamp"}))
    assert home.condition("lamp") == {Attribute.ON: True}
    assert not home.is_available("lamp")


def test_a_device_is_away_when_it_says_so_and_there_again_when_it_says_that() -> None:
    home = Home()
    home.announced(LAMP, lamp(availability_topic="z/lamp/there"))
    for said, there in (("offline", False), ("online", True), ("offline", False)):
        home.told(Published.text("z/lamp/there", said))
        assert home.is_available("lamp") is there


def test_that_it_was_asked_before_keeps_nobody_from_hearing_what_changed() -> None:
    home = Home()
    for name in ("lamp", "lantern"):
        announced = lamp(name, f"z/{name}", name, availability=[{"topic": "z/bridge"}])
        home.announced(f"homeassistant/light/{name}/config", announced)
    assert home.is_available("lamp")
    assert home.is_available("lantern")
    home.told(Published.text("z/bridge", "offline"))
    assert not home.is_available("lamp")
    assert not home.is_available("lantern")
    home.announced(LAMP, lamp())
    assert home.is_available("lamp"), "as it is announced now, nothing says that it is away"
    home.announced(LAMP, b"")
    assert not home.is_available("lamp")


def test_of_several_signs_the_latest_counts_where_the_device_wants_it_so() -> None:
    home = Home()
    signs = [{"topic": "z/bridge"}, {"topic": "z/lamp/there"}]
    home.announced(LAMP, lamp(availability=signs, availability_mode="latest"))
    home.told(Published.text("z/bridge", "offline"))
    home.told(Published.text("z/lamp/there", "online"))
    assert home.is_available("lamp")
    home.told(Published.text("z/bridge", "offline"))
    assert not home.is_available("lamp")


def test_the_companion_itself_is_no_device_of_the_home() -> None:
    home = Home(own="homeassistant/device/digital-life-attic/config")
    own = {"device": {"name": "Aria"}, "origin": {"name": "x"}, "components": {"mute": json.loads(plug())}}
    own["components"]["mute"]["platform"] = "switch"
    payload = json.dumps(own).encode()
    assert home.announced("homeassistant/device/digital-life-attic/config", payload) == home_module.News()
    home.announced("homeassistant/device/digital-life-cellar/config", payload)
    assert len(home.entities) == 1


def test_rooms_and_aliases_of_the_configuration_lie_over_those_announced() -> None:
    home = Home({"LAMP": Naming("Study", ("reading light", "台灯")), "meter": Naming("Cellar", confirm=True)})
    home.announced(LAMP, lamp())
    home.announced(
        "homeassistant/sensor/m/config", b'{"name": "power", "state_topic": "m", "device": {"name": "Meter"}}'
    )
    lit, meter = home.entities
    assert (lit.room, lit.aliases) == ("Study", ("reading light", "台灯"))
    assert (meter.title, meter.room, meter.aliases) == ("Meter power", "Cellar", ())
    assert (home.confirm(lit), home.confirm(meter)) == (None, True)


def test_a_home_that_is_full_refuses_more_but_follows_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home_module, "MOST_ENTITIES", 2)
    home = Home()
    for number in range(2):
        home.announced(f"homeassistant/light/{number}/config", lamp(str(number), f"z/{number}"))
    assert home.announced(LAMP, lamp()).refused == home_module.FULL
    assert home.announced("homeassistant/light/1/config", lamp("1", "z/1", "Other")).changed == {"1"}
    home.announced("homeassistant/light/0/config", b"")
    assert home.announced(LAMP, lamp()).changed == {"lamp"}


def test_topics_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home_module, "MOST_TOPICS", 1)
    home = Home()
    home.announced(LAMP, lamp())
    assert home.announced(PLUG, plug()).refused == home_module.FULL
    assert home.topics == {"z/lamp"}


def test_one_id_announced_on_topics_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home_module, "MOST_CLAIMS", 3)
    home = Home()
    refused = [home.announced(f"homeassistant/light/{n}/config", lamp()).refused for n in range(5)]
    assert refused == ["", "", "", home_module.FULL, home_module.FULL]
    assert home.announced("homeassistant/light/0/config", b"").refused == ""
    assert home.announced("homeassistant/light/4/config", lamp()).refused == ""


def test_a_state_as_long_as_a_picture_is_not_taken() -> None:
    home = Home()
    home.announced(LAMP, lamp())
    assert home.told(Published("z/lamp", b" " * 20_000 + b'{"state": "ON"}')) == frozenset()


SOURCES = [f"homeassistant/{kind}/{number}/config" for kind in ("light", "switch") for number in range(3)]
TOPICS = st.sampled_from(["z/1", "z/2", "t/1"])
ANNOUNCEMENTS = st.tuples(
    st.sampled_from(SOURCES),
    st.one_of(
        st.just(b""),
        st.just(b"{}"),
        st.builds(lamp, st.sampled_from("abc"), TOPICS, st.sampled_from("xy")),
        st.builds(plug, st.sampled_from("abc"), TOPICS, availability_topic=TOPICS),
    ),
)


@given(st.lists(ANNOUNCEMENTS, max_size=30))
def test_what_is_listened_to_is_always_what_the_entities_need(steps: list[tuple[str, bytes]]) -> None:
    home, listened = Home(), set[str]()
    for topic, payload in steps:
        news = home.announced(topic, payload)
        assert not news.listen & listened
        assert news.leave <= listened
        listened = (listened | news.listen) - news.leave
        assert listened == home.topics == {each for entity in home.entities for each in entity.topics}
        for each in sorted(listened):
            home.told(Published.text(each, '{"state": "ON"}'))
    for topic in SOURCES:
        news = home.announced(topic, b"")
        listened -= news.leave
    assert (home.entities, listened) == ((), set())
    assert all(not kept for name, kept in vars(home).items() if isinstance(kept, dict)), vars(home)
