"""Who may import whom: the direction in docs/architecture.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import digital_life

PACKAGE = Path(digital_life.__file__).parent
FEATURES = {
    "hearing",
    "talking",
    "memory",
    "training",
    "tools",
    "agenda",
    "care",
    "devices",
    "display",
    "people",
    "web",
    "wyoming",
    "rooms",
}
FOUNDATION = {
    "values",
    "belonging",
    "errors",
    "words",
    "config",
    "ports",
    "worker",
    "broadcast",
    "tool",
    "numerals",
    "kernel",
    "wire",
    "secretfile",
    "binding",
    "malformed",
    "seal",
}
PURE = (
    "agenda/days.py",
    "agenda/entries.py",
    "agenda/grammar.py",
    "agenda/guesses.py",
    "agenda/lengths.py",
    "agenda/meaning.py",
    "agenda/meant.py",
    "agenda/proactive.py",
    "agenda/repeats.py",
    "agenda/requests.py",
    "agenda/ringing.py",
    "agenda/rules.py",
    "agenda/saying.py",
    "agenda/telling.py",
    "agenda/when.py",
    "agenda/written.py",
    "backends/allowance.py",
    "backends/backoff.py",
    "backends/inflow.py",
    "avatars.py",
    "backends/filterbank.py",
    "belonging.py",
    "backends/lookup.py",
    "backends/network.py",
    "backends/outbox.py",
    "backends/paced.py",
    "backends/satellite_stream.py",
    "backends/outflow.py",
    "backends/subscriptions.py",
    "devices/abbreviations.py",
    "devices/companion.py",
    "devices/confirming.py",
    "devices/discovery.py",
    "devices/entity.py",
    "devices/home.py",
    "devices/kinds/*.py",
    "devices/spoken/*.py",
    "devices/orders.py",
    "devices/templates.py",
    "devices/topics.py",
    "devices/typed.py",
    "display/acting.py",
    "display/messages.py",
    "display/mouth.py",
    "care/helplines.py",
    "care/signs.py",
    "memory/answers.py",
    "memory/anchors.py",
    "memory/coming.py",
    "memory/concepts.py",
    "memory/dates.py",
    "memory/diary.py",
    "memory/differences.py",
    "memory/fading.py",
    "memory/facts.py",
    "memory/foreign.py",
    "memory/harder.py",
    "memory/homefiles.py",
    "memory/forgetting.py",
    "memory/lasting.py",
    "memory/explaining.py",
    "memory/graph.py",
    "memory/many.py",
    "memory/names.py",
    "memory/occasions.py",
    "memory/pages.py",
    "memory/policies/*.py",
    "memory/premises.py",
    "memory/ranking.py",
    "memory/reasons.py",
    "memory/recall.py",
    "memory/records.py",
    "memory/rotation.py",
    "memory/sentences.py",
    "memory/spreading.py",
    "memory/terms.py",
    "backends/completion.py",
    "backends/thoughts.py",
    "hearing/gate.py",
    "hearing/overhearing.py",
    "hearing/ownvoice.py",
    "hearing/segmenter.py",
    "hearing/wake.py",
    "people/enrolling.py",
    "people/meant.py",
    "people/voices.py",
    "talking/addressed.py",
    "talking/answers.py",
    "talking/introduction.py",
    "talking/names.py",
    "talking/calls.py",
    "talking/claims.py",
    "talking/cast.py",
    "talking/cut.py",
    "talking/commands.py",
    "talking/dialogue.py",
    "talking/echoed.py",
    "talking/endpoint.py",
    "talking/mood.py",
    "talking/moving.py",
    "talking/nonsense.py",
    "talking/patience.py",
    "talking/prompt.py",
    "talking/queue.py",
    "talking/quiet.py",
    "talking/requests.py",
    "talking/sentences.py",
    "talking/spoken/*.py",
    "tools/asked.py",
    "tools/days.py",
    "tools/grammar.py",
    "care/resemblance.py",
    "finding.py",
    "kernel.py",
    "keys.py",
    "tools/choosing.py",
    "tool.py",
    "training/*.py",
    "numerals.py",
    "pace.py",
    "profile.py",
    "rooms/first.py",
    "rooms/measured.py",
    "rooms/offered.py",
    "rooms/whereabouts.py",
    "views/now/turns.py",
    "units/*.py",
    "vitals.py",
    "wakings.py",
    "web/course.py",
    "web/holding.py",
    "web/access.py",
    "web/bucket.py",
    "web/headers.py",
    "web/languages.py",
    "web/limits.py",
    "web/outbox.py",
    "web/resource.py",
    "web/routes.py",
    "web/sessions.py",
    "web/site.py",
    "backends/belief.py",
    "wire/events.py",
    "wire/sound.py",
    "wyoming/info.py",
    "wyoming/requests.py",
)
ROOTS = {
    "acquaintance.py",
    "app.py",
    "backups.py",
    "beginning.py",
    "caring.py",
    "homecheck.py",
    "household.py",
    "machinecheck.py",
    "measuring.py",
    "mind.py",
    "personas.py",
    "offering.py",
    "window.py",
    "conversing.py",
    "examination.py",
    "rooming.py",
}
IMPURE = {"asyncio", "threading", "time", "sqlite3", "socket", "subprocess"}

MAP = (PACKAGE.parents[1] / "docs" / "architecture.md").read_text(encoding="utf-8").split("```")[1]
"""Where everything is."""
SAID_AS_ONE = {"commands", "kinds", "policies", "spoken", "now"}
"""Folders with a module for each command, kind of device, way of remembering, language or part of a page."""


def imports(source: Path) -> Iterator[str]:
    """Every module that `source` names, also within functions."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{each.name}" for each in node.names)


def own(source: Path) -> set[str]:
    """The parts of the package that `source` imports."""
    return {name.split(".")[1] for name in imports(source) if name.startswith("digital_life.")}


def sources(pattern: str) -> list[Path]:
    found = sorted(PACKAGE.glob(pattern))
    assert found, f"nothing matches {pattern}"
    return found


def test_features_know_neither_each_other_nor_a_backend() -> None:
    for feature in FEATURES:
        for source in sources(f"{feature}/**/*.py"):
            assert own(source) <= FOUNDATION | {feature}, source


def test_backends_know_no_feature() -> None:
    for source in sources("backends/*.py"):
        assert not own(source) & (FEATURES | {"app", "cli", "commands"}), source


def test_what_decides_is_pure() -> None:
    for pattern in PURE:
        for source in sources(pattern):
            assert not {name.split(".")[0] for name in imports(source)} & IMPURE, source


def test_only_the_composition_root_knows_both_features_and_backends() -> None:
    for source in sources("*.py"):
        if own(source) & FEATURES and own(source) & {"backends"}:
            assert source.name in ROOTS, source


def test_values_and_ports_depend_on_nothing_above_them() -> None:
    assert own(PACKAGE / "values.py") == set()
    assert own(PACKAGE / "ports.py") <= {"values", "tool"}


def test_every_module_stands_on_the_map() -> None:
    named = set(re.findall(r"\w+", MAP))
    for source in sources("**/*.py"):
        if source.parent.name not in SAID_AS_ONE and not source.stem.startswith("__"):
            assert source.stem in named, f"docs/architecture.md does not tell where {source} is"
