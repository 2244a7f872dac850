"""Every setting as a value: described from the classes, and what is wrong with a value told."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from digital_life import config, keys, words
from digital_life.values import Language

ALL = {each.name: each for each in keys.described()}
JSON = some.recursive(
    some.none() | some.booleans() | some.integers(-10, 10**6) | some.floats(allow_nan=False) | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def leaves(table: dict[str, Any], prefix: str = "") -> set[str]:
    found = set()
    for name, value in table.items():
        found |= leaves(value, f"{prefix}{name}.") if isinstance(value, dict) and value else {prefix + name}
    return found


def test_every_setting_is_described_with_its_default() -> None:
    defaults = config.to_table(config.Settings())
    assert ALL.keys() == leaves(defaults)
    for name, key in ALL.items():
        assert key.default == keys.of(defaults, key), name


def test_kinds_bounds_and_choices_are_those_of_the_classes() -> None:
    assert ALL["web.port"] == keys.Key("web.port", keys.Kind.WHOLE, 8710, minimum=0, maximum=65535)
    assert ALL["llm.stall_s"].above
    assert ALL["llm.stall_s"].unit == "s"
    assert ALL["conversation.quiet_hours"].kind is keys.Kind.HOURS
    assert ALL["audio.echo_cancellation"].choices == (True, "system", False)
    assert ALL["audio.input"].kind is keys.Kind.DEVICE
    assert ALL["models.voices"].choices == ("en", "zh")
    assert [each.name for each in ALL["wake.words"].fields] == ["model", "threshold", "frames", "sure", "phrase"]


@pytest.mark.parametrize(
    ("name", "value", "why", "at"),
    [
        ("hearing.pause_ms", -1, "least", ()),
        ("hearing.pause_ms", 1.5, "whole", ()),
        ("hearing.pause_ms", "", "number", ()),
        ("hearing.longest_s", 0, "above", ()),
        ("conversation.quiet_volume", 1.2, "most", ()),
        ("conversation.quiet_volume", True, "number", ()),
        ("conversation.quiet_hours", "22-7", "hours", ()),
        ("conversation.languages", ["fr"], "choice", (0,)),
        ("conversation.languages", [], "few", ()),
        ("persona.name", "", "empty", ()),
        ("audio.echo_cancellation", "loud", "choice", ()),
        ("llm.server.address", "brain:8080", "address", ()),
        ("care.contact", "Eve", "contact", ()),
        ("mqtt.name", "my room", "characters", ()),
        ("models.voices", {"fr": "x"}, "choice", ()),
        ("tools.read.folders", [3], "form", (0,)),
        ("wake.words", [], "few", ()),
        ("wake.words", [{"model": "x"}, {"model": "y", "threshold": 3}], "most", (1, "threshold")),
        ("wake.words", [{}], "missing", (0, "model")),
        ("personas", [{"name": "Ada", "life": "../x"}], "folder", (0, "life")),
    ],
)
def test_what_is_wrong_is_told_where_it_is(name: str, value: object, why: str, at: tuple[object, ...]) -> None:
    found = keys.fault(ALL[name], value)
    assert found is not None
    assert (found.why, found.at) == (why, at)


@given(name=some.sampled_from(sorted(ALL)), value=JSON)
def test_a_value_is_right_exactly_when_the_settings_take_it_and_every_fault_has_its_sentence(
    name: str, value: object
) -> None:
    key, table = ALL[name], value
    for step in reversed(key.path):
        table = {step: table}
    found = keys.fault(key, value)
    try:
        msgspec.convert(table, config.Settings)
    except msgspec.ValidationError:
        assert found is not None
        for language in words.LANGUAGES:
            assert words.load(language).text(f"console.settings.faults.{found.why}", **found.values)
    else:
        assert found is None
        assert keys.fault(key, keys.canonical(key, value)) is None


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_setting_has_a_name_and_a_sentence(language: Language) -> None:
    text = words.load(language).text
    names = [f"settings.{each}" for each in ALL]
    names += [f"settings.fields.{key.name}.{each.name}" for key in ALL.values() for each in key.fields]
    for name in names:
        assert 1 <= len(text(f"{name}.label")) <= 32, name
        assert text(f"{name}.help").endswith((".", "。")), name
    for section in {name.rpartition(".")[0] for name in ALL} - {""}:
        assert text(f"settings.{section}.title")
        assert text(f"settings.{section}.about").endswith((".", "。")), section


def test_no_words_are_left_of_a_setting_that_is_gone() -> None:
    def labelled(table: dict[str, Any], prefix: str = "") -> set[str]:
        if isinstance(table.get("label"), str):
            return {prefix}
        return {
            found
            for name, inner in table.items()
            if isinstance(inner, dict) and not (not prefix and name == "fields")
            for found in labelled(inner, f"{prefix}.{name}".lstrip("."))
        }

    assert labelled(words.load("en").table["settings"]) == ALL.keys()
