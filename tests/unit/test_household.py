"""What is put together for the home: when somebody is reminded, and what the broker keeps."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from digital_life import cli, words
from digital_life.config import Mqtt, Settings
from digital_life.context import Context
from digital_life.devices.orders import Remind
from digital_life.errors import ConfigError, ToolError
from digital_life.household import open_connection_of, topics_of, when_of
from digital_life.values import Language, Published
from fakes.clock import FakeClock
from fakes.mosquitto import Mosquitto

HERE = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 21, 10, 5, tzinfo=HERE)


def context(mqtt: Mqtt, home: Path = Path("nowhere")) -> Context:
    return Context(Settings(mqtt=mqtt), home, home, FakeClock(NOW), words.load("en"), debug=False)


@pytest.mark.parametrize(
    ("wish", "language", "at", "what"),
    [
        (Remind("bread", within_s=90), "en", NOW + timedelta(seconds=90), "bread"),
        (Remind("bread", at=datetime(2026, 11, 21, 18, tzinfo=UTC)), "en", NOW.replace(hour=19, minute=0), "bread"),
        (Remind("bread", at=datetime(2026, 11, 21, 18)), "en", NOW.replace(hour=18, minute=0), "bread"),  # noqa: DTZ001
        (Remind("remind me in ten minutes to call Ada"), "en", NOW + timedelta(minutes=10), "call Ada"),
        (Remind("call Ada in ten minutes"), "en", NOW + timedelta(minutes=10), "call Ada"),
        (Remind("十分钟后提醒我关火"), "zh", NOW + timedelta(minutes=10), "关火"),
    ],
)
def test_a_reminder_is_set_as_it_is_wished(wish: Remind, language: Language, at: datetime, what: str) -> None:
    when, told = when_of(wish, language, FakeClock(NOW))
    assert (when.at, told) == (at, what)


@pytest.mark.parametrize(
    "wish",
    [
        Remind("call Ada"),
        Remind("remind me tomorrow to call Ada"),
        Remind("bread", at=NOW - timedelta(minutes=1)),
        Remind("bread", at=datetime.min.replace(tzinfo=timezone(timedelta(hours=14)))),
    ],
)
def test_what_names_no_time_to_come_is_refused(wish: Remind) -> None:
    with pytest.raises(ToolError):
        when_of(wish, "en", FakeClock(NOW))


async def test_without_the_setting_nothing_is_connected() -> None:
    async with open_connection_of(context(Mqtt())) as connection:
        assert connection is None


async def test_what_can_never_be_right_is_said_at_the_start() -> None:
    wrong = context(Mqtt(enabled=True, tls=True, ca_file="/nowhere.pem"))
    with pytest.raises(ConfigError):
        async with open_connection_of(wrong):
            pass


def test_the_broker_forgets_all_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Mosquitto() as broker:
        settings = Mqtt(enabled=True, host=broker.host, port=broker.port, name="kitchen")
        topics = topics_of(context(settings))
        asyncio.run(keep(settings, [Published.text(each, "x", qos=1, retain=True) for each in topics.retained]))
        assert asyncio.run(kept(settings)) == set(topics.retained)
        options = [
            part for key in ("host", "port", "name") for part in ("--set", f"mqtt.{key}={getattr(settings, key)}")
        ]
        assert cli.main(["--home", str(tmp_path), *options, "mqtt", "forget"]) == 0
        assert asyncio.run(kept(settings)) == set()
    assert topics.base in capsys.readouterr().out


async def keep(settings: Mqtt, messages: list[Published]) -> None:
    async with open_connection_of(context(settings)) as connection:
        assert connection
        for each in messages:
            connection.publish(each)
        await asyncio.sleep(1)


async def kept(settings: Mqtt) -> set[str]:
    """Topics that the broker keeps something of."""
    found: set[str] = set()
    async with open_connection_of(
        context(Mqtt(enabled=True, host=settings.host, port=settings.port, name="looker"))
    ) as it:
        assert it
        it.subscribe("#", lambda message: found.add(message.topic) if message.retain else None)
        await asyncio.sleep(1)
    return found
