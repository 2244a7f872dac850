"""Backups in a bucket of an S3-compatible storage."""

from __future__ import annotations

import asyncio
import configparser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from digital_life.errors import BackupError
from digital_life.values import Shelved

if TYPE_CHECKING:
    from obstore.store import S3Store

    from digital_life import config

CONNECT = timedelta(seconds=10)
REQUEST = timedelta(minutes=5)
"""For a part of 5 MiB: 17 kB a second, the slowest line that is worth it."""
RETRIES = 2
"""Of a request; the whole is tried again later anyway."""
TOGETHER = 2
"""Parts that are sent at once: a talk may need the line too."""


class S3Shelf:
    """Shelf.

    Each request blocks a thread: what the library does in an event loop of ours may call back into an interpreter that
    is ending, and now and then aborted a command whose work was done.
    """

    def __init__(self, target: str, settings: config.Backup) -> None:
        """Raises BackupError where keys or library are missing."""
        if find_spec("obstore") is None:
            raise BackupError("backup-no-library")
        self._target = target
        with self._said(target):
            self._store = _store(target, settings)

    async def shelved(self) -> list[Shelved]:
        import obstore  # noqa: PLC0415 - an extra

        with self._said(self._target):
            found = await asyncio.to_thread(obstore.list(self._store).collect)
        return [Shelved(each["path"], each["size"]) for each in found]

    async def put(self, name: str, file: Path) -> None:
        import obstore  # noqa: PLC0415 - an extra

        with self._said(self._target):
            await asyncio.to_thread(obstore.put, self._store, name, file, max_concurrency=TOGETHER)

    async def get(self, name: str, target: Path) -> None:
        try:
            await asyncio.to_thread(self._get, name, target)
        except OSError as error:
            raise BackupError("backup-no-room", path=target.parent, cause=error.strerror or error) from error

    def _get(self, name: str, target: Path) -> None:
        import obstore  # noqa: PLC0415 - an extra

        with self._said(f"{self._target}/{name}"), target.open("wb") as file:
            for piece in obstore.get(self._store, name).stream():
                file.write(piece)

    async def delete(self, name: str) -> None:
        import obstore  # noqa: PLC0415 - an extra

        with self._said(self._target):
            await asyncio.to_thread(obstore.delete, self._store, name)

    @contextmanager
    def _said(self, target: str) -> Iterator[None]:
        """What the library raises, as our errors."""
        from obstore import exceptions  # noqa: PLC0415 - an extra

        try:
            yield
        except FileNotFoundError as error:
            raise BackupError("backup-no-bucket", target=target) from error
        except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError) as error:
            raise BackupError("backup-refused", target=target, cause=_first_line(error)) from error
        except exceptions.BaseError as error:
            raise _generic(error, target) from error


def _generic(error: Exception, target: str) -> BackupError:
    """Of a listing the library tells no more than what the storage answered."""
    said = str(error)
    if "403 Forbidden" in said or "401 Unauthorized" in said:
        return BackupError("backup-refused", target=target, cause=_first_line(error))
    if "404 Not Found" in said:
        return BackupError("backup-no-bucket", target=target)
    return BackupError("backup-unreachable", target=target, cause=_first_line(error))


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _store(target: str, settings: config.Backup) -> S3Store:
    from obstore.store import S3Store  # noqa: PLC0415 - an extra

    at, (key, secret) = urlsplit(target), _credentials(settings.s3_credentials_file)
    return S3Store(
        at.netloc,
        prefix=at.path.strip("/") or None,
        endpoint=settings.s3_endpoint or f"https://s3.{settings.s3_region}.amazonaws.com",
        region=settings.s3_region,
        access_key_id=key,
        secret_access_key=secret,
        client_options={
            "connect_timeout": CONNECT,
            "timeout": REQUEST,
            # In the clear only where the user wrote so; what is sent is sealed anyway.
            "allow_http": settings.s3_endpoint.startswith("http://"),
        },
        retry_config={"max_retries": RETRIES, "retry_timeout": REQUEST},
    )


def _credentials(written: str) -> tuple[str, str]:
    if not written:
        raise BackupError("backup-no-credentials")
    path, parser = Path(written).expanduser(), configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
        table = parser["default"]
        return table["aws_access_key_id"], table["aws_secret_access_key"]
    except (OSError, UnicodeDecodeError, configparser.Error, KeyError) as error:
        raise BackupError("backup-credentials", path=path) from error
