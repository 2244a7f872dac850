"""Whatever makes vectors of voices, fake and real alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from digital_life.backends.campplus import CamPlusPlus
from digital_life.errors import ModelError
from digital_life.ports import SpeakerEmbedding
from digital_life.values import RATE, WIDTH
from fakes.voices import FakeSpeakerEmbedding, hum


@pytest.fixture(scope="module", params=["fake", "real"])
def embedding(request: pytest.FixtureRequest, models_dir: Path) -> SpeakerEmbedding:
    if request.param == "fake":
        return FakeSpeakerEmbedding()
    return CamPlusPlus(models_dir / "campplus-zh-en" / "campplus.pt")


def test_a_vector_is_as_long_as_it_says_and_of_unit_length(embedding: SpeakerEmbedding) -> None:
    vector = np.frombuffer(embedding.embed(hum(300, 2.0)), "<f4")
    assert len(vector) == embedding.dimension
    assert float(np.linalg.norm(vector)) == pytest.approx(1.0, abs=1e-4)


def test_the_same_sound_is_the_same_vector(embedding: SpeakerEmbedding) -> None:
    assert embedding.embed(hum(300, 2.0)) == embedding.embed(hum(300, 2.0))


def test_silence_around_a_voice_is_no_part_of_it(embedding: SpeakerEmbedding) -> None:
    silence = bytes(RATE * WIDTH)
    assert embedding.seconds(silence + hum(300, 2.0) + silence) == pytest.approx(2.0, abs=0.1)
    alone, within = (
        np.frombuffer(embedding.embed(each), "<f4") for each in (hum(300, 2.0), silence + hum(300, 2.0) + silence)
    )
    # The real network was made for voices; a tone that begins at once is less like itself to it than they are.
    assert float(alone @ within) > 0.8


@pytest.mark.parametrize("sound", [b"", bytes(2 * RATE * WIDTH), hum(300, 0.1)], ids=["nothing", "silence", "a tenth"])
def test_too_little_of_a_voice_is_refused(embedding: SpeakerEmbedding, sound: bytes) -> None:
    assert embedding.seconds(sound) < 0.3
    with pytest.raises(ModelError, match="too little"):
        embedding.embed(sound)


def test_a_long_sound_is_no_trouble(embedding: SpeakerEmbedding) -> None:
    assert embedding.embed(hum(300, 40.0))
