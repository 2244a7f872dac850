from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.devices import discovery, kinds
from digital_life.devices.entity import Attribute, Change, Condition, Entity
from digital_life.devices.kinds import colours
from digital_life.errors import ToolError
from digital_life.values import Published

LAMP = {"schema": "json", "name": "lamp", "command_topic": "l/set", "state_topic": "l", "brightness": True}


def entity(platform: str, **announced: Any) -> Entity:
    found = discovery.read(f"homeassistant/{platform}/x/config", json.dumps(announced).encode())
    assert found is not None
    assert found.refused == ""
    return found.entities[0]


def refusal(platform: str, **announced: Any) -> str:
    found = discovery.read(f"homeassistant/{platform}/x/config", json.dumps(announced).encode())
    assert found is not None
    assert found.entities == ()
    return found.refused


def sent(of: Entity, change: Change, known: Condition | None = None) -> list[tuple[str, str]]:
    return [(each.topic, each.payload.decode()) for each in kinds.encode(of, change, known or {})]


def told(of: Entity, topic: str, text: str, known: Condition | None = None) -> Condition:
    return kinds.decode(of, known or {}, Published.text(topic, text))


@pytest.mark.parametrize(
    "change",
    [
        {},
        {Attribute.ON: 1},
        {Attribute.ON: "on"},
        {Attribute.BRIGHTNESS: 0},
        {Attribute.BRIGHTNESS: 101},
        {Attribute.BRIGHTNESS: float("nan")},
        {Attribute.BRIGHTNESS: True},
        {Attribute.KELVIN: 2700},
        {Attribute.COLOUR: (255, 0, 0)},
        {Attribute.EFFECT: "rainbow"},
        {Attribute.ON: True, Attribute.LOCKED: True},
    ],
)
def test_what_a_device_cannot_do_is_said_with_its_name(change: Change) -> None:
    with pytest.raises(ToolError) as error:
        kinds.encode(entity("light", **LAMP), change, {})
    assert error.value.sentence("en") == "lamp cannot do that"
    assert error.value.sentence("zh") == "lamp做不到这个"


def test_what_is_not_understood_changes_nothing() -> None:
    lamp = entity("light", **LAMP)
    known = {Attribute.ON: True, Attribute.BRIGHTNESS: 40.0}
    for text in (
        "",
        "ON",
        "[]",
        "{",
        '{"state": "MAYBE"}',
        '{"state": 1, "brightness": "bright"}',
        '{"brightness": true}',
    ):
        assert told(lamp, "l", text, known) is known or told(lamp, "l", text, known) == known
    assert told(lamp, "another", '{"state": "OFF"}', known) is known
    assert kinds.decode(lamp, known, Published("l", b"\xff")) is known


def test_what_is_no_longer_known_is_forgotten() -> None:
    switch = entity("switch", command_topic="s/set", state_topic="s", value_template="{{ value_json.state }}")
    known = told(switch, "s", '{"state": "ON"}')
    assert known == {Attribute.ON: True}
    assert told(switch, "s", '{"state": null}', known) == {}


def test_the_rest_stays_known() -> None:
    lamp = entity("light", **LAMP)
    known = told(lamp, "l", '{"state": "ON", "brightness": 255}')
    assert told(lamp, "l", '{"brightness": 51}', known) == {Attribute.ON: True, Attribute.BRIGHTNESS: 20.0}


def test_of_colour_and_warmth_the_one_that_holds_is_known() -> None:
    lamp = entity("light", **LAMP, supported_color_modes=["color_temp", "rgb"])
    red = told(lamp, "l", '{"color_mode": "rgb", "color": {"r": 255, "g": 0, "b": 0}, "color_temp": 300}')
    assert red == {Attribute.COLOUR: (255, 0, 0)}
    assert told(lamp, "l", '{"color_mode": "color_temp", "color_temp": 250}', red) == {Attribute.KELVIN: 4000}


def test_hardly_on_is_not_off() -> None:
    lamp = entity("light", **LAMP, brightness_scale=10)
    assert sent(lamp, {Attribute.BRIGHTNESS: 1}) == [("l/set", '{"state": "ON", "brightness": 1}')]


def test_a_lamp_that_is_turned_on_by_its_brightness_gets_the_one_it_had() -> None:
    lamp = entity("light", command_topic="p", brightness_command_topic="b", on_command_type="brightness")
    assert sent(lamp, {Attribute.ON: True}, {Attribute.BRIGHTNESS: 20.0}) == [("b", "51")]
    assert sent(lamp, {Attribute.ON: False}) == [("p", "OFF")]


def test_without_a_state_nothing_can_confirm() -> None:
    switch = entity("switch", command_topic="s/set")
    assert switch.capabilities[Attribute.ON].readable is False
    assert switch.topics == frozenset()


