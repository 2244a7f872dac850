"""The backups, put together."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digital_life import backups, config, words
from digital_life.backends import backup_notes
from digital_life.broadcast import Broadcast, InRoom
from digital_life.context import Context
from digital_life.errors import BackupError
from digital_life.examination import _backup, _disk
from digital_life.finding import Health
from digital_life.memory.store import Store
from digital_life.values import State
from fakes.clock import HandClock
from fakes.embedder import FakeEmbedder

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY_S = 86_400


@pytest.fixture
def context(tmp_path: Path) -> Context:
    home = tmp_path / "home"
    home.mkdir()
    Store.open(home / "life.db", FakeEmbedder()).close()
    settings = config.load(None, [f"backup.target={tmp_path / 'usb'}"])
    return Context(settings, home, tmp_path, HandClock(NOON), words.load("en"), debug=False)


def changed(context: Context, *changes: str) -> Context:
    target = f"backup.target={context.settings.backup.target}"
    return dataclasses.replace(context, settings=config.load(None, [target, *changes]))


def laid(context: Context) -> list[str]:
    folder = Path(context.settings.backup.target)
    return sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []


async def let_pass(context: Context, seconds: float) -> None:
    """Threads take a moment of their own."""
    assert isinstance(context.clock, HandClock)
    await context.clock.let_pass(seconds)
    await asyncio.sleep(0.3)


async def test_one_is_made_each_day_when_nobody_talks(context: Context) -> None:
    daily = backups.Daily(context)
    async with asyncio.TaskGroup() as tasks:
        work = tasks.create_task(daily.run(), name="test.daily")
        daily.hear(InRoom("kitchen", State.LISTENING))
        await let_pass(context, 600)
        assert laid(context) == []
        daily.hear(InRoom("kitchen", State.IDLE))
        await let_pass(context, 200)
        assert len(laid(context)) == 1
        await let_pass(context, 1500)
        assert len(laid(context)) == 1
        work.cancel()
    assert backup_notes.read(context.home).name == laid(context)[0]


async def test_one_that_fails_is_noted_and_tried_again(context: Context, caplog: pytest.LogCaptureFixture) -> None:
    away = changed(context, f"backup.target={context.home.parent / 'away' / 'usb'}")
    daily = backups.Daily(away)
    async with asyncio.TaskGroup() as tasks:
        work = tasks.create_task(daily.run(), name="test.daily")
        await let_pass(context, 100)
        assert "cannot be laid" in backup_notes.read(context.home).failure
        assert "tried again in 1 min" in caplog.text
        (context.home.parent / "away").mkdir()
        await let_pass(context, 400)
        assert len(laid(away)) == 1
        work.cancel()
    assert backup_notes.read(context.home).failure == ""


async def test_what_a_power_cut_left_at_home_is_cleared_away_at_the_start(context: Context) -> None:
    left = context.home / ".backup-lost"
    left.mkdir()
    (left / "life.db").write_bytes(b"My cat")
    async with backups.open_backups(changed(context, "backup.target="), Broadcast()):
        assert not left.exists()


async def test_a_pass_phrase_comes_from_its_file_and_what_leaves_the_house_needs_one(
    context: Context, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("correct horse\n")
    made = await backups.make(changed(context, f"backup.passphrase_file={secret}"))
    assert made.name.endswith(".age")
    secret.write_text("\n")
    with pytest.raises(BackupError, match="empty"):
        await backups.make(changed(context, f"backup.passphrase_file={secret}"))
    keys = tmp_path / "keys"
    keys.write_text("[default]\naws_access_key_id = a\naws_secret_access_key = b\n")
    cloud = changed(context, "backup.target=s3://backups/ada", f"backup.s3_credentials_file={keys}")
    with pytest.raises(BackupError, match="must be sealed"):
        await backups.make(cloud)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("backup.target=", "no place"),
        ("backup.target=s3://backups", "needs keys"),
        ("backup.s3_credentials_file=/nowhere", ""),
    ],
)
def test_what_is_missing_is_said_with_what_to_do(context: Context, change: str, said: str) -> None:
    if said:
        with pytest.raises(BackupError, match=said):
            backups.backup_of(changed(context, change))
    else:
        backups.backup_of(changed(context, change)).check()


def test_keys_that_cannot_be_read_are_named(context: Context, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text("no keys at all")
    with pytest.raises(BackupError, match=str(keys)):
        backups.backup_of(changed(context, "backup.target=s3://backups", f"backup.s3_credentials_file={keys}"))


async def test_the_doctor_tells_of_a_backup_that_is_fresh_late_or_failed(context: Context) -> None:
    assert isinstance(context.clock, HandClock)
    (never,) = _backup(context)
    assert (never.health, never.found) == (Health.WEAK, "none was made yet")
    await backups.make(context)
    (fresh,) = _backup(context)
    assert fresh.health is Health.WELL
    context.clock.passed += 5 * DAY_S
    (late,) = _backup(context)
    assert "5 days ago" in late.found
    assert "digital-life backup" in late.advice
    (keyless,) = _backup(changed(context, "backup.passphrase_file=/nowhere/secret"))
    assert "/nowhere/secret" in keyless.found
    assert _backup(changed(context, "backup.target=")) == []


def test_the_doctor_tells_how_much_room_there_is(context: Context) -> None:
    (disk,) = _disk(context)
    assert "GB are free" in disk.found
