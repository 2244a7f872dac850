"""A recording that cannot be heard is told in one line, before any model is loaded; any other is heard."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from digital_life import cli
from digital_life.backends.wavfile import WavMicrophone, open_recording
from digital_life.errors import RecordingError
from digital_life.values import FRAME, RATE, WIDTH
from fakes.clock import FakeClock

SECOND = np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE) * 0.3


async def always() -> None:
    """Ready for the next frame."""


def write(path: Path, *, rate: int = RATE, channels: int = 1, subtype: str = "PCM_16") -> Path:
    sound = soxr.resample(SECOND, RATE, rate)
    soundfile.write(path, np.column_stack([sound] * channels), rate, subtype=subtype)
    return path


def corrupt(path: Path) -> None:
    path.write_bytes(b"RIFF\x10\x00\x00\x00WAVEfmt nonsense" * 20)


def cut_short(path: Path) -> None:
    write(path)
    path.write_bytes(path.read_bytes()[:12_000])


def flac_cut_short(path: Path) -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, RATE)
    soundfile.write(path, noise, RATE, format="FLAC")
    path.write_bytes(path.read_bytes()[:12_000])


def empty(path: Path) -> None:
    path.touch()


def header_alone(path: Path) -> None:
    soundfile.write(path, np.zeros(0), RATE)


def text(path: Path) -> None:
    path.write_text("What is the capital of France?\n" * 50)


def folder(path: Path) -> None:
    path.mkdir()


def missing(_path: Path) -> None:
    pass


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (corrupt, "WAV or FLAC is needed"),
        (cut_short, "cut short: 0.4 s of the 1.0 s"),
        (flac_cut_short, "its end is missing"),
        (empty, "no sound"),
        (header_alone, "no sound"),
        (text, "WAV or FLAC is needed"),
        (folder, "no file"),
        (missing, "is not there"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    harm: Callable[[Path], None], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = tmp_path / "recording.wav"
    harm(recording)
    assert cli.main(["listen", str(recording)]) == 1
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert "Traceback" not in told


async def frames(path: Path) -> AsyncIterator[bytes]:
    microphone = WavMicrophone(open_recording(path), clock=FakeClock(), realtime=False, ready=always)
    async for frame in microphone.frames():
        assert len(frame.pcm) == FRAME * WIDTH
        yield frame.pcm


@pytest.mark.parametrize(
    ("rate", "channels", "subtype"),
    [
        (16_000, 1, "PCM_16"),
        (16_000, 1, "PCM_U8"),
        (48_000, 2, "PCM_16"),
        (96_000, 1, "PCM_24"),
        (44_100, 2, "FLOAT"),
        (8_000, 1, "PCM_16"),
        (22_050, 6, "PCM_32"),
    ],
)
async def test_any_rate_width_and_number_of_channels_is_heard(
    tmp_path: Path, rate: int, channels: int, subtype: str
) -> None:
    recording = write(tmp_path / "recording.wav", rate=rate, channels=channels, subtype=subtype)
    heard = np.frombuffer(b"".join([each async for each in frames(recording)]), np.int16) / 32768
    assert np.corrcoef(heard[2_000:14_000], SECOND[2_000:14_000])[0, 1] > 0.98
    assert len(heard) >= 2 * RATE


async def test_numbers_that_are_none_are_silence(tmp_path: Path) -> None:
    broken = SECOND.copy()
    broken[100:200] = np.nan
    soundfile.write(tmp_path / "recording.wav", broken, RATE, subtype="FLOAT")
    heard = np.frombuffer(b"".join([each async for each in frames(tmp_path / "recording.wav")]), np.int16)
    assert not heard[100:200].any()
    assert heard[300:600].any()


async def test_a_recording_at_the_speed_of_sound_takes_its_time(tmp_path: Path) -> None:
    clock = FakeClock()
    recording = open_recording(write(tmp_path / "recording.wav"))
    heard = [each async for each in WavMicrophone(recording, clock=clock, realtime=True, ready=always).frames()]
    assert clock.passed == pytest.approx(len(heard) * FRAME / RATE)


def test_a_recording_written_to_a_pipe_is_not_taken_for_cut_short(tmp_path: Path) -> None:
    recording = write(tmp_path / "recording.wav")
    whole = bytearray(recording.read_bytes())
    whole[40:44] = b"\xff\xff\xff\xff"
    recording.write_bytes(whole)
    try:
        assert open_recording(recording).seconds > 0.9
    except RecordingError as error:
        pytest.fail(str(error))
