"""Announcements as devices publish them, from tests/data/announcements: what is made of each, sent and understood."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from digital_life.devices import discovery, kinds
from digital_life.devices.entity import Attribute, Change, Condition, Entity, Value
from digital_life.values import Published

DATA = Path(__file__).resolve().parents[2] / "data" / "announcements"
Message = Sequence[Any]


def cases() -> Iterator[Any]:
    for file in sorted(DATA.glob("*.json")):
        for table in json.loads(file.read_text(encoding="utf-8")):
            yield pytest.param(table, id=f"{file.stem}: {table['about']}")


def entities(case: Mapping[str, Any]) -> tuple[Entity, ...]:
    found = discovery.read(case["topic"], json.dumps(case["announced"]).encode())
    assert found is not None
    assert found.refused == ""
    return found.entities


def published(message: Message, **options: Any) -> Published:
    topic, said = message
    return Published.text(topic, said if isinstance(said, str) else json.dumps(said), **options)


def read_back(message: Published) -> tuple[str, object]:
    """With JSON as what it says: where its blanks are is no matter."""
    text = message.payload.decode()
    return message.topic, json.loads(text) if text.startswith("{") else text


def wish(table: Mapping[str, Any]) -> Change:
    return {Attribute(name): tuple(value) if isinstance(value, list) else value for name, value in table.items()}


def confirms(known: Condition, wished: Change, entity: Entity) -> bool:
    return all(alike(known.get(name), value, entity.capabilities[name].step or 0) for name, value in wished.items())


def alike(told: Value | None, wished: Value, step: float) -> bool:
    if isinstance(wished, tuple):
        return isinstance(told, tuple) and all(abs(one - other) <= 6 for one, other in zip(told, wished, strict=True))
    if isinstance(wished, str | bool) or isinstance(told, str | tuple | None):
        return told == wished
    return abs(told - wished) <= max(step, 0.02 * wished)


@pytest.mark.parametrize("case", [*cases()])
def test_each_is_known_for_what_it_is(case: Mapping[str, Any]) -> None:
    found = entities(case)
    assert len(found) == len(case["entities"])
    for entity, wanted in zip(found, case["entities"], strict=True):
        assert {name: getattr(entity, name) for name in wanted} == wanted


@pytest.mark.parametrize("case", [*cases()])
def test_each_is_commanded_as_it_takes_it_and_its_answer_confirms_it(case: Mapping[str, Any]) -> None:
    for asked in case.get("asked", ()):
        entity = entities(case)[asked.get("entity", 0)]
        wished = wish(asked["change"])
        sent = kinds.encode(entity, wished, {})
        wanted = [published(each, qos=asked.get("qos", 0), retain=asked.get("retain", False)) for each in asked["sent"]]
        assert [read_back(each) for each in sent] == [read_back(each) for each in wanted]
        assert [(each.qos, each.retain) for each in sent] == [(each.qos, each.retain) for each in wanted]
        known: Condition = {}
        for message in asked.get("answer", ()):
            known = kinds.decode(entity, known, published(message))
        if "answer" in asked:
            assert confirms(known, wished, entity), (asked, known)
        else:
            assert not any(entity.capabilities[name].readable for name in wished)


@pytest.mark.parametrize("case", [*cases()])
def test_each_is_understood(case: Mapping[str, Any]) -> None:
    for told in case.get("told", ()):
        entity = entities(case)[told.get("entity", 0)]
        assert kinds.decode(entity, {}, published(told["message"])) == wish(told["known"])
        assert told["message"][0] in entity.topics


@pytest.mark.parametrize("case", [*cases()])
def test_each_is_there_when_it_says_so(case: Mapping[str, Any]) -> None:
    for told, there in case.get("available", ()):
        for entity in entities(case):
            payloads = {topic: text.encode() for topic, text in told.items()}
            assert payloads.keys() <= entity.topics
            assert kinds.available(entity, payloads) is there
