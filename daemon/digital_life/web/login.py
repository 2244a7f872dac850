"""Logging in: what is shown, what the browser keeps, and what is kept of it here."""

from __future__ import annotations

import logging
import math
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
from aiohttp import web

from digital_life.errors import RequestError
from digital_life.malformed import WRITTEN
from digital_life.web.credentials import Credentials
from digital_life.web.limits import LoginLimits
from digital_life.web.sessions import LASTS_S, Session, Sessions

log = logging.getLogger(__name__)

COOKIE: Final = "digital-life"
SESSIONS_FILE: Final = "web-sessions.json"
"""So that a restart logs nobody out."""
LONGEST: Final = 1000
"""Characters of a password."""


class Logins:
    def __init__(
        self, home: Path, credentials: Credentials, *, secure: bool, now: Callable[[], float] = time.time
    ) -> None:
        self._file = home / SESSIONS_FILE
        self._credentials = credentials
        self._secure = secure
        self._now = now
        """Unix seconds."""
        self._limits = LoginLimits()
        self._sessions = Sessions(_kept(self._file))

    def session(self, request: web.BaseRequest) -> str | None:
        """The name of the session by which the browser is logged in; None where it is not."""
        name = request.cookies.get(COOKIE)
        return name if name and self.is_open(name) else None

    def is_open(self, name: str) -> bool:
        """Whether the session still lets in."""
        return self._sessions.is_open(name, mark=self._credentials.mark(), now=self._now())

    def by_token(self, shown: str | None, *, peer: str) -> bool:
        """Whether a program shows the token. Raises RequestError for a wrong one."""
        if shown is None:
            return False
        if self._credentials.is_token(shown):
            return True
        self._take(peer)
        raise RequestError("web-token-wrong", status=401)

    def begin(self, secret: str, *, peer: str) -> str:
        """The name of a new session for who knows the password or the token. Raises RequestError."""
        # The token is never refused for the guesses of others: it cannot be guessed.
        if not self._credentials.is_token(secret):
            self._take(peer)
            if len(secret) > LONGEST or not self._credentials.is_password(secret):
                log.warning("a log-in of %s was refused", peer)
                raise RequestError("web-secret-wrong", status=403)
            self._limits.succeeded(peer, now=time.monotonic())
        name = self._sessions.begin(mark=self._credentials.mark(), now=self._now())
        self._write()
        log.info("%s has logged in", peer)
        return name

    def end(self, name: str) -> None:
        self._sessions.end(name)
        self._write()

    def keep(self, response: web.StreamResponse, name: str) -> None:
        """Have the browser keep it, and show it to nobody else."""
        response.set_cookie(
            COOKIE, name, max_age=LASTS_S, path="/", httponly=True, secure=self._secure, samesite="Strict"
        )

    def renew(self, response: web.StreamResponse, name: str) -> None:
        """It was used: it lasts longer."""
        if not response.prepared and self._sessions.use(name, now=self._now()):
            self._write()
            self.keep(response, name)

    def drop(self, response: web.StreamResponse) -> None:
        response.del_cookie(COOKIE, path="/", httponly=True, secure=self._secure, samesite="Strict")

    def _take(self, peer: str) -> None:
        wait_s = self._limits.take(peer, now=time.monotonic())
        if wait_s:
            raise RequestError("web-too-often", status=429, seconds=math.ceil(wait_s))

    def _write(self) -> None:
        part = self._file.with_name(f"{SESSIONS_FILE}.part")
        try:
            part.unlink(missing_ok=True)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(msgspec.json.encode(self._sessions.all))
            part.replace(self._file)
        except OSError as error:
            log.warning("who has logged in is forgotten at the next start: %s", error)


def _kept(file: Path) -> tuple[Session, ...]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=tuple[Session, ...])
    except FileNotFoundError:
        return ()
    except (OSError, *WRITTEN) as error:
        log.warning("everybody needs to log in again: %s", error)
        return ()
