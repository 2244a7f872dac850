"""Each language says the same things, and every sentence the code asks for is there."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import digital_life
from digital_life import words
from digital_life.errors import DigitalLifeError
from digital_life.values import Language

SOURCES = sorted(Path(digital_life.__file__).parent.rglob("*.py"))


def leaves(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def places(sentence: object) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(str(sentence)) if name}


def test_both_languages_have_the_same_keys() -> None:
    english, chinese = (dict(leaves(words.load(language).table)) for language in words.LANGUAGES)
    assert english.keys() == chinese.keys()


def test_both_languages_fill_the_same_places() -> None:
    english, chinese = (dict(leaves(words.load(language).table)) for language in words.LANGUAGES)
    differing = {key for key, said in english.items() if isinstance(said, str) and places(said) != places(chinese[key])}
    assert differing <= {"persona.user"}, differing


def test_every_error_that_the_code_raises_has_a_sentence() -> None:
    raised = set()
    for source in SOURCES:
        raised |= set(re.findall(r"\w+Error\(\s*\"([a-z][a-z-]+)\"", source.read_text(encoding="utf-8")))
    assert raised
    assert raised <= words.load("en").table["errors"].keys()


def test_no_sentence_of_an_error_is_left_unused() -> None:
    code = "".join(source.read_text(encoding="utf-8") for source in SOURCES)
    unused = {key for key in words.load("en").table["errors"] if f'"{key}"' not in code}
    assert unused == set()


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_an_error_is_one_line_in_each_language(language: Language) -> None:
    error = DigitalLifeError("config-missing", path="x.toml")
    assert "x.toml" in error.sentence(language)
    assert "\n" not in error.sentence(language)
