"""What lets somebody in: the password of the user's file, and a token in the home folder."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from digital_life.errors import WebError
from digital_life.secretfile import path_of

TOKEN_FILE: Final = "web-token"  # noqa: S105 - its name


class Credentials:
    """Read anew each time: they may be changed meanwhile. Blocking, but the files are tiny."""

    def __init__(self, home: Path, *, password_file: str = "") -> None:
        self._token_file = home / TOKEN_FILE
        self._password_file = path_of(password_file) if password_file else None

    @property
    def has_password(self) -> bool:
        return self._password_file is not None

    def check(self) -> None:
        """Raise WebError where the password cannot be read, or is empty."""
        if self._password_file is None:
            return
        try:
            if not _content(self._password_file):
                raise WebError("web-password-empty", path=self._password_file)
        except (OSError, UnicodeDecodeError) as error:
            raise WebError("web-password-unreadable", path=self._password_file) from error

    def token(self) -> str:
        """Made at the first need. Raises WebError."""
        return self._kept_token() or self.renew()

    def renew(self) -> str:
        """Make another token; nobody who is logged in stays so. Raises WebError."""
        token = secrets.token_urlsafe(32)
        part = self._token_file.with_name(f"{TOKEN_FILE}.part")
        try:
            self._token_file.parent.mkdir(parents=True, exist_ok=True)
            part.unlink(missing_ok=True)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
                file.write(f"{token}\n")
            part.replace(self._token_file)
        except OSError as error:
            raise WebError("web-token", path=self._token_file, cause=error.strerror or error) from error
        return token

    def is_token(self, shown: str) -> bool:
        return _equal(shown, self._kept_token())

    def is_password(self, shown: str) -> bool:
        return _equal(shown, self._password())

    def mark(self) -> str:
        """Another when the token or the password is another; tells neither."""
        return hmac.new(self._kept_token().encode(), self._password().encode(), hashlib.sha256).hexdigest()

    def _kept_token(self) -> str:
        try:
            return _content(self._token_file)
        except (OSError, UnicodeDecodeError):
            return ""

    def _password(self) -> str:
        try:
            return _content(self._password_file) if self._password_file else ""
        except (OSError, UnicodeDecodeError):
            return ""


def _content(path: Path) -> str:
    return path.read_text(encoding="utf-8").rstrip("\r\n")


def _equal(shown: str, wanted: str) -> bool:
    """In a time that tells nothing of either. Nothing equals what is not there."""
    same = hmac.compare_digest(_digest(shown), _digest(wanted))
    return same and bool(wanted)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()
