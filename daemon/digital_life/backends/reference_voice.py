"""The recording of a voice that a server is to speak with, and what is said in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from digital_life.backends.wavfile import open_recording
from digital_life.errors import ModelError, RecordingError

LONGEST_S: Final = 30.0
"""F5-TTS reads 15 s of it at most, Fish Speech 30 s; it travels with every sentence."""


@dataclass(frozen=True, slots=True)
class ReferenceVoice:
    sound: bytes = field(repr=False)
    """The file as it is."""
    text: str

    @classmethod
    def read(cls, file: str, text: str, *, section: str) -> Self:
        """Blocking. Raises ModelError, which names the `section` of the settings."""
        path = Path(file).expanduser()
        try:
            recording = open_recording(path)
            sound = path.read_bytes()
        except (RecordingError, OSError) as error:
            raise ModelError("elsewhere-reference", path=path, section=section) from error
        if recording.seconds > LONGEST_S:
            raise ModelError("elsewhere-reference", path=path, section=section)
        return cls(sound, text)
