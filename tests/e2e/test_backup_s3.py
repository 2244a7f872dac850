"""Backups in a real S3 server, as a person types the commands."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from bucket import Bucket
from test_memory_commands import run

from digital_life import config
from digital_life.backends.s3_shelf import S3Shelf
from digital_life.errors import BackupError
from fakes.relay import Relay

QUESTION = "Which novel about love am I reading?"
MANY = 40_000_000
"""Bytes: eight parts."""


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    with Bucket(tmp_path_factory.mktemp("bucket")) as served:
        yield served


@pytest.fixture
def home(tmp_path: Path, data_dir: Path) -> Path:
    folder = tmp_path / "home"
    run(folder, "import", str(data_dir / "memory" / "memory_bank_en.json"), "--user", "Emily")
    return folder


def settings(bucket: Bucket, **changes: object) -> config.Backup:
    said = {"s3_endpoint": bucket.endpoint, "s3_credentials_file": str(bucket.credentials)} | changes
    return config.load(None, [f"backup.{key}={value}" for key, value in said.items()]).backup


def options(bucket: Bucket, folder: Path) -> list[str]:
    secret = folder / "secret"
    secret.write_text("correct horse battery staple\n")
    said = {"s3_endpoint": bucket.endpoint, "s3_credentials_file": bucket.credentials, "passphrase_file": secret}
    return [word for key, value in said.items() for word in ("--set", f"backup.{key}={value}")]


def test_a_life_goes_to_the_cloud_and_comes_back_on_another_machine(bucket: Bucket, home: Path, tmp_path: Path) -> None:
    target, said = "s3://backups/emily", options(bucket, tmp_path)
    assert "Written" in run(home, *said, "backup", target)
    (laid,) = (bucket.files / "emily").iterdir()
    assert laid.read_bytes().startswith(b"age-encryption.org/")
    assert b"Silent Separation" not in laid.read_bytes()
    assert laid.name in run(home, *said, "restore", target, "--list")
    assert "--force" in run(home, *said, "restore", target, fails=True)
    new = tmp_path / "new"
    assert laid.name in run(new, *said, "restore", target)
    assert "Silent Separation" in run(new, "memory", "recall", QUESTION)


def test_a_truncated_backup_is_passed_over_and_a_wrong_pass_phrase_opens_nothing(
    bucket: Bucket, home: Path, tmp_path: Path
) -> None:
    target, said = "s3://backups/cut", options(bucket, tmp_path)
    run(home, *said, "backup", target)
    (first,) = (bucket.files / "cut").iterdir()
    run(home, *said, "--now", "2030-01-02T10:00", "backup", target)
    newest = max((bucket.files / "cut").iterdir())
    assert newest != first
    os.truncate(newest, newest.stat().st_size // 2)
    told = run(tmp_path / "new", *said, "restore", target)
    assert f"{newest.name} is damaged" in told
    assert "Silent Separation" in run(tmp_path / "new", "memory", "recall", QUESTION)
    (tmp_path / "secret").write_text("wrong\n")
    assert "does not open" in run(tmp_path / "other", *said, "restore", target, "--copy", first.name, fails=True)
    assert not (tmp_path / "other" / "life.db").exists()


async def test_wrong_keys_and_a_bucket_that_is_not_there_are_told_apart(bucket: Bucket, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("[default]\naws_access_key_id = tests\naws_secret_access_key = guessed\n")
    file = tmp_path / "file"
    file.write_bytes(b"x")
    for shelf, said in (
        (S3Shelf("s3://backups", settings(bucket, s3_credentials_file=wrong)), "refuses the keys"),
        (S3Shelf("s3://elsewhere", settings(bucket)), "create the bucket"),
    ):
        with pytest.raises(BackupError, match=said):
            await shelf.shelved()
        with pytest.raises(BackupError, match=said):
            await shelf.put("digital-life-20261121T120000Z.age", file)


async def test_a_server_that_dies_in_the_middle_leaves_no_half_backup(bucket: Bucket, tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(os.urandom(MANY))
    async with Relay(bucket.port) as relay:
        shelf = S3Shelf("s3://backups/middle", settings(bucket, s3_endpoint=f"http://127.0.0.1:{relay.port}"))
        sending = asyncio.create_task(shelf.put("whole.age", large), name="sending")
        while not relay.passed:
            await asyncio.sleep(0.001)
        await relay.cut()
        with pytest.raises(BackupError, match="cannot be reached"):
            await sending
        await relay.mend()
        assert await shelf.shelved() == []
        await shelf.put("whole.age", large)
        (laid,) = await shelf.shelved()
        await shelf.get("whole.age", tmp_path / "back")
        await shelf.delete("whole.age")
    assert laid.bytes == MANY
    assert (tmp_path / "back").read_bytes() == large.read_bytes()
    assert not (bucket.files / "middle" / "whole.age").exists()
