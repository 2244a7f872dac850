"""With voices that are tones, and a head that counts what it is shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from digital_life.training import recipe
from digital_life.training.recipe import Array, Effort
from digital_life.training.sounds import Sound
from digital_life.values import FRAME, RATE

EFFORT = Effort(phrase=1, other=1)


@dataclass(frozen=True)
class Tone:
    natural: bool = True
    times: int = 4
    throats: tuple[float, float] = (0.9, 1.1)

    def say(self, text: str, rng: np.random.Generator) -> Sound:
        del rng
        return np.sin(np.arange(RATE // 2) * len(text) / 20).astype(np.float32)


class Sure:
    """It takes everything for the phrase."""

    def scores(self, embeddings: Array) -> Array:
        return np.ones(len(embeddings), np.float32)


def hear(pcm: npt.NDArray[np.int16]) -> Array:
    return np.zeros((len(pcm) // FRAME, 96), np.float32)


def nothing(_share: float) -> None:
    pass


def said() -> list[recipe.Said]:
    return recipe.speak([Tone()] * 4, "alexa", "en", np.random.default_rng(0), EFFORT, nothing)


def test_one_voice_of_four_is_kept_back_to_measure_with() -> None:
    phrases = [each for each in said() if each.kind == "phrase"]
    assert [each.held_out for each in phrases] == [False] * 12 + [True] * 4


def test_own_recordings_train_and_some_are_kept_back() -> None:
    mine = recipe.own([np.ones(RATE, np.float32)] * 8)
    assert sum(each.held_out for each in mine) == 2
    assert all(each.own for each in mine)


def test_an_own_recording_without_a_sound_is_passed_over() -> None:
    assert recipe.own([np.zeros(RATE, np.float32), np.zeros(0, np.float32)]) == []


def test_a_head_is_fitted_to_moments_that_are_meant_and_to_more_that_are_not() -> None:
    shown: list[npt.NDArray[np.bool_]] = []

    def fit(windows: Array, wanted: npt.NDArray[np.bool_], importance: Array) -> Sure:
        assert len(windows) == len(wanted) == len(importance)
        shown.append(wanted)
        return Sure()

    rng = np.random.default_rng(0)
    recipe.train(said(), recipe.noises(rng), hear, fit, rng, EFFORT, nothing)
    assert 30 < shown[0].sum() < (~shown[0]).sum()


def test_false_alarms_of_a_head_that_takes_everything_are_told() -> None:
    measured = recipe.measure(Sure(), said(), recipe.noises(np.random.default_rng(0)), hear)
    assert measured.missed_quiet == 0
    assert measured.missed_own is None
    assert measured.alarms_an_hour > 100
