"""What the sound check says of what it heard, and what to do."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from digital_life import config, soundcheck, words
from digital_life.backends import soundserver
from digital_life.backends.sweep import Echo
from digital_life.finding import Finding, Health
from digital_life.soundcheck import Heard
from digital_life.values import FRAME, AudioFrame

ENGLISH = words.load("en")
ECHO = Echo(delay_s=0.1, level_db=-20.4, decay_s=0.15)


def frames(loudness: float, *, echo_free: bool = False) -> list[AudioFrame]:
    """Noise of so many samples' height."""
    noise: npt.NDArray[np.float64] = np.random.default_rng(1).normal(0, 1, 10 * FRAME) * loudness
    pcm = np.clip(noise.round(), -32768, 32767).astype(np.int16)
    return [
        AudioFrame(pcm[at : at + FRAME].tobytes(), at, at / 16_000, echo_free=echo_free)
        for at in range(0, len(pcm), FRAME)
    ]


def heard(*, quiet: float = 10, swept: float = 1000, echoes: tuple[Echo, ...] = (ECHO,), known: float = 1.0) -> Heard:
    """`known`: the share of its speaking in which the canceller knows the room."""
    own, left = frames(1000), frames(20, echo_free=True)
    learnt = round(known * len(own))
    return Heard(frames(quiet), echoes, frames(swept), own, [*own[learnt:], *left[:learnt]])


def room(each: Heard, voice: float = 0.0) -> Finding:
    return soundcheck._room(each, voice, ENGLISH)


def loudspeaker(each: Heard, audio: config.Audio | None = None) -> Finding:
    return soundcheck._echo(each, audio or config.Audio(), ENGLISH)


def own_voice(each: Heard, mistaken: int = 0, audio: config.Audio | None = None) -> Finding:
    return soundcheck._own_voice(each, mistaken, audio or config.Audio(), ENGLISH)


def test_a_room_that_is_well() -> None:
    assert room(heard()).health is Health.WELL
    assert "-70 dB" in room(heard()).found
    found = loudspeaker(heard())
    assert found.health is Health.WELL
    assert "160 ms" in found.found
    assert "-20 dB" in found.found
    assert own_voice(heard()).health is Health.WELL


def test_a_microphone_that_hears_nothing_is_broken() -> None:
    assert room(heard(quiet=0, swept=0, echoes=())).health is Health.BROKEN
    assert "audio.input" in room(heard(quiet=0, swept=0, echoes=())).advice
    assert room(heard(quiet=0)).health is Health.WELL  # it has no noise of its own, but hears the sweep


def test_a_voice_in_the_room_a_loud_echo_and_none_are_told() -> None:
    assert "quiet" in room(heard(), voice=0.9).advice
    assert "too loud" in loudspeaker(heard(swept=40_000)).advice
    assert "headphones" in loudspeaker(heard(echoes=())).advice
    assert loudspeaker(heard(echoes=()), config.Audio(echo_cancellation="system")).health is Health.WELL


def test_whether_one_can_speak_over_it_is_told() -> None:
    assert own_voice(heard(), mistaken=1).health is Health.WEAK
    assert own_voice(heard(known=0.3)).health is Health.WEAK
    assert heard(known=0.3).tells_itself
    assert heard(known=0.0).tells_itself
    assert not heard(quiet=20).tells_itself
    assert "wake word alone" in own_voice(heard(), audio=config.Audio(echo_cancellation=False)).found


@pytest.mark.parametrize(
    ("wanted", "there", "tried"),
    [
        (True, False, [True]),
        (True, True, ["system", True]),
        ("system", False, ["system", True]),
        (False, True, [False]),
    ],
)
def test_the_systems_canceller_is_tried_before_it_is_trusted(
    monkeypatch: pytest.MonkeyPatch, *, wanted: bool | str, there: bool, tried: list[bool | str]
) -> None:
    monkeypatch.setattr(soundserver, "cancels", lambda: there)
    settings = config.load(None, under={"audio": {"echo_cancellation": wanted}})
    assert [each.audio.echo_cancellation for each in soundcheck._trials(settings)] == tried
