"""The house and the requests of `scripts/bench home` fit each other.

A case begins in the house as `home.json` tells it, after `before` was said and obeyed. Then

- `sets` is all that may be commanded. "+" and "-" mean more and less than now. What a change brings with it is not
  told: a lamp may be switched on with its brightness, and a cover may be opened by its position.
- `asks` are all that a question is about: "which lights are on?" is about every light.
- `unclear` are those of which one is meant, so that it has to ask which.
- `confirms` says that a yes has to be asked for first.
- `tool` is null where no device is meant.

`home_cases.jsonl` is what the understanding was made with. `home_unseen.jsonl` was written by somebody who knew the
house and not the understanding, and says how it does on what it was not made with: nothing is to be fitted to it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import benches
from digital_life import config
from digital_life.devices.entity import Attribute, Kind

BENCHES = Path(benches.__file__).parent
NUMBERS = {
    Attribute.BRIGHTNESS,
    Attribute.KELVIN,
    Attribute.POSITION,
    Attribute.TARGET,
    Attribute.SPEED,
    Attribute.VOLUME,
}
TRUTHS = {
    Attribute.ON,
    Attribute.OPEN,
    Attribute.LOCKED,
    Attribute.OSCILLATING,
    Attribute.PLAYING,
    Attribute.PRESSED,
}
SETTABLE = {
    Kind.BUTTON: {Attribute.PRESSED},
    Kind.CLIMATE: {Attribute.TARGET, Attribute.MODE, Attribute.PRESET},
    Kind.COVER: {Attribute.OPEN, Attribute.POSITION, Attribute.MOVING},
    Kind.FAN: {Attribute.ON, Attribute.SPEED, Attribute.OSCILLATING},
    Kind.LIGHT: {Attribute.ON, Attribute.BRIGHTNESS, Attribute.KELVIN, Attribute.COLOUR, Attribute.EFFECT},
    Kind.LOCK: {Attribute.LOCKED},
    Kind.NUMBER: {Attribute.VALUE},
    Kind.SCENE: {Attribute.PRESSED},
    Kind.SELECT: {Attribute.VALUE},
    Kind.SWITCH: {Attribute.ON},
}
PERCENT = {Attribute.BRIGHTNESS, Attribute.POSITION, Attribute.SPEED, Attribute.VOLUME}
CHINESE = range(0x4E00, 0xA000)

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Thing:
    """What the house announces under one unique id."""

    kind: Kind
    device: str
    spec: Table

    @property
    def aside(self) -> bool:
        """Whether it is there for whoever looks after the device."""
        return bool(self.spec.get("entity_category") or self.spec.get("ent_cat"))

    @property
    def is_battery(self) -> bool:
        return "battery" in (self.spec.get("device_class"), self.spec.get("dev_cla"))

    @property
    def told(self) -> tuple[str, ...]:
        """The topics of its state."""
        keys = ("stat_t", "state_topic", "pos_t", "position_topic", "mode_state_topic", "temperature_state_topic")
        base = str(self.spec.get("~", ""))
        return tuple(str(self.spec[key]).replace("~", base) for key in keys if key in self.spec)

    @property
    def needs_yes(self) -> bool:
        device_class = str(self.spec.get("device_class") or self.spec.get("dev_cla"))
        return self.kind in config.Devices().confirm or device_class in config.Devices().confirm


def _things(messages: Sequence[Table]) -> Iterator[tuple[str, Thing]]:
    for message in messages:
        prefix, component, *rest = message["topic"].split("/")
        if prefix == "homeassistant" and rest[-1:] == ["config"]:
            announced = message["payload"]
            device = (announced.get("device") or announced["dev"])["name"]
            for spec in (announced.get("components") or {"": {**announced, "platform": component}}).values():
                whole = {**announced, **spec}
                yield whole.get("unique_id") or whole["uniq_id"], Thing(Kind(spec["platform"]), device, whole)


HOUSE: Table = json.loads((BENCHES / "home.json").read_text("utf-8"))
FOUND = list(_things(HOUSE["messages"]))
THINGS = dict(FOUND)


def _cases(name: str) -> list[Table]:
    return [json.loads(line) for line in (BENCHES / name).read_text("utf-8").splitlines()]


SEEN = _cases("home_cases.jsonl")
UNSEEN = _cases("home_unseen.jsonl")
both_files = pytest.mark.parametrize("cases", [SEEN, UNSEEN], ids=["seen", "unseen"])


def _named(cases: Sequence[Table]) -> set[str]:
    return {uid for case in cases for key in ("sets", "asks", "unclear") for uid in case.get(key, ())}


def _is_chinese(text: str) -> bool:
    return any(ord(each) in CHINESE for each in text)


def test_every_thing_of_the_house_has_an_id_of_its_own() -> None:
    assert [uid for uid, times in Counter(uid for uid, _ in FOUND).items() if times > 1] == []


def test_the_house_has_both_languages_and_all_that_is_usual() -> None:
    chinese = {each.device for each in THINGS.values() if _is_chinese(each.device)}
    assert 12 <= len(chinese) <= len({each.device for each in THINGS.values()}) - 12
    assert set(SETTABLE) | {Kind.SENSOR, Kind.BINARY_SENSOR} == {each.kind for each in THINGS.values()}


def test_every_state_is_told_and_stays_on_the_broker() -> None:
    told = {each["topic"] for each in HOUSE["messages"]}
    assert [uid for uid, each in THINGS.items() if not told.issuperset(each.told)] == []
    assert all(each["retain"] for each in HOUSE["messages"])


def test_rooms_are_of_devices_that_are_there() -> None:
    assert set(HOUSE["rooms"]) <= {each.device for each in THINGS.values()}


@both_files
def test_there_are_as_many_cases_in_either_language_and_none_twice(cases: Sequence[Table]) -> None:
    languages = Counter(case["lang"] for case in cases)
    assert languages["en"] == languages["zh"] >= 50
    assert len({case["text"] for case in cases}) == len(cases)
    assert all(_is_chinese(case["text"]) is (case["lang"] == "zh") for case in cases)


def test_what_is_unseen_was_not_seen() -> None:
    assert sorted(_plain(UNSEEN) & _plain(SEEN)) == []


def _plain(cases: Sequence[Table]) -> set[str]:
    """The sentences without what a recogniser writes now so, now so."""
    return {"".join(each for each in case["text"].casefold() if each.isalnum()) for case in cases}


def test_the_unseen_are_120_requests_and_20_sentences_of_ordinary_talk() -> None:
    counts = Counter((case["lang"], case["tool"]) for case in UNSEEN)
    assert counts == {("en", "device"): 60, ("zh", "device"): 60, ("en", None): 10, ("zh", None): 10}


@both_files
@pytest.mark.parametrize("language", ["en", "zh"])
def test_either_language_speaks_of_devices_named_in_the_other(cases: Sequence[Table], language: str) -> None:
    names = [THINGS[uid].device for uid in _named([case for case in cases if case["lang"] == language])]
    assert sum(_is_chinese(name) for name in names) >= 8
    assert sum(not _is_chinese(name) for name in names) >= 8


@both_files
def test_one_thing_is_to_come_of_a_case_and_nothing_where_no_device_is_meant(cases: Sequence[Table]) -> None:
    for case in cases:
        assert set(case) <= {"text", "lang", "tool", "before", "sets", "asks", "unclear", "confirms"}, case["text"]
        outcomes = [key for key in ("sets", "asks", "unclear") if case.get(key)]
        assert len(outcomes) == {"device": 1, None: 0}[case["tool"]], case["text"]


@both_files
def test_what_is_unclear_is_so_between_several(cases: Sequence[Table]) -> None:
    assert all(len(case["unclear"]) > 1 for case in cases if "unclear" in case)


@both_files
def test_cases_are_about_what_the_house_has_and_whoever_lives_there_cares_for(cases: Sequence[Table]) -> None:
    assert _named(cases) <= set(THINGS)
    batteries = {uid for case in cases for uid in case.get("asks", ()) if THINGS[uid].is_battery}
    assert sorted(uid for uid in _named(cases) - batteries if THINGS[uid].aside) == []


@both_files
def test_what_is_set_can_be_set(cases: Sequence[Table]) -> None:
    for case in cases:
        for uid, change in case.get("sets", {}).items():
            assert {Attribute(name) for name in change} <= SETTABLE[THINGS[uid].kind], case["text"]
            for name, value in change.items():
                assert _fits(Attribute(name), value, THINGS[uid]), case["text"]


def _fits(attribute: Attribute, value: Any, thing: Thing) -> bool:
    number = attribute in NUMBERS or (attribute is Attribute.VALUE and thing.kind is Kind.NUMBER)
    if number and value not in ("+", "-"):
        return type(value) in (int, float) and (attribute not in PERCENT or 0 <= value <= 100)
    if attribute in TRUTHS:
        return isinstance(value, bool)
    if attribute is Attribute.COLOUR:
        return len(value) == 3 and all(0 <= each <= 255 for each in value)
    return isinstance(value, str) and (thing.kind is not Kind.SELECT or value in thing.spec["options"])


@both_files
def test_a_yes_is_asked_for_where_the_settings_ask_for_it(cases: Sequence[Table]) -> None:
    asked = {case["text"]: case.get("confirms", False) for case in cases if case.get("sets")}
    assert asked == {
        case["text"]: any(THINGS[uid].needs_yes for uid in case["sets"]) for case in cases if case.get("sets")
    }
