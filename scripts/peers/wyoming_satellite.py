#!/usr/bin/env python3
"""A real wyoming-satellite, as a peer of the tests and to try things with.

    scripts/peers/wyoming_satellite.py install     once; it prints the folder in whose bin/python it is

There `bin/python -m wyoming_satellite --uri tcp://127.0.0.1:10700 --no-zeroconf` starts it, with for example
--mic-command 'arecord -q -r 16000 -c 1 -f S16_LE -t raw' and --snd-command 'aplay -q -r 22050 -c 1 -f S16_LE -t raw'.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

VERSION = "1.0.0"
"""The only one that can be had as a package."""
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "digital-life"
PLACE = CACHE / "peers" / f"wyoming-satellite-{VERSION}"


def main() -> None:
    if sys.argv[1:] != ["install"]:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    print(install())


def install() -> Path:
    """The folder that holds it; what is there already is left alone, what was cut short is made again."""
    PLACE.parent.mkdir(parents=True, exist_ok=True)
    with (PLACE.parent / "wyoming-satellite.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two that install it at once would spoil it
        whole = PLACE / "whole"
        if whole.exists() and (PLACE / "bin" / "python").exists():
            return PLACE
        shutil.rmtree(PLACE, ignore_errors=True)
        run(sys.executable, "-m", "venv", PLACE)
        run(PLACE / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", f"wyoming-satellite=={VERSION}")
        whole.touch()
    return PLACE


def run(*command: str | Path) -> None:
    done = subprocess.run(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        print(f"`{' '.join(map(str, command[:4]))} …` failed:\n{done.stdout[-2000:]}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
