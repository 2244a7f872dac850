"""What is learnt in the introduction, only remembered."""

from __future__ import annotations

from collections.abc import Mapping

from digital_life.errors import ConfigError
from digital_life.talking.introduction import Introduction, Topic
from digital_life.values import Language


class FakeLearning:
    """Keeping."""

    def __init__(self, *, fails: bool = False) -> None:
        self.learnt: dict[Topic, str] = {}
        self.voices: list[str] = []
        """Those that were tried."""
        self.left: tuple[Topic, ...] = ()
        self._fails = fails

    async def learn(self, learnt: Mapping[Topic, str], language: Language) -> None:  # noqa: ARG002
        if self._fails:
            raise ConfigError("config-missing", path="x")
        self.learnt |= learnt

    async def try_voice(self, name: str, language: Language) -> None:  # noqa: ARG002
        self.voices.append(name)

    def note(self, state: Introduction) -> None:
        self.left = state.topics
