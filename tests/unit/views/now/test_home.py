"""The home on the page: what is shown, what is done, what is asked first."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digital_life import words
from digital_life.devices.control import Came
from digital_life.devices.entity import Attribute, Capability, Kind
from digital_life.errors import RequestError
from digital_life.values import Language
from digital_life.views.now.home import form, resources
from digital_life.web.resource import Call
from fakes.control import CLIMATE, COVER, DEGREES, LIGHT, LOCK, PRESS, FakeControl, thing

LAMP = thing("Lamp", Kind.LIGHT, LIGHT, room="Study")
DOOR = thing("Front door", Kind.LOCK, LOCK)
BLIND = thing("Blind", Kind.COVER, COVER, room="Bedroom")
GARAGE = thing("Garage", Kind.COVER, COVER, klass="garage")
WARMTH = thing("Landing", Kind.SENSOR, DEGREES, room="Bedroom")


@pytest.fixture
def control() -> FakeControl:
    control = FakeControl((LAMP, DOOR, BLIND, GARAGE, WARMTH))
    control.conditions["Lamp"] = {Attribute.ON: True, Attribute.BRIGHTNESS: 40.0}
    return control


async def shown(control: FakeControl | None) -> Any:
    answer = await resources(control)[0].answer(Call(words.load("en")))
    return msgspec.json.decode(msgspec.json.encode(answer))


async def ordered(control: FakeControl | None, *, language: Language = "en", **wish: Any) -> Any:
    call = Call(words.load(language), body=json.dumps(wish).encode())
    return msgspec.json.decode(msgspec.json.encode(await resources(control)[1].answer(call)))


async def test_things_stand_in_their_rooms_with_what_is_known_of_them(control: FakeControl) -> None:
    control.away.add("Blind")
    home = await shown(control)
    assert [(room["name"], [each["name"] for each in room["things"]]) for room in home["rooms"]] == [
        ("Bedroom", ["Blind", "Landing"]),
        ("Study", ["Lamp"]),
        ("", ["Front door", "Garage"]),
    ]
    blind, landing, lamp = (each for room in home["rooms"][:2] for each in room["things"])
    assert lamp["condition"] == {"on": True, "brightness": 40.0}
    assert (blind["available"], lamp["available"]) == (False, True)
    assert (landing["knobs"], landing["units"]) == ([], {"value": "°C"})
    assert [(each["attribute"], each["form"]) for each in lamp["knobs"]] == [
        ("on", "switch"),
        ("brightness", "range"),
        ("kelvin", "range"),
        ("colour", "colour"),
    ]


async def test_names_of_the_network_are_letters_alone() -> None:
    odd = replace(LAMP, device="La\u202emp\x1b[2J", room="Stu\x00dy")
    home = await shown(FakeControl((odd,)))
    assert (home["rooms"][0]["name"], home["rooms"][0]["things"][0]["name"]) == ("Study", "Lamp[2J")


async def test_without_a_home_there_is_nothing_to_see_or_command() -> None:
    assert await shown(None) == {"wanted": False, "connected": False, "rooms": []}
    with pytest.raises(RequestError):
        await ordered(None, id="Lamp", change={"on": True})


@pytest.mark.parametrize(
    "change",
    [
        {"on": False},
        {"brightness": 40},
        {"colour": [255, 128, 0]},
    ],
)
async def test_what_is_harmless_is_done_at_once_and_told(control: FakeControl, change: dict[str, object]) -> None:
    told = await ordered(control, id="Lamp", change=change)
    assert (told["came"], told["good"], told["said"]) == ("done", True, "Lamp: done, as it confirms itself.")
    assert told["thing"]["condition"].items() >= change.items()
    assert len(control.did) == 1


async def test_a_lock_is_moved_only_after_a_yes_to_this_very_question(control: FakeControl) -> None:
    asked = await ordered(control, id="Front door", change={"locked": False})
    assert asked == {"ask": "Front door: unlock. Really?"}
    assert control.did == []
    done = await ordered(control, id="Front door", change={"locked": False}, agreed=asked["ask"])
    assert done["came"] == "done"
    assert control.did == [("Front door", {Attribute.LOCKED: False})]


async def test_a_yes_to_another_question_is_none(control: FakeControl) -> None:
    lock = await ordered(control, id="Front door", change={"locked": True})
    asked = await ordered(control, id="Front door", change={"locked": False}, agreed=lock["ask"])
    assert "ask" in asked
    assert control.did == []


async def test_the_question_is_in_the_language_of_the_page(control: FakeControl) -> None:
    asked = await ordered(control, language="zh", id="Garage", change={"open": True, "position": 50})
    assert asked == {"ask": "Garage：打开，打开程度设为 50。确定吗？"}


async def test_nobody_is_asked_about_what_cannot_be_done_just_now(control: FakeControl) -> None:
    control.connected = False
    told = await ordered(control, id="Front door", change={"locked": False})
    assert (told["came"], told["good"]) == ("offline", False)


async def test_what_was_not_confirmed_is_told_as_that(control: FakeControl) -> None:
    control.comes["Lamp"] = Came.UNCONFIRMED
    told = await ordered(control, id="Lamp", change={"on": False})
    assert (told["good"], told["said"]) == (False, "Lamp: sent, but it has not confirmed it.")


@pytest.mark.parametrize(
    "wish",
    [
        {"id": "Nobody", "change": {"on": True}},
        {"id": "Lamp", "change": {}},
        {"id": "Lamp", "change": {"explode": True}},
        {"id": "Lamp", "change": {"on": None}},
        {"id": "Lamp", "change": {"colour": [1, 2]}},
        {"id": "Lamp"},
        {"id": "Lamp", "change": {"on": True}, "sudo": True},
        {"id": "L" * 2000, "change": {"on": True}},
    ],
)
async def test_what_is_no_order_is_refused_and_nothing_is_done(control: FakeControl, wish: dict[str, Any]) -> None:
    with pytest.raises(RequestError):
        await ordered(control, **wish)
    assert control.did == []


@pytest.mark.parametrize(
    ("attribute", "capability", "expected"),
    [
        (Attribute.PRESSED, PRESS[Attribute.PRESSED], "press"),
        (Attribute.MODE, CLIMATE[Attribute.MODE], "choice"),
        (Attribute.TARGET, Capability(), "number"),
        (Attribute.TARGET, CLIMATE[Attribute.TARGET], "range"),
        (Attribute.EFFECT, Capability(), None),
    ],
)
def test_each_property_is_set_in_its_own_way(
    attribute: Attribute, capability: Capability, expected: str | None
) -> None:
    assert form(attribute, capability) == expected


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_property_and_truth_has_a_name(language: Language) -> None:
    text = words.load(language)
    assert all(text.text(f"console.now.kinds.{kind}") for kind in Kind)
    assert all(text.text(f"console.now.attributes.{attribute}") for attribute in Attribute)


@settings(deadline=None)  # each opens an event loop
@given(
    st.dictionaries(
        st.sampled_from(Attribute),
        st.booleans()
        | st.floats(allow_nan=False)
        | st.integers()
        | st.text(max_size=9)
        | st.lists(st.integers(0, 255)),
        max_size=4,
    )
)
def test_whatever_is_wished_is_asked_about_done_or_refused(change: dict[str, object]) -> None:
    control = FakeControl((LAMP, DOOR))
    for each in control.entities:
        try:
            told = asyncio.run(ordered(control, id=each.id, change=change))
        except RequestError:
            continue
        assert "ask" in told or told["said"]
