"""A wake word of one's own, trained in a small way, is heard; others are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hearing import Sound, in_quiet

from benches.waking import Wakes, believed
from digital_life import config
from digital_life.backends import head
from digital_life.backends.openwakeword import Features, OpenWakeWord
from digital_life.backends.speakers import Speaker, open_speakers
from digital_life.catalogue import Store, load_catalogue
from digital_life.commands import wake
from digital_life.training import recipe, sounds
from digital_life.training.recipe import Effort
from digital_life.values import Language

SMALL = Effort(phrase=4, other=1)


def computed(language: Language) -> list[Speaker]:
    """Sixteen or so of espeak-ng's voices: they speak fastest."""
    speakers = open_speakers(language, pipers=[], kokoros=[])
    return speakers[:: len(speakers) // 16]


@pytest.mark.parametrize(
    ("phrase", "others", "language"),
    [
        ("hey computer", ("hey", "commuter train", "what time is it?"), "en"),
        ("小灵小灵", ("小明", "零下十度", "今天星期几？"), "zh"),
    ],
)
async def test_a_trained_wake_word_is_heard_and_others_are_not(
    phrase: str, others: tuple[str, ...], language: Language, models_dir: Path, tmp_path: Path
) -> None:
    rng = np.random.default_rng(0)
    speakers = computed(language)
    features = Features(models_dir / "openwakeword-features")
    said = recipe.speak(speakers, phrase, language, rng, SMALL, lambda _share: None)
    noises = recipe.noises(rng)
    made = recipe.train(said, noises, features.of, head.fit, rng, SMALL, lambda _share: None)
    measured = recipe.measure(made, said, noises, features.of)
    assert measured.missed_quiet <= 20
    assert measured.alarms == 0

    store = Store(tmp_path, load_catalogue())
    path = wake.keep("mine", made, store)
    assert store.path(store.find("mine", "wake-word"), store.find("mine").files[0]) == path
    settings = config.Wake(words=(config.WakeWord(model="mine", threshold=measured.threshold),))
    ears = Wakes(OpenWakeWord(models_dir / "openwakeword-features", {"mine": path}), settings, believed)
    stranger = speakers[recipe.HELD_OUT - 1]

    def spoken(text: str) -> Sound:
        return in_quiet(sounds.trimmed(stranger.say(text, rng)))

    assert sum([bool(await ears.heard(spoken(phrase))) for _ in range(5)]) >= 4
    assert not any([await ears.heard(spoken(other)) for other in others])