def test_a_lock_that_asks_for_a_code_is_only_read() -> None:
    lock = entity("lock", command_topic="l/set", state_topic="l", code_format="^\\d{4}$")
    assert lock.capabilities[Attribute.LOCKED].settable is False
    assert told(lock, "l", "LOCKED") == {Attribute.LOCKED: True}


def test_an_alarm_that_asks_for_a_code_is_only_read() -> None:
    alarm = entity("alarm_control_panel", command_topic="a/set", state_topic="a", code="1234")
    assert alarm.capabilities[Attribute.MODE].settable is False


def test_on_is_not_guessed_where_heating_and_cooling_could_be_meant() -> None:
    modes = {"mode_command_topic": "m", "mode_state_topic": "ms"}
    both = entity("climate", modes=["off", "heat", "cool"], **modes)
    with pytest.raises(ToolError):
        kinds.encode(both, {Attribute.ON: True}, {})
    assert sent(both, {Attribute.ON: True, Attribute.MODE: "cool"}) == [("m", "cool")]
    assert sent(entity("climate", modes=["off", "heat"], **modes), {Attribute.ON: True}) == [("m", "heat")]


def test_a_toggle_is_pressed_only_where_it_is_known_what_it_does() -> None:
    player = entity("media_player", name="p", command_playpause_topic="t", state_state_topic="s")
    with pytest.raises(ToolError):
        kinds.encode(player, {Attribute.PLAYING: True}, {})
    assert sent(player, {Attribute.PLAYING: True}, {Attribute.PLAYING: False}) == [("t", "PlayPause")]
    assert sent(player, {Attribute.PLAYING: True}, {Attribute.PLAYING: True}) == []


def test_a_blind_without_stop_cannot_stop() -> None:
    blind = entity("cover", command_topic="c", payload_stop=None)
    assert Attribute.MOVING not in blind.capabilities


def test_a_blind_that_stopped_is_as_open_as_its_position() -> None:
    blind = entity("cover", command_topic="c", state_topic="s", position_topic="p")
    known = told(blind, "s", "opening")
    assert known == {Attribute.MOVING: "opening", Attribute.OPEN: True}
    known = told(blind, "s", "stopped", told(blind, "p", "0", known))
    assert known == {Attribute.MOVING: "stopped", Attribute.OPEN: False, Attribute.POSITION: 0}


def test_a_template_is_given_a_number_as_one_and_a_payload_as_a_text() -> None:
    template = "{{ value == 3 }} {{ value == '3' }}"
    number = entity("number", command_topic="n", command_template=template)
    assert sent(number, {Attribute.VALUE: 3}) == [("n", "True False")]
    select = entity("select", command_topic="n", command_template=template, options=["3"])
    assert sent(select, {Attribute.VALUE: "3"}) == [("n", "False True")]


def test_half_a_command_is_none() -> None:
    switch = entity("switch", command_topic="s", command_template="{{ value_json.missing }}")
    with pytest.raises(ToolError):
        kinds.encode(switch, {Attribute.ON: True}, {})


@pytest.mark.parametrize(
    ("platform", "announced", "why"),
    [
        ("light", {"command_topic": "a", "schema": "other"}, "its schema is none"),
        ("light", {"command_topic": "a", "on_command_type": "now"}, "on_command_type is none"),
        ("light", {"command_topic": "a", "min_mireds": 0}, "min_mireds is no colour temperature"),
        ("light", {"command_topic": "a", "min_mireds": 500, "max_mireds": 153}, "min_mireds is not below max_mireds"),
        ("light", {"command_topic": "a", "brightness_scale": 0}, "brightness_scale is no scale"),
        ("light", {"schema": "template", "command_topic": "a"}, "it has no command"),
        ("number", {"command_topic": "a", "min": 5, "max": 5}, "min is not below max"),
        ("number", {"command_topic": "a", "max": "much"}, "max is no number"),
        ("select", {"command_topic": "a"}, "it has no options"),
        ("select", {"command_topic": "a", "options": "a,b"}, "options is no list"),
        ("cover", {"command_topic": "a", "position_open": 0}, "position_open is position_closed"),
        ("fan", {"command_topic": "a", "speed_range_max": 0}, "speed_range_min is not below speed_range_max"),
        ("sensor", {"name": "a"}, "it has no state_topic"),
        ("climate", {"name": "a"}, "it can neither be read nor commanded"),
        ("vacuum", {"name": "a"}, "it can neither be read nor commanded"),
        ("valve", {"name": "a"}, "it can neither be read nor commanded"),
        ("media_player", {"name": "a"}, "it can neither be read nor commanded"),
        ("button", {"name": "a"}, "it can neither be read nor commanded"),
    ],
)
def test_a_device_of_no_use_is_refused(platform: str, announced: dict[str, Any], why: str) -> None:
    assert refusal(platform, **announced) == why


