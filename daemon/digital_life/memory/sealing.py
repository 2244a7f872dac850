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
REFUSED = "Decryption failed"
"""What the library says of a wrong pass phrase; it has one error for everything."""


class WrongPassphraseError(ValueError):
    """It does not open with this one."""


class DamagedError(ValueError):
    """It is no age file, or not all of one."""


def seal(content: bytes, passphrase: str) -> bytes:
    """Blocking, a second or more."""
    return _run("seal", content, passphrase)


def unseal(sealed: bytes, passphrase: str) -> bytes:
    """Blocking, a second or more. Raises WrongPassphraseError, DamagedError."""
    return _run("unseal", sealed, passphrase)


def _run(what: str, content: bytes, passphrase: str) -> bytes:
    secret = passphrase.encode()
    asked = len(secret).to_bytes(LENGTH) + secret + content
    done = subprocess.run([sys.executable, "-P", __file__, what], input=asked, capture_output=True, check=False)
    if done.returncode == WRONG:
        raise WrongPassphraseError
    if done.returncode == DAMAGED:
        raise DamagedError
    done.check_returncode()
    return done.stdout


def main(what: str) -> int:
    """Reads the pass phrase and the bytes, writes the other bytes."""
    secret = sys.stdin.buffer.read(int.from_bytes(sys.stdin.buffer.read(LENGTH))).decode()
    content = sys.stdin.buffer.read()
    try:
        made = (
            pyrage.passphrase.encrypt(content, secret) if what == "seal" else pyrage.passphrase.decrypt(content, secret)
        )
    except pyrage.DecryptError as error:
        return WRONG if str(error) == REFUSED else DAMAGED
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
