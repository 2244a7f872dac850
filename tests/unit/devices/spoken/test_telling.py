"""How things are said to be, in both languages."""

from __future__ import annotations

import pytest

from digital_life import words
from digital_life.devices.control import Came, Result
from digital_life.devices.entity import Attribute, Capability, Entity, Kind, Value
from digital_life.devices.spoken import telling
from digital_life.values import Language
from fakes import control as house
from fakes.control import thing

LAMP = thing("Living room lamp", Kind.LIGHT, house.LIGHT)
HEATING = thing("Heating", Kind.CLIMATE, house.CLIMATE)
METER = Entity(
    "power", Kind.SENSOR, "Washer", "Power", capabilities={Attribute.VALUE: Capability(settable=False, unit="W")}
)


@pytest.mark.parametrize("came", list(Came))
@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize(
    ("entity", "attribute", "value"),
    [
        (LAMP, Attribute.ON, True),
        (LAMP, Attribute.BRIGHTNESS, 40.0),
        (LAMP, Attribute.KELVIN, 2700.0),
        (LAMP, Attribute.KELVIN, 3100.0),
        (LAMP, Attribute.COLOUR, (250, 10, 10)),
        (LAMP, Attribute.EFFECT, "rainbow"),
        (HEATING, Attribute.TARGET, 21.5),
        (HEATING, Attribute.MODE, "off"),
        (HEATING, Attribute.PRESET, "eco"),
        (thing("Blind", Kind.COVER, house.COVER), Attribute.POSITION, 30.0),
        (thing("Blind", Kind.COVER, house.COVER), Attribute.MOVING, "stopped"),
        (thing("Fan", Kind.FAN, house.FAN), Attribute.OSCILLATING, False),
        (thing("Night", Kind.SCENE, house.PRESS), Attribute.PRESSED, True),
        (thing("Feeder", Kind.BUTTON, house.PRESS), Attribute.PRESSED, True),
        (thing("Player", Kind.MEDIA_PLAYER, {}), Attribute.PLAYING, True),
        (thing("Minutes", Kind.NUMBER, {}), Attribute.VALUE, 15.0),
        (thing("Choice", Kind.SELECT, {}), Attribute.VALUE, "sleep"),
    ],
)
def test_all_that_can_come_of_a_wish_can_be_said(
    came: Came, language: Language, entity: Entity, attribute: Attribute, value: Value
) -> None:
    result = Result(entity, {attribute: value}, came)
    for done in ([result], [result, result]):
        said = telling.results(done, language)
        assert said.endswith((".", "。"))
        assert "{" not in said
    assert "{" not in telling.shall([(entity, {attribute: value})], language)


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize(
    "klass", ["window", "door", "motion", "smoke", "moisture", "battery", "lock", "running", "light", "cold", ""]
)
@pytest.mark.parametrize("value", [True, False, None])
def test_every_binary_sensor_can_be_told_of(language: Language, klass: str, value: Value | None) -> None:
    sensor = thing("Sensor", Kind.BINARY_SENSOR, house.READ, klass=klass)
    said = telling.answer([telling.Known(sensor, Attribute.VALUE, value)], language)
    assert said.endswith((".", "。"))
    assert "{" not in said


def test_units_are_spoken() -> None:
    assert telling.answer([telling.Known(METER, Attribute.VALUE, 420.0)], "en") == "The washer power: 420 watts."
    assert telling.answer([telling.Known(HEATING, Attribute.CURRENT, 20.0)], "zh") == "Heating测到20度。"


def test_a_name_of_a_maker_stays_as_it_is() -> None:
    assert telling.title(LAMP, "en") == "the living room lamp"
    assert telling.title(thing("IKEA plug", Kind.SWITCH, {}), "en") == "the IKEA plug"
    assert telling.title(thing("客厅灯", Kind.LIGHT, {}), "en") == "客厅灯"


def test_things_of_one_name_are_told_apart_by_their_rooms() -> None:
    one, other = thing("Lamp", Kind.LIGHT, {}, room="Hall"), Entity("2", Kind.LIGHT, "Lamp", "", "Attic")
    assert telling.which([one, other], "en") == "Which one: the lamp in the hall or the lamp in the attic?"


def test_of_many_their_number_is_said() -> None:
    lamps = [thing(f"Lamp {n}", Kind.LIGHT, house.LIGHT) for n in range(6)]
    done = [Result(each, {Attribute.ON: False}, Came.DONE) for each in lamps]
    assert telling.results(done, "en") == "6 lights are off."
    assert telling.results(done, "zh") == "6盏灯关了。"
    assert telling.which(lamps, "en") == "Which one do you mean? There are 6."


def test_a_speech_for_a_name_is_cut_short() -> None:
    assert len(telling.named("say this " * 30)) <= telling.LONGEST_NAME
