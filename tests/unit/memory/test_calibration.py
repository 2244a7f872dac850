"""What an embedder's cosines mean is measured, not known."""

from __future__ import annotations

import pytest

from digital_life import words
from digital_life.memory import calibration
from digital_life.memory.calibration import Scale
from fakes.embedder import FakeEmbedder


class Near(FakeEmbedder):
    """All its texts are near to each other, as with many a real one."""

    def passage(self, text: str) -> bytes:
        return bytes([100, *super().passage(text)])


def test_the_scale_spans_from_the_least_to_the_most_that_the_embedder_gives() -> None:
    plain = calibration.measured(FakeEmbedder(), "en")
    assert plain.unrelated == pytest.approx(0.0, abs=0.01)
    assert plain.unrelated < plain.alike < 1
    near = calibration.measured(Near("near"), "en")
    assert near.unrelated == pytest.approx(plain.unrelated + 1)
    assert near.alike == pytest.approx(plain.alike + 1)


def test_relevance_is_the_place_on_the_scale() -> None:
    scale = Scale(0.7, 0.9)
    found = [scale.relevance(cosine) for cosine in (0.2, 0.7, 0.8, 0.9, 1.0)]
    assert found == pytest.approx([0, 0, 0.5, 1, 1])


def test_it_is_measured_once_for_an_embedder_and_a_language() -> None:
    embedder = FakeEmbedder("measured once")
    first = calibration.scale(embedder, "Where is my cat?")
    embedded = embedder.embedded
    assert embedded > 0
    assert calibration.scale(embedder, "And my dog?") == first
    assert embedder.embedded == embedded
    calibration.scale(embedder, "我的猫在哪里？")
    assert embedder.embedded == 2 * embedded


def test_both_languages_have_as_many_pairs_and_no_question_twice() -> None:
    english, chinese = (words.load(language).pairs("calibration.pairs") for language in words.LANGUAGES)
    assert len(english) == len(chinese)
    for pairs in (english, chinese):
        assert len({question for question, _ in pairs}) == len(pairs)
