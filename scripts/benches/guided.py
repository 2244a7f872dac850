"""One case of `scripts/bench fuzz`, guided by coverage: `python -m benches.guided CASE SECONDS`; needs atheris.

It keeps what reaches new code and goes on from there. What makes a reader raise is printed, and ends it.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["digital_life"]):
    from benches import fuzz
    from benches.wrong import seeds

LONGEST = 65_536
"""Bytes of a message."""
MEMORY_MB = 4_096


def main() -> None:
    subject, seconds = fuzz.SUBJECTS[sys.argv[1]], int(sys.argv[2])
    logging.disable(logging.CRITICAL)

    def take(held: bytes) -> None:
        list(subject.take(held, Random(len(held))))  # noqa: S311 - to be repeated

    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds(subject.make)):
            (Path(corpus) / str(number)).write_bytes(seed)
        limits = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-rss_limit_mb={MEMORY_MB}", "-timeout=20"]
        atheris.Setup([sys.argv[0], *limits, "-artifact_prefix=/dev/null", "-verbosity=1", corpus], take)
        atheris.Fuzz()  # it ends the process


if __name__ == "__main__":
    main()
