"""Displays on the broker are told the same as pages, and nothing that was said unless it is allowed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from digital_life.devices.topics import Shown, Topics
from digital_life.display.acting import Acting
from digital_life.display.messages import Message, Mouth, topic_of
from digital_life.display.stage import TAP_S, Stage
from digital_life.display.station import Station
from digital_life.values import Published, Spoken, State
from fakes.broker import FakeBroker
from fakes.clock import FakeClock
from fakes.pages import FakePage

TOPIC = Topics("kitchen").base


@pytest.fixture
def broker() -> FakeBroker:
    return FakeBroker()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def stage(broker: FakeBroker, clock: FakeClock) -> Iterator[Stage]:
    stage = Stage(Acting(mood_of=lambda *_: "happy", is_grave=lambda _: False, subtitles=True), clock=clock)
    with Station(broker, topic=TOPIC, stage=stage, subtitles=False).on_air():
        yield stage


def kept(broker: FakeBroker, what: Shown) -> dict[str, object]:
    payload = broker.kept(Topics("kitchen").shown(what))
    assert payload
    found: dict[str, object] = json.loads(payload)
    return found


def test_every_message_goes_where_it_is_documented() -> None:
    kinds = {f"{TOPIC}/display/{each.__struct_config__.tag}" for each in Message.__args__}
    assert kinds == {Topics("kitchen").shown(each) for each in Shown}
    assert topic_of(Mouth(open=0, form=0, at=0)) == "display/mouth"


def test_what_it_does_and_how_it_looks_is_kept(broker: FakeBroker, stage: Stage) -> None:
    stage.hear(State.SPEAKING)
    stage.hear(Spoken("Hello!", "en"))
    assert kept(broker, Shown.STATE)["state"] == "speaking"
    assert kept(broker, Shown.EXPRESSION)["name"] == "happy"
    stage.move(Mouth(open=1, form=0, at=5))
    assert broker.kept(Topics("kitchen").shown(Shown.MOUTH)) is None


def test_what_is_said_stays_in_the_house(broker: FakeBroker, stage: Stage) -> None:
    stage.hear(Spoken("The treasure is here.", "en"))
    assert not [each for each in broker.sent if b"treasure" in each.payload]


def test_what_is_said_is_told_where_that_is_allowed(broker: FakeBroker, clock: FakeClock) -> None:
    stage = Stage(Acting(mood_of=lambda *_: "", is_grave=lambda _: False, subtitles=True), clock=clock)
    with Station(broker, topic=TOPIC, stage=stage, subtitles=True).on_air():
        stage.hear(Spoken("Hello.", "en"))
    assert broker.sent[-2].topic == Topics("kitchen").shown(Shown.SUBTITLE)


def test_after_each_connection_all_is_told_again(broker: FakeBroker, stage: Stage) -> None:
    broker.lose()
    assert not stage.watched
    stage.hear(State.MUTED)
    broker.come_back(empty=True)
    assert stage.watched
    assert kept(broker, Shown.STATE)["state"] == "muted"


def test_a_display_is_told_the_time(broker: FakeBroker, stage: Stage, clock: FakeClock) -> None:
    assert stage.watched
    topic = Topics("kitchen").shown(Shown.CLOCK)
    broker.publish(Published.text(topic, '{"type": "clock", "page": "p1", "sent": 1.5}'))
    assert json.loads(broker.sent[-1].payload) == {
        "type": "clock",
        "page": "p1",
        "sent": 1.5,
        "at": round(clock.now().timestamp() * 1000),
    }
    assert sum(each.topic == topic for each in broker.sent) == 2


def test_a_tap_reaches_the_pages_and_does_not_come_back(broker: FakeBroker, stage: Stage, clock: FakeClock) -> None:
    stage.opened(page := FakePage())
    topic = Topics("kitchen").shown(Shown.MOTION)
    tap = '{"type": "motion", "name": "tap"}'
    broker.publish(Published.text(topic, tap))
    taps = [each for each in page.sent if json.loads(each)["type"] == "motion"]
    assert len(taps) == 1
    clock.passed += TAP_S
    stage.told(page, tap)
    assert len([each for each in page.sent if json.loads(each)["type"] == "motion"]) == 1
    assert [each.topic for each in broker.sent].count(topic) == 3


def test_garbage_and_old_news_change_nothing(broker: FakeBroker, stage: Stage) -> None:
    stage.opened(page := FakePage())
    before = len(page.sent)
    for payload in (b"", b"\xff", b"{}", b"[" * 20_000, b'{"type": "state", "state": "muted"}'):
        broker.publish(Published(Topics("kitchen").shown(Shown.CLOCK), payload))
    assert len(page.sent) == before


def test_who_goes_says_so(broker: FakeBroker, clock: FakeClock) -> None:
    stage = Stage(Acting(mood_of=lambda *_: "", is_grave=lambda _: False, subtitles=True), clock=clock)
    with Station(broker, topic=TOPIC, stage=stage, subtitles=True).on_air():
        stage.hear(State.IDLE)
    assert kept(broker, Shown.STATE)["state"] == "stopping"
    stage.hear(State.MUTED)
    assert kept(broker, Shown.STATE)["state"] == "stopping"
