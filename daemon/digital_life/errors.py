"""Everything that can go wrong and be told to a person.

    DigitalLifeError            exit status 1
    ├── UsageError              2   the command was misused
    ├── ConfigError             78  the configuration is wrong
    ├── SoundError              1   a sound device is missing, lost or refuses
    ├── RecordingError          1   a recording cannot be read
    ├── TextError               1   a text cannot be read
    ├── MemoryFileError         1   the life's file, or an archive of it, cannot be used
    ├── PeopleError             1   the voices that were learnt cannot be used
    ├── BackupError             1   a backup cannot be made, kept, found or restored
    ├── ToolError               1   a tool was called wrongly or could not do it
    ├── ContactError            1   the trusted person could not be told
    ├── BrokerError             1   the MQTT broker cannot be reached, or refuses
    ├── RequestError            1   a page asked for something that cannot be; `status` is that of HTTP
    ├── WebError                1   the web server cannot be opened
    ├── WyomingError            1   the Wyoming server cannot be opened, a client asks for what cannot be, or another
    │                               Wyoming server cannot be used
    ├── ServiceError            1   systemd is not there, or refuses
    ├── CrowdedError            1   too many wait for an answer
    ├── PostponedError          1   what is written while nobody waits has to wait for the language server
    └── ModelError              1   a model is missing, damaged or fails
        ├── TooLargeError       78  a model does not fit into the memory: to try again changes nothing
        ├── AwayError           1   a language server cannot answer now, and may later
        └── FetchError          1   it could not be fetched

An error carries a key of `words/*/*.toml` ([errors]) and the values that its sentence names, so that it can be
said in each language: what happened, and what to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from digital_life import words

if TYPE_CHECKING:
    from digital_life.values import Language


class DigitalLifeError(Exception):
    """`key` names the sentence in words/*/*.toml; `values` fill its places."""

    exit_status: ClassVar[int] = 1

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values

    def sentence(self, language: Language) -> str:
        """What happened and what to do, on one line."""
        return words.load(language).text(f"errors.{self.key}", **self.values)

    def __str__(self) -> str:
        return self.sentence("en")


@contextmanager
def ungrouped() -> Iterator[None]:
    """Let an error of ours out of the group that a TaskGroup wraps it in: whoever acts on it seeks its class."""
    try:
        yield
    except BaseExceptionGroup as group:
        error = _first(group)
        if error is None:
            raise
        raise error from group


def _first(group: BaseExceptionGroup[BaseException]) -> DigitalLifeError | None:
    for error in group.exceptions:
        found = _first(error) if isinstance(error, BaseExceptionGroup) else error
        if isinstance(found, DigitalLifeError):
            return found
    return None


class UsageError(DigitalLifeError):
    exit_status = 2


class ConfigError(DigitalLifeError):
    exit_status = 78


class SoundError(DigitalLifeError):
    pass


class RecordingError(DigitalLifeError):
    pass


class TextError(DigitalLifeError):
    pass


class MemoryFileError(DigitalLifeError):
    pass


class PeopleError(DigitalLifeError):
    pass


class BackupError(DigitalLifeError):
    pass


class ToolError(DigitalLifeError):
    """A tool was called wrongly, or could not do what was asked; its sentence is told to the model, or to the user."""


class ContactError(DigitalLifeError):
    pass


class BrokerError(DigitalLifeError):
    pass


class RequestError(DigitalLifeError):
    """Of somebody who asked over HTTP."""

    def __init__(self, key: str, *, status: int = 400, **values: object) -> None:
        super().__init__(key, **values)
        self.status = status


class WebError(DigitalLifeError):
    pass


class WyomingError(DigitalLifeError):
    pass


class CrowdedError(DigitalLifeError):
    """Nobody was forgotten for it: who wrote is told at once."""


class PostponedError(DigitalLifeError):
    """Nothing of it is lost; it is done later."""


class ServiceError(DigitalLifeError):
    pass


class ModelError(DigitalLifeError):
    pass


class TooLargeError(ModelError):
    exit_status = 78


class AwayError(ModelError):
    """A language server cannot answer now, and may later."""

    def __init__(self, key: str, *, after_s: float | None = None, **values: object) -> None:
        """`after_s`: when it wants to be asked again; None when it does not say."""
        super().__init__(key, **values)
        self.after_s = after_s


class FetchError(ModelError):
    pass
