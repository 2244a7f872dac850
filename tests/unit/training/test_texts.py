from __future__ import annotations

import numpy as np
import pytest

from digital_life.training import texts
from digital_life.values import Language

PHRASES: list[tuple[str, Language]] = [("alexa", "en"), ("hey computer", "en"), ("小灵小灵", "zh")]


def test_a_phrase_tells_its_language_by_its_script() -> None:
    assert [texts.language_of(phrase) for phrase, _ in PHRASES] == ["en", "en", "zh"]


@pytest.mark.parametrize(("phrase", "language"), PHRASES)
def test_what_comes_near_to_a_phrase_is_never_the_phrase(phrase: str, language: Language) -> None:
    near = texts.near_misses(phrase, language, np.random.default_rng(0), 200)
    assert len(near) == 200
    assert phrase not in near


def test_parts_of_a_phrase_come_near_to_it() -> None:
    rng = np.random.default_rng(0)
    assert {"hey", "computer"} <= set(texts.near_misses("hey computer", "en", rng, 20))
    assert {"小灵", "灵小灵"} <= set(texts.near_misses("小灵小灵", "zh", rng, 20))


def test_a_phrase_of_one_syllable_still_has_neighbours() -> None:
    assert len(texts.near_misses("Jo", "en", np.random.default_rng(0), 5)) == 5


@pytest.mark.parametrize("language", ["en", "zh"])
def test_there_are_sentences_enough_to_keep_some_back(language: Language) -> None:
    lines = texts.sentences(language)
    assert len(set(lines)) == len(lines) >= 40
    assert all(texts.language_of(line) == language for line in lines)
