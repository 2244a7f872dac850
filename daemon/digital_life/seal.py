"""The key of a sealed life: shut with it, what is kept can be read by nobody else."""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass, field
from pathlib import Path

import pyrage

from digital_life.errors import MemoryFileError
from digital_life.secretfile import CREDENTIAL, path_of

AGE = b"age-encryption.org/"
"""What everything that is shut begins with: it is an age file, which other programs can open with the key too."""
FORM = "AGE-SECRET-KEY-1"
"""What a key begins with, as `age-keygen` writes it; it tells by itself whether it was copied from paper rightly."""
PRIVATE = 0o600
NOT_THIS = "No matching keys found"
"""What the library says of another key; it has one error for everything."""


class DamagedError(ValueError):
    """It was shut with this key, and is not as it was."""


@dataclass(frozen=True, slots=True)
class Seal:
    """One key."""

    path: Path
    """Where it was read."""
    secret: str = field(repr=False)

    def shut(self, content: bytes) -> bytes:
        return bytes(pyrage.encrypt(content, [self._identity.to_public()]))

    def open(self, content: bytes, path: Path) -> bytes:
        """`path`: where it lay. Raises MemoryFileError where another key shut it, DamagedError."""
        try:
            return bytes(pyrage.decrypt(content, [self._identity]))
        except pyrage.DecryptError as error:
            if str(error).startswith(NOT_THIS):
                raise MemoryFileError("life-key-wrong", path=path, file=self.path) from error
            raise DamagedError(str(path)) from error

    def derived(self, purpose: bytes) -> bytes:
        """32 bytes for one purpose, from which neither the key nor those of another purpose can be told."""
        return hmac.digest(self.secret.encode(), purpose, "sha256")

    @property
    def _identity(self) -> pyrage.x25519.Identity:
        return pyrage.x25519.Identity.from_str(self.secret)


def read(written: str) -> Seal | None:
    """That of the file that a setting names; None: it names none, and nothing is sealed. Raises MemoryFileError."""
    return read_file(path_of(written)) if written else None


def read_file(path: Path) -> Seal:
    """Raises MemoryFileError."""
    try:
        lines = path.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise MemoryFileError("key-unreadable", path=path) from error
    found = [each.upper() for each in lines if each.upper().startswith(FORM)]
    try:
        (secret,) = found
        pyrage.x25519.Identity.from_str(secret)
    except (ValueError, pyrage.IdentityError) as error:
        raise MemoryFileError("key-none", path=path) from error
    return Seal(path, secret)


def made(path: Path) -> Seal:
    """A new key, for its owner alone; it survives the loss of power when this returns. Raises MemoryFileError."""
    secret = str(pyrage.x25519.Identity.generate())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{secret}\n")
            file.flush()
            os.fsync(handle)
        sync(path.parent)
    except OSError as error:
        raise MemoryFileError("key-unwritable", path=path, cause=error) from error
    return Seal(path, secret)


def is_made_elsewhere(written: str) -> bool:
    """Whether systemd hands the key over: nobody here can write it."""
    return written.startswith(CREDENTIAL)


def is_shut(content: bytes) -> bool:
    return content.startswith(AGE)


def shut(content: bytes, seal: Seal | None) -> bytes:
    """As it is kept; None: as it is."""
    return seal.shut(content) if seal else content


def opened(content: bytes, seal: Seal | None, path: Path) -> bytes:
    """What was kept at `path`, shut or not. Raises MemoryFileError without the right key, DamagedError."""
    if not is_shut(content):
        return content
    if seal is None:
        raise MemoryFileError("life-sealed", path=path)
    return seal.open(content, path)


def sync(folder: Path) -> None:
    """The names in it survive the loss of power when this returns. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
