"""The system's canceller is written into the person's files once, and taken out without a trace."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends import soundserver
from digital_life.backends.soundserver import Server, carry_out, commands_for, plan, with_canceller, without_canceller
from digital_life.errors import SoundError

OURS = "7\tmodule-echo-cancel\tsource_name=digital_life_microphone sink_name=digital_life_loudspeaker\t"
OTHERS = "1\tmodule-null-sink\tsink_name=speaker\t\n5\tmodule-echo-cancel\tsource_name=meeting\t"


@given(st.text(alphabet="ab #\n").map(lambda text: f"{text}\n"))
def test_what_a_person_wrote_stays(text: str) -> None:
    assert without_canceller(with_canceller(text)) == text
    assert with_canceller(with_canceller(text)) == with_canceller(text)


def test_a_file_of_our_own_reads_the_systems_first_and_goes_again() -> None:
    text = with_canceller("")
    assert text.startswith(".include /etc/pulse/default.pa\n")
    assert without_canceller(text) == ""


def test_the_module_is_loaded_once_and_only_ours_is_unloaded() -> None:
    assert [command[1] for command in commands_for(OTHERS, on=True)] == [
        "load-module",
        "set-default-source",
        "set-default-sink",
    ]
    assert commands_for(f"{OTHERS}\n{OURS}", on=True) == ()
    assert commands_for(f"{OTHERS}\n{OURS}", on=False) == (("pactl", "unload-module", "7"),)
    assert commands_for(OTHERS, on=False) == ()


def test_pipewire_is_told_by_a_file_that_off_removes(tmp_path: Path) -> None:
    on = plan(Server.PIPEWIRE, tmp_path, on=True)
    assert on.steps == [f"write {on.file}"]
    assert "set-default-source digital_life_microphone" in on.afterwards
    carry_out(on)
    assert plan(Server.PIPEWIRE, tmp_path, on=True).steps == []
    off = plan(Server.PIPEWIRE, tmp_path, on=False)
    assert off.steps == [f"rm {on.file}"]
    carry_out(off)
    assert plan(Server.PIPEWIRE, tmp_path, on=False).steps == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "pipewire").write_text("a file where a folder should be")
    with pytest.raises(SoundError, match="cannot be written"):
        carry_out(plan(Server.PIPEWIRE, tmp_path, on=True))


def test_without_pactl_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SoundError, match="pulseaudio-utils"):
        soundserver.running()
    assert not soundserver.cancels()


def test_a_server_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "pactl"
    program.write_text("#!/bin/sh\necho 'Connection refused' >&2; exit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(SoundError, match="Connection refused"):
        soundserver.running()


@pytest.mark.parametrize(
    ("name", "server"),
    [("pulseaudio", Server.PULSEAUDIO), ("PulseAudio (on PipeWire 0.3.65)", Server.PIPEWIRE)],
)
def test_pipewire_is_told_from_pulseaudio(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, server: Server
) -> None:
    program = tmp_path / "pactl"
    program.write_text(f"#!/bin/sh\necho 'Server Name: {name}'; echo 'Default Source: digital_life_microphone'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert soundserver.running() is server
    assert soundserver.cancels()
