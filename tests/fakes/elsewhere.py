"""Another machine, as far as the network can tell: a namespace of the kernel on a cable that can be pulled."""

from __future__ import annotations

import os
import subprocess
from typing import Self


class Elsewhere:
    """From `with` on it is at `host`. Raises OSError where the kernel, or who tests, may not have it."""

    def __init__(self) -> None:
        number = os.getpid() % 250
        self._name = f"elsewhere{number}"
        self._here, self._there = f"here{number}", f"there{number}"
        self.host = f"10.251.{number}.2"
        self._gateway = f"10.251.{number}.1"

    @property
    def prefix(self) -> tuple[str, ...]:
        """What a program is run by, to run there."""
        return ("ip", "netns", "exec", self._name)

    def __enter__(self) -> Self:
        try:
            _ip("netns", "add", self._name)
            _ip("link", "add", self._here, "type", "veth", "peer", "name", self._there, "netns", self._name)
            _ip("addr", "add", f"{self._gateway}/24", "dev", self._here)
            _ip("link", "set", self._here, "up")
            _ip("-n", self._name, "addr", "add", f"{self.host}/24", "dev", self._there)
            _ip("-n", self._name, "link", "set", self._there, "up")
        except OSError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exc: object) -> None:
        subprocess.run(["ip", "link", "del", self._here], check=False, capture_output=True)
        subprocess.run(["ip", "netns", "del", self._name], check=False, capture_output=True)

    def pull(self) -> None:
        """Its end of the cable: nobody is told, packets are lost."""
        _ip("-n", self._name, "link", "set", self._there, "down")

    def plug(self) -> None:
        _ip("-n", self._name, "link", "set", self._there, "up")


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], check=False, capture_output=True, text=True)
    if done.returncode:
        raise OSError(done.stderr.strip())
