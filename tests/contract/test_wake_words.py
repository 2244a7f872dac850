"""Our way through openwakeword's networks gives the very scores that its own package gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from digital_life.backends.openwakeword import OpenWakeWord
from digital_life.errors import ModelError
from digital_life.values import FRAME, RATE

WORDS = ("alexa", "hey_jarvis", "hey_mycroft")
SETTLED_S = 2.0
"""The package begins with random noise, so the scores agree once that is out of sight."""


@pytest.fixture
def files(models_dir: Path) -> dict[str, Path]:
    return {word: models_dir / word / f"{word}.onnx" for word in WORDS}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("recording", ["alexa.wav", "hey_jarvis.wav", "hey_mycroft.wav", "sentences/jfk.flac"])
def test_the_scores_are_those_of_the_package(
    recording: str, files: dict[str, Path], models_dir: Path, data_dir: Path
) -> None:
    from openwakeword.model import Model

    features = models_dir / "openwakeword-features"
    ours = OpenWakeWord(features, files)
    package = Model(
        wakeword_models=[str(path) for path in files.values()],
        melspec_model_path=str(features / "melspectrogram.onnx"),
        embedding_model_path=str(features / "embedding_model.onnx"),
        inference_framework="onnx",
    )
    sound = soundfile.read(data_dir / "speech" / recording, dtype="int16", always_2d=True)[0][:, 0]
    sound = np.concatenate([np.zeros(3 * RATE, dtype=np.int16), sound, np.zeros(RATE, dtype=np.int16)])
    highest = 0.0
    for start in range(0, len(sound) - FRAME + 1, FRAME):
        frame = sound[start : start + FRAME]
        scores, theirs = ours.feed(frame.tobytes()), package.predict(frame)
        if start > SETTLED_S * RATE:
            assert scores == pytest.approx({word: float(theirs[word]) for word in WORDS}, abs=1e-4)
            highest = max(highest, *scores.values())
    assert highest > 0.5 or "sentences" in recording


def test_a_file_that_is_no_wake_word_is_refused(files: dict[str, Path], models_dir: Path, tmp_path: Path) -> None:
    features = models_dir / "openwakeword-features"
    with pytest.raises(ModelError, match="no wake word model"):
        OpenWakeWord(features, {"foreign": features / "embedding_model.onnx"})
    cut = tmp_path / "cut.onnx"
    cut.write_bytes(files["alexa"].read_bytes()[:5_000])
    with pytest.raises(ModelError, match="cannot be loaded"):
        OpenWakeWord(features, {"cut": cut})
    with pytest.raises(ModelError, match="is not there"):
        OpenWakeWord(features, {"none": tmp_path / "none.onnx"})