def test_options_that_cannot_be_shown_are_left_out() -> None:
    select = entity("select", command_topic="a", options=["a", "b\nc", "", "x" * 200, 3, None, "a"])
    assert select.capabilities[Attribute.VALUE].options == ("a", "3")


@pytest.mark.parametrize(
    ("mode", "told_there", "there"),
    [
        ("all", {}, None),
        ("all", {"a": b"online"}, None),
        ("all", {"a": b"online", "b": b"online"}, True),
        ("all", {"b": b"offline"}, False),
        ("any", {"a": b"online"}, True),
        ("any", {"a": b"offline"}, None),
        ("any", {"a": b"offline", "b": b"offline"}, False),
        ("latest", {"a": b"offline", "b": b"online"}, True),
        ("latest", {"b": b"online", "a": b"offline"}, False),
        ("latest", {"a": b"offline", "b": b"perhaps"}, False),
        ("latest", {"another": b"online"}, None),
    ],
)
def test_several_signs_of_being_there_are_weighed(mode: str, told_there: dict[str, bytes], there: bool | None) -> None:  # noqa: FBT001
    signs = [{"topic": "a"}, {"topic": "b"}]
    switch = entity("switch", command_topic="s", availability=signs, availability_mode=mode)
    assert kinds.available(switch, told_there) is there


def test_one_that_does_not_tell_is_not_known_to_be_there() -> None:
    assert kinds.available(entity("switch", command_topic="s"), {"a": b"online"}) is None


@given(percent=st.integers(1, 100), scale=st.sampled_from([100, 254, 255, 1000, 65535]))
def test_a_brightness_comes_back_as_it_was_wished(percent: int, scale: int) -> None:
    lamp = entity("light", **LAMP, brightness_scale=scale)
    ((_topic, payload),) = sent(lamp, {Attribute.BRIGHTNESS: percent})
    assert told(lamp, "l", payload)[Attribute.BRIGHTNESS] == percent


@given(percent=st.integers(0, 100), ends=st.sampled_from([(0, 100), (100, 0), (0, 255), (255, 0), (-100, 100)]))
def test_a_position_comes_back_as_it_was_wished(percent: int, ends: tuple[int, int]) -> None:
    closed, opened = ends
    blind = entity("cover", set_position_topic="set", position_topic="p", position_closed=closed, position_open=opened)
    ((_topic, payload),) = sent(blind, {Attribute.POSITION: percent})
    assert told(blind, "p", payload)[Attribute.POSITION] == percent


@given(percent=st.integers(1, 100), speeds=st.integers(2, 200))
def test_a_speed_comes_back_within_a_step(percent: int, speeds: int) -> None:
    fan = entity(
        "fan", command_topic="c", percentage_command_topic="set", percentage_state_topic="p", speed_range_max=speeds
    )
    ((_topic, payload),) = sent(fan, {Attribute.SPEED: percent})
    assert 1 <= int(payload) <= speeds
    step = fan.capabilities[Attribute.SPEED].step
    speed = told(fan, "p", payload)[Attribute.SPEED]
    assert isinstance(speed, float)
    assert step is not None
    assert abs(speed - percent) <= step


@given(kelvin=st.integers(2000, 6536), by_kelvin=st.booleans())
def test_a_warmth_comes_back_within_two_per_cent(kelvin: int, by_kelvin: bool) -> None:  # noqa: FBT001
    lamp = entity("light", **LAMP, supported_color_modes=["color_temp"], color_temp_kelvin=by_kelvin)
    ((_topic, payload),) = sent(lamp, {Attribute.KELVIN: kelvin})
    found = told(lamp, "l", payload)[Attribute.KELVIN]
    assert isinstance(found, float)
    assert abs(found - kelvin) <= 0.02 * kelvin


SHADE = st.integers(0, 255)


@given(st.tuples(SHADE, SHADE, SHADE))
def test_a_colour_comes_back_as_its_hue(rgb: colours.Rgb) -> None:
    hue, saturation = colours.to_hs(rgb)
    again = colours.from_hs(hue, saturation)
    brightest = max(rgb) or 255
    full = tuple(round(each * 255 / brightest) for each in rgb) if max(rgb) else (255, 255, 255)
    assert all(abs(one - other) <= 2 for one, other in zip(again, full, strict=True))


@given(st.permutations([0, 1, 2]), SHADE, SHADE)
def test_a_colour_comes_back_from_the_diagram(order: list[int], one: int, other: int) -> None:
    shades = (255, one, other)
    rgb = (shades[order[0]], shades[order[1]], shades[order[2]])
    again = colours.from_xy(*colours.to_xy(rgb))
    assert all(abs(before - after) <= 8 for before, after in zip(rgb, again, strict=True))
