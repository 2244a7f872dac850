"""Bytes that only a pass phrase opens, as an age file.

The key is made slowly on purpose, and the library holds the whole interpreter meanwhile: so it is done in a process
of its own.
"""

from __future__ import annotations

import subprocess
import sys

import pyrage

LENGTH = 4
"""Bytes before the pass phrase that tell how long it is."""
WRONG = 3
"""Exit status: it does not open with this pass phrase."""
DAMAGED = 4
"""Exit status: it is no age file, or not all of one."""
SLOW = 5
"""Exit status: this machine would take too long to make the key."""
REFUSED, EXCESSIVE = "Decryption failed", "Excessive work"
"""What the library says of a wrong pass phrase, and of a key that takes too long; it has one error for everything."""
TRIES = 50
"""Before each it measures for 2 ms how fast the machine is, and finds a busy one 32 times too slow once in 500 times
(eight others at two cores). To measure once more costs nothing."""


class WrongPassphraseError(ValueError):
    """It does not open with this one."""


class SlowError(ValueError):
    """The key would take this machine too long."""


class DamagedError(ValueError):
    """It is no age file, or not all of one."""


def seal(content: bytes, passphrase: str) -> bytes:
    """Blocking, a second or more."""
    return _run("seal", content, passphrase)


def unseal(sealed: bytes, passphrase: str) -> bytes:
    """Blocking, a second or more. Raises WrongPassphraseError, DamagedError, SlowError."""
    return _run("unseal", sealed, passphrase)


def _run(what: str, content: bytes, passphrase: str) -> bytes:
    secret = passphrase.encode()
    asked = len(secret).to_bytes(LENGTH) + secret + content
    done = subprocess.run([sys.executable, "-P", __file__, what], input=asked, capture_output=True, check=False)
    if done.returncode == WRONG:
        raise WrongPassphraseError
    if done.returncode == DAMAGED:
        raise DamagedError
    if done.returncode == SLOW:
        raise SlowError
    done.check_returncode()
    return done.stdout


def _decrypted(content: bytes, secret: str) -> bytes:
    for left in reversed(range(TRIES)):
        try:
            return bytes(pyrage.passphrase.decrypt(content, secret))
        except pyrage.DecryptError as error:
            if not left or not str(error).startswith(EXCESSIVE):
                raise
    raise AssertionError(TRIES)


def _status(said: str) -> int:
    if said.startswith(EXCESSIVE):
        return SLOW
    return WRONG if said == REFUSED else DAMAGED


def main(what: str) -> int:
    """Reads the pass phrase and the bytes, writes the other bytes."""
    secret = sys.stdin.buffer.read(int.from_bytes(sys.stdin.buffer.read(LENGTH))).decode()
    content = sys.stdin.buffer.read()
    try:
        made = pyrage.passphrase.encrypt(content, secret) if what == "seal" else _decrypted(content, secret)
    except pyrage.DecryptError as error:
        return _status(str(error))
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
