"""The mouth follows the sound: shut in silence, wide at "ah", spread at "ee", round at "oo"."""

from __future__ import annotations

import time
from statistics import mean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digital_life.display.mouth import PER_SECOND, Lips, Shape, timed

FORMANTS = {"ah": (800, 1250, 2600), "ee": (290, 2300, 3000), "oo": (310, 800, 2300)}
VOICES = [(110, 1.0), (210, 1.15), (290, 1.25)]
"""Pitch, and formants relative to a man's."""


def vowel(name: str, *, pitch: float = 110, size: float = 1.0, rate: int = 24_000, level: float = 0.3) -> bytes:
    """0.6 s of a voice: harmonics that fall by 12 dB an octave, through three resonances."""
    moments = np.arange(int(rate * 0.6)) / rate
    sound = np.zeros(len(moments))
    for harmonic in np.arange(pitch, min(rate / 2, 7000), pitch):
        gain = (pitch / harmonic) ** 1.0
        for formant, width in zip(FORMANTS[name], (80, 100, 140), strict=True):
            centre = formant * size
            gain *= centre**2 / np.hypot(centre**2 - harmonic**2, width * harmonic)
        sound += gain * np.sin(2 * np.pi * harmonic * moments)
    loudest: float = np.abs(sound).max()
    return bytes((sound / loudest * level * 32767).astype("<i2").tobytes())


def middle(shapes: tuple[Shape, ...]) -> Shape:
    inner = shapes[3:-3]
    return Shape(open=mean(each.open for each in inner), form=mean(each.form for each in inner))


@pytest.mark.parametrize(("pitch", "size"), VOICES)
@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 48_000])
def test_vowels_differ_in_every_voice_and_at_every_rate(pitch: float, size: float, rate: int) -> None:
    ah, ee, oo = (
        middle(Lips().read(vowel(name, pitch=pitch, size=size, rate=rate), rate)) for name in ("ah", "ee", "oo")
    )
    assert ah.open > ee.open + 0.25
    assert ah.open > oo.open + 0.25
    assert ee.form > 0.3
    assert oo.form < -0.3
    assert oo.form < ah.form < ee.form


def test_silence_shuts_the_mouth() -> None:
    shapes = Lips().read(vowel("ah") + bytes(24_000) + vowel("ah"), 24_000)
    assert len(shapes) == round(1.7 * PER_SECOND)
    assert max(each.open for each in shapes[20:30]) == 0
    assert min(each.open for each in shapes[3:15]) > 0.5


def test_noise_of_a_quiet_room_leaves_it_shut() -> None:
    noise = np.random.default_rng(1).normal(0, 20, 24_000).astype("<i2").tobytes()
    assert max(each.open for each in Lips().read(noise, 24_000)) == 0


def test_a_quiet_voice_opens_it_as_a_loud_one() -> None:
    loud, quiet = (middle(Lips().read(vowel("ah", level=level), 24_000)) for level in (0.5, 0.02))
    assert abs(loud.open - quiet.open) < 0.05


def test_what_it_knows_of_a_voice_changes_slowly() -> None:
    lips = Lips()
    lips.read(vowel("ah", level=0.5) * 5, 24_000)
    whispered = middle(lips.read(vowel("ah", level=0.04), 24_000))
    later = [middle(lips.read(vowel("ah", level=0.04), 24_000)) for _ in range(12)][-1]
    assert whispered.open < later.open - 0.1


def test_an_s_hardly_opens_it() -> None:
    noise = np.diff(np.random.default_rng(1).normal(0, 1500, 24_001), n=1)
    hiss = np.diff(noise, prepend=0).astype("<i2").tobytes()
    lips = Lips()
    lips.read(vowel("ah"), 24_000)
    assert middle(lips.read(hiss, 24_000)).open < 0.2


def test_it_opens_when_the_sound_begins_and_not_after() -> None:
    shapes = Lips().read(bytes(48_000) + vowel("ah"), 24_000)
    opened = next(place for place, each in enumerate(shapes) if each.open > 0.3)
    assert abs(opened - PER_SECOND) <= 1


@settings(deadline=None)
@given(
    st.binary(max_size=4000).map(lambda sound: sound[: len(sound) // 2 * 2]), st.sampled_from([8_000, 22_050, 48_000])
)
def test_any_sound_gives_shapes_that_can_be(pcm: bytes, rate: int) -> None:
    for shape in Lips().read(pcm, rate):
        assert 0 <= shape.open <= 1
        assert -1 <= shape.form <= 1


def test_no_sound_has_no_shapes() -> None:
    assert Lips().read(b"", 24_000) == ()


def test_messages_carry_the_middle_of_the_sound_they_belong_to_and_end_shut() -> None:
    told = timed((Shape(open=0.5, form=0.1), Shape(open=0.6, form=0.2)), starts=10_000, turn=7)
    assert [each.at for each in told] == [10_017, 10_050, 10_083]
    assert [each.open for each in told] == [0.5, 0.6, 0]
    assert {each.turn for each in told} == {7}


def test_a_second_of_sound_takes_little_time() -> None:
    second = (vowel("ah") + vowel("ee"))[: 24_000 * 2]
    lips = Lips()
    took = []
    for _ in range(30):
        began = time.process_time()
        lips.read(second, 24_000)
        took.append(time.process_time() - began)
    # Some 1.2 ms on a quiet machine; the best of many tells what it costs when nothing else runs.
    assert min(took) < 0.004
