from __future__ import annotations

import numpy as np

from digital_life.training import sounds
from digital_life.training.sounds import Sound
from digital_life.values import RATE


def tone(pitch: float, seconds: float = 1.0) -> Sound:
    return np.sin(2 * np.pi * pitch * np.arange(int(seconds * RATE)) / RATE).astype(np.float32)


def pitch_of(sound: Sound) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(sound))) * RATE / len(sound))


def test_another_throat_is_higher_and_faster_as_loud_as_before() -> None:
    higher = sounds.repitched(tone(400), 1.25)
    assert len(higher) == int(RATE / 1.25)
    assert abs(pitch_of(higher) - 500) < 2
    assert abs(sounds.rms(higher) - sounds.rms(tone(400))) < 0.02


def test_a_lower_throat_is_slower() -> None:
    assert abs(pitch_of(sounds.repitched(tone(400), 0.8)) - 320) < 2


def test_silence_around_a_phrase_is_cut_off() -> None:
    silence = np.zeros(RATE, np.float32)
    assert abs(len(sounds.trimmed(np.concatenate((silence, tone(300, 0.5), silence)))) - RATE // 2) < RATE // 25


def test_nothing_is_left_of_silence() -> None:
    assert len(sounds.trimmed(np.zeros(RATE, np.float32))) == 0
    assert len(sounds.trimmed(np.zeros(0, np.float32))) == 0


def test_a_room_lets_a_clap_die_away() -> None:
    response = sounds.room(np.random.default_rng(3))
    tail = response[len(response) // 2 :]
    assert response[0] == 1
    assert sounds.rms(tail) < sounds.rms(response[1 : len(response) // 2])


def test_a_response_of_one_sample_changes_nothing() -> None:
    np.testing.assert_allclose(sounds.convolved(tone(300), np.ones(1, np.float32)), tone(300), atol=1e-4)


def test_noise_lies_so_many_decibels_below_the_voice() -> None:
    voice = tone(300)
    both = sounds.mixed(voice, sounds.noise(np.random.default_rng(0), RATE), 20, loudness=sounds.rms(voice))
    assert abs(20 * np.log10(sounds.rms(voice) / sounds.rms(both - voice)) - 20) < 0.1


def test_noise_and_music_are_as_long_as_asked_and_heard() -> None:
    rng = np.random.default_rng(0)
    for made in (sounds.noise(rng, RATE), sounds.music(rng, RATE)):
        assert len(made) == RATE
        assert 0.05 < sounds.rms(made) < 0.2


def test_what_is_too_loud_is_clipped_not_wrapped() -> None:
    assert list(sounds.pcm(np.array([2, -2], np.float32))) == [32767, -32767]
