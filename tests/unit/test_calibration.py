"""What was measured lies beneath what the user says, and counts only for the devices it was measured with."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life import calibration, cli, config
from digital_life.calibration import decide
from digital_life.errors import ConfigError
from digital_life.hearing.ownvoice import CALLING

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
AUDIO = config.Audio()


def found(
    *,
    echo_ms: float | None = 100.0,
    room_voice: float = 0.01,
    calling: tuple[float, int] = CALLING[1],
    own_left: bool = True,
    system: bool = False,
) -> calibration.Values:
    return decide(echo_ms=echo_ms, room_voice=room_voice, calling=calling, own_left=own_left, system=system)


def test_an_ordinary_room_needs_nothing() -> None:
    assert found() == {}
    assert found(echo_ms=None) == {}


@pytest.mark.parametrize(("echo_ms", "told"), [(-80.0, -40), (-5.0, -25), (19.0, -1), (400.0, 300), (900.4, 800)])
def test_an_echo_at_another_time_is_told_to_the_canceller(echo_ms: float, told: int) -> None:
    assert found(echo_ms=echo_ms) == {"audio": {"echo_delay_ms": told}}


def test_its_own_voice_decides_how_clear_a_wake_word_must_be_over_it() -> None:
    assert found(calling=CALLING[0], own_left=True) == {}
    assert found(calling=CALLING[0], own_left=False)["wake"] == {"own_voice_threshold": 0.6, "own_voice_frames": 1}
    assert found(calling=CALLING[2])["wake"] == {"own_voice_threshold": 0.9, "own_voice_frames": 3}
    usual = config.Wake()
    assert (usual.own_voice_threshold, usual.own_voice_frames) == CALLING[1]


def test_a_noise_like_a_voice_raises_the_threshold_but_a_voice_does_not() -> None:
    assert found(room_voice=0.5)["hearing"] == {"voice_threshold": 0.65}
    assert "hearing" not in found(room_voice=0.9)


@given(
    echo_ms=st.none() | st.floats(-300, 1000),
    room_voice=st.floats(0, 1),
    calling=st.sampled_from(CALLING),
    own_left=st.booleans(),
    system=st.booleans(),
)
def test_whatever_was_measured_the_settings_are_right(
    echo_ms: float | None, room_voice: float, calling: tuple[float, int], *, own_left: bool, system: bool
) -> None:
    values = decide(echo_ms=echo_ms, room_voice=room_voice, calling=calling, own_left=own_left, system=system)
    assert config.load(None, under=values)


def test_what_is_kept_is_found_again_and_forgotten(tmp_path: Path) -> None:
    assert calibration.load(tmp_path, AUDIO) == {}
    values = found(echo_ms=400, room_voice=0.5, system=True)
    calibration.keep(tmp_path / "home", AUDIO, values, measured=NOW)
    assert calibration.load(tmp_path / "home", AUDIO) == values
    calibration.forget(tmp_path / "home")
    assert calibration.load(tmp_path / "home", AUDIO) == {}


def test_it_counts_for_its_own_devices_alone(tmp_path: Path) -> None:
    calibration.keep(tmp_path, AUDIO, found(echo_ms=400), measured=NOW)
    with pytest.raises(ConfigError, match="another microphone"):
        calibration.load(tmp_path, config.Audio(input="headset"))


@pytest.mark.parametrize("text", ["\xff", "[settings", "measured = 1", "[settings.audio]\nechoes = 3\n"])
def test_a_damaged_one_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / calibration.FILE).write_text(text, encoding="latin-1")
    with pytest.raises(ConfigError, match="cannot be used"):
        calibration.load(tmp_path, AUDIO)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where a folder should be")
    with pytest.raises(ConfigError, match="cannot be written"):
        calibration.keep(tmp_path / "home", AUDIO, {}, measured=NOW)


def test_what_the_user_says_counts_more(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calibration.keep(tmp_path, AUDIO, found(echo_ms=400, room_voice=0.5), measured=NOW)
    (tmp_path / "digital-life.toml").write_text("[audio]\necho_delay_ms = 7\n")
    assert cli.main(["--home", str(tmp_path), "config", "show"]) == 0
    shown = capsys.readouterr().out
    assert "echo_delay_ms = 7" in shown
    assert "voice_threshold = 0.65" in shown


def test_one_for_other_devices_is_warned_of_once_and_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    calibration.keep(tmp_path, AUDIO, found(echo_ms=400), measured=NOW)
    assert cli.main(["--home", str(tmp_path), "--set", "audio.input=headset", "config", "show"]) == 0
    assert "echo_delay_ms = 0" in capsys.readouterr().out
    assert len([each for each in caplog.messages if "doctor --calibrate" in each]) == 1
