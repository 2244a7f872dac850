"""What is said about the talk itself."""

from __future__ import annotations

import pytest

from digital_life.talking.commands import Command, understood
from digital_life.values import Language, Transcript


@pytest.mark.parametrize(
    ("language", "said", "command"),
    [
        ("en", "Stop.", "stop"),
        ("en", "Okay, stop it please!", "stop"),
        ("en", "Never mind.", "stop"),
        ("en", "Stop the timer.", "heard"),
        ("en", "Go on.", "go-on"),
        ("en", "Mm-hmm.", "backchannel"),
        ("en", "Oh, I see.", "backchannel"),
        ("en", "Right, and then?", None),
        ("en", "Goodbye!", "bye"),
        ("en", "That’s all, thanks.", "bye"),
        ("zh", "停！", "stop"),
        ("zh", "别说了。", "stop"),
        ("zh", "停车场在哪里？", None),
        ("zh", "继续说。", "go-on"),
        ("zh", "嗯嗯。", "backchannel"),
        ("zh", "好的，好的", "backchannel"),
        ("zh", "好的，那明天呢？", None),
        ("zh", "再见。", "bye"),
        ("zh", "好的，谢谢你。", "heard"),
        ("zh", "好的写写你", "heard"),
        ("zh", "写写信", None),
    ],
)
def test_a_command_is_the_whole_of_what_was_said(language: Language, said: str, command: Command | None) -> None:
    assert understood(Transcript(said, language, 1.0)) == command
