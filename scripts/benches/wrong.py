"""Bytes made wrong on purpose: true ones with bits changed, values exchanged, cut short, or quite others."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

from benches import mutations


def wrong(*truths: Callable[[], bytes] | bytes) -> Callable[[Random], bytes]:
    """Makes true ones in one of ten, and else wrong ones."""

    def make(random: Random) -> bytes:
        held = true(random.choice(truths))
        kind = random.random()
        if kind < 0.1:
            return held
        if kind < 0.4:
            return flipped(held, random)
        return exchanged(held, random) if kind < 0.7 else mutations.garbled(held, random)

    make.truths = truths  # type: ignore[attr-defined] # for `seeds`
    return make


def seeds(make: Callable[[Random], bytes]) -> list[bytes]:
    """The true ones of which `wrong` makes wrong ones."""
    return [true(each) for each in getattr(make, "truths", ())]


def true(truth: Callable[[], bytes] | bytes) -> bytes:
    return truth if isinstance(truth, bytes) else truth()


def flipped(held: bytes, random: Random) -> bytes:
    """A few bytes changed, mostly in the head: what a reader believes first."""
    made = bytearray(held)
    for _ in range(random.randint(1, 6)):
        made[random.randrange(min(len(made), random.choice((64, len(made)))))] = random.choice((0, 1, 0x7F, 0x80, 0xFF))
    return bytes(made)


def exchanged(held: bytes, random: Random) -> bytes:
    """JSON with values that are wrong nearly everywhere; else what a value is in TOML, or a piece of bytes."""
    try:
        table = json.loads(held)
    except ValueError:
        return _inserted(held, random)
    return mutations.written(mutations.mutated(table if isinstance(table, dict) else {"": table}, [table], random))


INSERTED = (
    b"[" * mutations.DEEP, b"{a=" * mutations.DEEP, b"nan", b"1e999", b"9" * 400, b"-1", b'""', b"\xff\xfe", b"\0",
    b"2026-02-30", b"9999-12-31T23:59:59Z", b"true", b"[[1], {a = 1}]", "\U0001f600".encode(), b"\n\n[a]\n", b"= = ",
)  # fmt: skip


def _inserted(held: bytes, random: Random) -> bytes:
    """In the place of a value, where lines have values; else anywhere."""
    lines = [place + 1 for place, byte in enumerate(held) if byte == ord("=")]
    if not lines or random.random() < 0.3:
        place = random.randint(0, len(held))
        return held[:place] + random.choice(INSERTED) + held[place:]
    place = random.choice(lines)
    end = held.find(b"\n", place)
    return held[:place] + b" " + random.choice(INSERTED) + (held[end:] if end >= 0 else b"")
