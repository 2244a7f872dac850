"""`scripts/bench fuzz`: does anything that comes from the network or in a file make a parser raise, or hold it up?

A parser is a Subject: it makes a message from a random source, and takes it. Another is added to SUBJECTS, and its
module to benches/parsers.py, which lists every reader of bytes that others may have written.

`scripts/bench fuzz --guided 120` gives each case two minutes guided by coverage instead, where atheris is installed:
`.venv/bin/pip install atheris` (Apache-2.0; Linux on x86-64). `--case NAME` takes one case alone.
"""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from benches import foreign, mutations, report
from benches.figures import Figure
from benches.wrong import seeds
from digital_life.devices import discovery, kinds
from digital_life.devices.entity import Attribute, Capability, Condition, Entity, Kind, Value
from digital_life.errors import ToolError
from digital_life.values import Published

COUNT, QUICK = 100_000, 5_000
SLOWEST_MS = 250.0
"""Of work on one message, with all that comes of it; others may be at work on this machine too."""
SHOWN = 5
"""Of what went wrong."""
SHOWN_CHARACTERS = 2_000
TRUE = Path(__file__).resolve().parents[2] / "tests" / "data" / "announcements"
_WRONG = (
    *(True, False, 0, -1, 50, 1e9, float("nan"), float("inf"), "", "off", "\ud800"),
    *((0, 0, 0), (1, 2), (300, 0, 0)),
)
"""Of most attributes."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A parser of what comes from the network."""

    name: str
    make: Callable[[Random], Any]
    take: Callable[[Any, Random], Iterable[str]]
    """Does all that is done with a message; says what it came to, to be counted. Whatever it raises is a fault."""


@dataclass(slots=True)
class Tally:
    """What came of many messages."""

    messages: int = 0
    came: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    """The message and what was raised."""
    slowest_ms: float = 0.0
    slowest: str = ""
    seconds: float = 0.0


def run(subject: Subject, count: int, *, seed: int) -> Tally:
    """Take so many messages; the same for the same seed."""
    random, tally = Random(seed), Tally()  # noqa: S311 - to be repeated
    for _ in range(count):
        message = subject.make(random)
        began = time.thread_time()
        try:
            tally.came.update(subject.take(message, random))
        except Exception as error:  # noqa: BLE001 - what is sought
            tally.faults.append(f"{error!r}: {message!r}")
        ms = (time.thread_time() - began) * 1000
        tally.messages += 1
        tally.seconds += ms / 1000
        if ms > tally.slowest_ms:
            tally.slowest_ms, tally.slowest = ms, repr(message)[:200]
    return tally


def announcements() -> list[tuple[str, Any]]:
    """Topic and table of each that the tests know."""
    cases = (json.loads(file.read_text(encoding="utf-8")) for file in sorted(TRUE.glob("*.json")))
    return [(case["topic"], case["announced"]) for file in cases for case in file]


def announced(random: Random) -> tuple[str, bytes]:
    """A message on a topic of announcements."""
    topic, table = random.choice(_KNOWN)
    kind = random.random()
    if kind < 0.1:
        return topic, mutations.garbled(mutations.written(table), random)
    if kind < 0.2:
        return topic, mutations.written(mutations.made_up(random))
    if random.random() < 0.15:
        topic = f"homeassistant/{random.choice([*Kind, 'device'])}/x/config"
    return topic, mutations.written(mutations.mutated(table, _TABLES, random))


def live(message: tuple[str, bytes], random: Random) -> Iterator[str]:
    """Read it, let each device tell something, and command it in every way."""
    found = discovery.read(*message)
    if found is None:
        raise AssertionError("it is an announcement's topic")
    yield "refused" if found.refused else "usable" if found.entities else "nothing"
    for entity in found.entities:
        yield "entities"
        known: Condition = {}
        for topic in entity.topics:
            for _ in range(2):
                known = kinds.decode(entity, known, Published(topic, _state(entity, random)))
                yield "states told"
        kinds.available(entity, {topic: _state(entity, random) for topic in entity.topics})
        yield from _commanded(entity, known)


def _state(entity: Entity, random: Random) -> bytes:
    """A message of a device: what its announcement makes likely, or anything."""
    if random.random() < 0.2:
        return mutations.garbled(b'{"state": "ON"}', random)
    words = [each for each in entity.spec.values() if isinstance(each, str)]
    value = random.choice((*mutations.NASTY, *words, random.randint(-9, 300), mutations.made_up(random, depth=2)))
    if random.random() < 0.3:
        return value.encode(errors="replace") if isinstance(value, str) else mutations.written(value)
    keys = ("state", "position", "brightness", "color", "color_temp", "color_mode", "effect", "value", *_named(entity))
    return mutations.written({random.choice(keys): value, random.choice(keys): random.choice(mutations.NASTY)})


