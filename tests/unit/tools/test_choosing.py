"""Which tool is meant, learned from examples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life import words
from digital_life.tools.choosing import NONE, Chooser, Example, examples
from digital_life.values import Language
from fakes.embedder import FakeEmbedder

EXAMPLES = (
    Example("set a timer for ten minutes", "en", "timer"),
    Example("start a timer", "en", "timer"),
    Example("设一个计时器", "zh", "timer"),
    Example("will it rain tomorrow", "en", "weather"),
    Example("what is the weather like", "en", "weather"),
    Example("明天会下雨吗", "zh", "weather"),
    Example("good morning", "en", NONE),
    Example("I had a terrible day", "en", NONE),
    Example("早上好", "zh", NONE),
)


@pytest.fixture(scope="module")
def embedder() -> FakeEmbedder:
    return FakeEmbedder()


@pytest.fixture(scope="module")
def chooser(embedder: FakeEmbedder) -> Chooser:
    return Chooser.learned(EXAMPLES, [embedder.query(each.text) for each in EXAMPLES])


def best(scores: dict[str, float]) -> str:
    return max(scores, key=lambda name: scores[name])


@pytest.mark.parametrize("example", EXAMPLES)
def test_what_it_learned_it_knows(chooser: Chooser, embedder: FakeEmbedder, example: Example) -> None:
    scores = chooser.scores(example.text, example.language, embedder.query(example.text))
    assert best(scores) == example.tool
    assert scores[example.tool] > 0.5


def test_what_is_like_an_example_is_for_the_same_tool(chooser: Chooser, embedder: FakeEmbedder) -> None:
    said = "please set a timer for two minutes"
    assert best(chooser.scores(said, "en", embedder.query(said))) == "timer"


@given(st.text(max_size=80), st.sampled_from(words.LANGUAGES))
def test_every_sentence_has_a_score_for_each_tool(text: str, language: Language) -> None:
    embedder = FakeEmbedder()
    chooser = Chooser.learned(EXAMPLES, [embedder.query(each.text) for each in EXAMPLES])
    scores = chooser.scores(text, language, embedder.query(text))
    assert scores.keys() == {"timer", "weather", NONE}
    assert np.isfinite(list(scores.values())).all()


def test_what_is_said_for_a_tool_that_is_not_at_hand_is_for_none() -> None:
    known = {each.text: each.tool for each in examples({"timer"}, {})}
    assert known["set a timer for ten minutes"] == "timer"
    assert known["will it rain tomorrow"] == NONE


def test_a_foreign_tool_is_known_by_what_it_does() -> None:
    assert Example("Play a song.", "en", "play") in examples({"play"}, {"play": "Play a song."})


def test_no_sentence_is_an_example_of_two_things() -> None:
    for language in words.LANGUAGES:
        said = [text for texts in words.load(language).table["examples"].values() for text in texts]
        assert len(said) == len(set(said))


def test_both_languages_have_the_same_signs() -> None:
    assert words.load("en").table["cues"].keys() == words.load("zh").table["cues"].keys()
