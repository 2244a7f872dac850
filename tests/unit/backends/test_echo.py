"""What was played is found again by the time at which it was heard, and taken out of what the microphone hears."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
import soxr
from scipy.signal import fftconvolve

from digital_life.backends.echo import ADAPTING_S, EchoCanceller, Played
from digital_life.backends.silero import Silero
from digital_life.config import Hearing
from digital_life.hearing.overhearing import Overhearing
from digital_life.values import FRAME, RATE, AudioFrame, SpeechSustained

OUT_RATE = 44_100
BLOCK = 882
"""Samples the loudspeaker takes at a time, 20 ms."""
BEGAN = 1000.0
"""Monotonic seconds when both devices were opened."""
LATENCY_S = 0.06


def tone(seconds: float) -> npt.NDArray[np.int16]:
    """A sweep, which is like itself nowhere else."""
    at = np.arange(int(seconds * OUT_RATE)) / OUT_RATE
    return (8000 * np.sin(2 * np.pi * (200 + 300 * at) * at)).astype(np.int16)


def play(played: Played, sound: npt.NDArray[np.int16]) -> Iterator[float]:
    """Block by block; the time at which the sound card takes the next."""
    for number in range(len(sound) // BLOCK):
        taken = BEGAN + number * BLOCK / OUT_RATE
        yield taken
        played.add(sound[number * BLOCK : (number + 1) * BLOCK], OUT_RATE, taken + LATENCY_S)


def test_what_was_played_stands_where_it_was_heard() -> None:
    played, silence = Played(), np.zeros(OUT_RATE, np.int16)
    for _ in play(played, np.concatenate((silence, tone(1.0), silence))):
        pass
    start = played.position(BEGAN + LATENCY_S + 1.0)
    assert start is not None
    expected = soxr.resample(tone(1.0), OUT_RATE, RATE)[: RATE // 2]
    found = played.sound(start, RATE // 2)
    shifts = [np.corrcoef(expected[50:-50], found[50 + by : len(found) - 50 + by])[0, 1] for by in range(-40, 41)]
    assert max(shifts) > 0.99
    assert abs(int(np.argmax(shifts)) - 40) <= 0.002 * RATE


def test_before_anything_was_played_there_is_silence() -> None:
    played = Played()
    assert played.position(BEGAN) is None
    assert not played.sound(0, 100).any()
    assert not played.sounded(0)


def frames(sound: npt.NDArray[np.float32], *, late_s: float = 0.01) -> Iterator[AudioFrame]:
    """What the microphone hears; blocks come up to 10 ms late, as they do."""
    pcm = (np.clip(sound, -1, 1) * 32767).astype(np.int16)
    late = np.random.default_rng(1).uniform(0, late_s, len(pcm) // FRAME + 1)
    for number in range(len(pcm) // FRAME):
        at = number * FRAME
        yield AudioFrame(pcm[at : at + FRAME].tobytes(), at, BEGAN + (at + FRAME) / RATE + late[number])


def load(wav: Path) -> npt.NDArray[np.float32]:
    sound, rate = soundfile.read(wav, dtype="float32", always_2d=True)
    loaded: npt.NDArray[np.float32] = soxr.resample(sound.mean(axis=1), rate, RATE)
    return loaded


@pytest.mark.parametrize(
    ("room", "late_s", "told_s"), [("rir1", 0.0, 0.0), ("rir3", 0.0, 0.0), ("rir1", 0.6, 0.5), ("rir3", -0.05, -0.04)]
)
def test_its_own_voice_is_taken_out_of_a_room_and_another_is_left(
    data_dir: Path, room: str, late_s: float, told_s: float
) -> None:
    """Also when the sound card says a wrong time, and the canceller is told so."""
    speech = data_dir / "speech"
    own = np.concatenate([load(speech / "sentences" / f"spk1_snt{n}.wav") for n in (1, 2, 3, 4, 5)])
    own *= 0.3 / np.abs(own).max()
    response = load(speech / "rooms" / f"{room}.wav")
    response /= np.sqrt((response**2).sum())
    echo = fftconvolve(own, response)[: len(own)].astype(np.float32)
    other = load(speech / "sentences" / "jfk.flac")[: 3 * RATE]
    other *= 2 * np.sqrt((echo**2).mean() / (other**2).mean())
    at = len(own) - 4 * RATE
    late = int((LATENCY_S + late_s) * RATE)
    heard = np.concatenate((np.zeros(max(0, late), np.float32), echo))[max(0, -late) :]
    heard[at : at + len(other)] += other

    played = Played()
    canceller, voice = EchoCanceller(played, delay_s=told_s), Silero()
    playing = play(played, (soxr.resample(own, RATE, OUT_RATE) * 32767).astype(np.int16))
    overhearing: Overhearing | None = None
    noticed: list[SpeechSustained] = []
    for frame in frames(heard):
        while next(playing, np.inf) < frame.captured:
            pass
        clean = canceller.clean(frame)
        probabilities = voice.feed(clean.pcm)
        assert clean.echo_free or frame.position < (ADAPTING_S + 1 + max(0.0, late_s)) * RATE
        if clean.echo_free and not noticed:
            overhearing = overhearing or Overhearing(Hearing(), position=frame.position)
            noticed = [each for each in overhearing.feed(probabilities) if isinstance(each, SpeechSustained)]
    assert noticed
    assert at < noticed[0].position < at + len(other)


def test_on_a_busy_machine_it_learns_the_room_once(data_dir: Path) -> None:
    own = np.concatenate([load(data_dir / "speech" / "sentences" / f"spk1_snt{n}.wav") for n in (1, 2)])
    own *= 0.3 / np.abs(own).max()
    played = Played()
    canceller = EchoCanceller(played)
    playing = play(played, (soxr.resample(own, RATE, OUT_RATE) * 32767).astype(np.int16))
    free = []
    for frame in frames(np.concatenate((np.zeros(int(LATENCY_S * RATE), np.float32), own)), late_s=0.12):
        while next(playing, np.inf) < frame.captured:
            pass
        free.append(canceller.clean(frame).echo_free)
    after = int((ADAPTING_S + 1) * RATE / FRAME)
    assert len(free) > 1.5 * after
    assert all(free[after:])


@pytest.mark.parametrize("room", ["rir1", "rir3"])
def test_who_speaks_over_it_keeps_the_softer_syllables_too(data_dir: Path, room: str) -> None:
    """It is silent 0.4 s after they began, as when it is interrupted."""
    speech = data_dir / "speech"
    own = np.concatenate([load(speech / "sentences" / f"spk1_snt{n}.wav") for n in (1, 2, 3)])
    own *= 0.3 / np.abs(own).max()
    other = load(speech / "sentences" / "spk1_snt4.wav")
    other *= 0.3 / np.abs(other).max()
    response = load(speech / "rooms" / f"{room}.wav")
    response /= np.sqrt((response**2).sum())
    at = len(own) - int(0.4 * RATE)
    own = np.concatenate((own, np.zeros(len(other), np.float32)))
    late = np.zeros(int(LATENCY_S * RATE), np.float32)
    heard = np.concatenate((late, fftconvolve(own, response)[: len(own)].astype(np.float32)))
    heard[at : at + len(other)] += other
    played = Played()
    canceller = EchoCanceller(played)
    playing = play(played, (soxr.resample(own, RATE, OUT_RATE) * 32767).astype(np.int16))
    said = kept = 0
    for frame in frames(heard):
        while next(playing, np.inf) < frame.captured:
            pass
        clean = canceller.clean(frame)
        spoken = other[max(0, frame.position - at) :][:FRAME] if frame.position >= at + RATE // 2 else np.zeros(1)
        if len(spoken) and np.sqrt((spoken**2).mean()) > 0.03 * np.abs(other).max():
            said, kept = said + 1, kept + any(clean.pcm)
    assert said > 10
    assert kept / said > 0.9