def _named(entity: Entity) -> Iterator[str]:
    """What its templates look for."""
    for key, value in entity.spec.items():
        if key.endswith("template") and isinstance(value, str):
            yield from (each.strip("'\"[]") for each in value.replace("value_json", " ").replace(".", " ").split()[1:3])


def _commanded(entity: Entity, known: Condition) -> Iterator[str]:
    for name, capability in entity.capabilities.items():
        for value in _extremes(name, capability):
            try:
                sent = kinds.encode(entity, {name: value}, known)
            except ToolError:
                yield "commands refused"
                continue
            yield "commands made"
            if any(set(each.topic) & set("+#\0") or not each.topic or each.qos not in (0, 1) for each in sent):
                raise AssertionError(f"{sent} cannot be published")


def _extremes(name: Attribute, capability: Capability) -> Iterator[Value]:
    yield from (each for each in (capability.low, capability.high) if each is not None)
    yield from capability.options[:1] + capability.options[-1:]
    yield from _WRONG  # type: ignore[misc]  # wrong on purpose
    if name is Attribute.COLOUR:
        yield from ((0, 0, 0), (255, 255, 255))


_KNOWN = announcements()
_TABLES = [table for _topic, table in _KNOWN]
SUBJECTS = {
    each.name: each
    for each in (
        Subject("announcements", announced, live),
        *(Subject(name, make, take) for name, (make, take) in foreign.READERS.items()),
    )
}


def figures(name: str, tally: Tally) -> list[Figure]:
    counted = ", ".join(f"{what} {count:,}" for what, count in sorted(tally.came.items()))
    return [
        Figure(f"{name}: messages", tally.messages, "", note=counted),
        Figure(f"{name}: raised", len(tally.faults), "", budget=0),
        Figure(f"{name}: slowest", tally.slowest_ms, "ms", budget=SLOWEST_MS, note=tally.slowest[:60]),
        Figure(f"{name}: a second", tally.messages / max(tally.seconds, 1e-9), "messages"),
    ]


def guided(names: Iterable[str], seconds: int) -> int:
    """Each for so long in a process of its own, which atheris ends; the status is 1 where one found something."""
    try:
        importlib.import_module("atheris")
    except ImportError:
        print("fuzz: --guided needs atheris; type .venv/bin/pip install atheris", file=sys.stderr)
        return 2
    found = []
    for name in names:
        command = [sys.executable, "-m", "benches.guided", name, str(seconds)]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        runs = re.search(r"Done (\d+) runs", done.stderr)
        print(f"{name}: {runs[1] if runs else 'ended'} runs, status {done.returncode}", flush=True)
        if done.returncode:
            found.append(name)
            print(done.stdout[-SHOWN_CHARACTERS:], done.stderr[-SHOWN_CHARACTERS:], file=sys.stderr, flush=True)
    return int(bool(found))


def main() -> int:
    options = report.parser("fuzz")
    options.add_argument("--guided", type=int, default=0, metavar="SECONDS", help="of each case, guided by coverage")
    options.add_argument("--case", action="append", choices=SUBJECTS, help="this alone; may be given again")
    options.add_argument("--count", type=int, default=0, help="messages to each parser")
    options.add_argument("--seed", type=int, default=1, help="other messages")
    chosen = options.parse_args()
    names = chosen.case or list(SUBJECTS)
    if chosen.guided:
        return guided((name for name in names if seeds(SUBJECTS[name].make)), chosen.guided)
    count = chosen.count or (QUICK if chosen.quick else COUNT)
    tallies = {name: run(subject, count, seed=chosen.seed) for name, subject in SUBJECTS.items() if name in names}
    found = [figure for name, tally in tallies.items() for figure in figures(name, tally)]
    report.show(found, title="fuzz", as_json=chosen.json)
    faults = [f"{name}: {fault}" for name, tally in tallies.items() for fault in tally.faults[:SHOWN]]
    print("\n".join(faults), end="\n" if faults else "", file=sys.stderr)
    return int(bool(faults) or (chosen.check and not all(figure.within for figure in found)))


if __name__ == "__main__":
    sys.exit(main())
