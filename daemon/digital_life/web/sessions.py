"""Who has logged in, and for how long."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from typing import Final

import msgspec

DAYS: Final = 30
LASTS_S: Final = DAYS * 86_400
"""From when it was last used."""
RENEWED_S: Final = 86_400
"""A session that is used is made to last longer once a day: more often would only write files."""
MOST: Final = 64
"""Browsers that are logged in at once; one more, and the one that was away longest is logged out."""


class Session(msgspec.Struct, frozen=True):
    digest: str
    """Of its name; the name itself is known to the browser alone."""
    mark: str
    """Of the token and password at the time."""
    until: float
    """Unix seconds."""


class Sessions:
    def __init__(self, kept: Iterable[Session] = ()) -> None:
        self._of = {each.digest: each for each in kept}

    @property
    def all(self) -> tuple[Session, ...]:
        return tuple(self._of.values())

    def begin(self, *, mark: str, now: float) -> str:
        """The name of a new session, which nobody can guess."""
        name = secrets.token_urlsafe(32)
        self._put(Session(digest_of(name), mark, now + LASTS_S))
        self._of = {each.digest: each for each in self.all if each.until > now}
        while len(self._of) > MOST:
            del self._of[min(self.all, key=lambda each: each.until).digest]
        return name

    def is_open(self, name: str, *, mark: str, now: float) -> bool:
        """Whether such a session was begun, is not over, and the token and password are still those of then."""
        session = self._of.get(digest_of(name))
        return session is not None and session.until > now and session.mark == mark

    def use(self, name: str, *, now: float) -> bool:
        """Whether it lasts longer from now on, so that the browser and the file need to know."""
        session = self._of.get(digest_of(name))
        if session is None or session.until - now > LASTS_S - RENEWED_S:
            return False
        self._put(Session(session.digest, session.mark, now + LASTS_S))
        return True

    def end(self, name: str) -> None:
        self._of.pop(digest_of(name), None)

    def _put(self, session: Session) -> None:
        self._of[session.digest] = session


def digest_of(name: str) -> str:
    return hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()
