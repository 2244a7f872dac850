"""Every topic: built, read, and documented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.devices import orders
from digital_life.devices.topics import Command, Row, Shown, Topics, name_of, table
from digital_life.values import Published

DOCS = Path(__file__).resolve().parents[3] / "docs" / "mqtt.md"
TOPICS = Topics("kitchen")


def line(row: Row) -> str:
    """As the table of docs/mqtt.md has it."""
    way, kept = "it tells" if row.told else "it listens", "yes" if row.retained else "no"
    example = f"`{row.example}`" if row.example else ""
    return f"| `{row.topic}` | {way} | {kept} | {row.form} | {example} |"


def test_docs_tell_every_topic_and_no_other() -> None:
    written = [each for each in DOCS.read_text(encoding="utf-8").splitlines() if each.startswith("| `")]
    assert written == [line(row) for row in table()]


def test_the_table_has_every_topic_that_is_built() -> None:
    of = Topics("<name>", "<prefix>")
    built = {
        getattr(of, name)
        for name, kind in vars(Topics).items()
        if isinstance(kind, property) and name not in ("base", "id", "commands", "retained", "announcements")
    }
    waiting = map(of.waiting, (Command.ASK, Command.SAY))
    others = {*of.announcements, *waiting, *map(of.of, Command), *map(of.shown, Shown)}
    assert built | others == {row.topic for row in table()}


def test_what_the_broker_keeps_is_told_so() -> None:
    of = Topics("<name>", "<prefix>")
    assert set(of.retained) == {row.topic for row in table() if row.retained and row.told}


@pytest.mark.parametrize("command", Command)
def test_a_command_is_read_from_its_topic(command: Command) -> None:
    assert TOPICS.command(TOPICS.of(command)) is command


@pytest.mark.parametrize(
    "topic",
    ["digital-life/kitchen/dance/set", "digital-life/attic/say/set", "digital-life/kitchen/say", "say/set", ""],
)
def test_other_topics_are_no_command(topic: str) -> None:
    assert TOPICS.command(topic) is None


def test_the_examples_of_commands_are_obeyed() -> None:
    examples = [row for row in table() if row.topic.endswith("/set")]
    assert len(examples) == len(Command)
    for row in examples:
        topic = row.topic.replace("<name>", TOPICS.name)
        read = orders.read(Published.text(topic, row.example), topics=TOPICS, personas=["Jarvis"])
        assert not isinstance(read, orders.Refusal), row


def test_the_examples_of_what_has_parts_are_json() -> None:
    for row in table():
        if row.example.startswith("{"):
            assert isinstance(json.loads(row.example), dict)


@pytest.mark.parametrize(
    ("machine", "name"),
    [("kitchen", "kitchen"), ("kitchen.lan", "kitchen"), ("Ada's Mac", "Ada-s-Mac"), ("厨房", "home"), ("", "home")],
)
def test_a_machine_has_a_name_that_fits_in_a_topic(machine: str, name: str) -> None:
    assert name_of(machine) == name


@given(st.text())
def test_no_name_of_a_machine_breaks_a_topic(machine: str) -> None:
    base = Topics(name_of(machine)).base
    assert base.count("/") == 1
    assert not set("+#\0 ") & set(base)
