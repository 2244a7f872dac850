"""What is said to it about the talk itself, understood without the language model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from digital_life import words

if TYPE_CHECKING:
    from digital_life.values import Transcript

Command = Literal["stop", "bye", "go-on", "talk", "mute", "why", "backchannel", "heard"]
"""Be silent; a farewell, after which it listens no more; say the rest of what was interrupted; stay and talk; hear
nothing; why it woke; "mm-hmm"; "thank you", "I'm awake"."""
SETTLING = frozenset({"stop", "backchannel", "heard"})
"""What shows that something announced was heard, and asks for no answer."""


def understood(transcript: Transcript) -> Command | None:
    """None when it is an ordinary thing to say."""
    text = words.load(transcript.language)
    return next((each for each in get_args(Command) if text.match(f"commands.{each}", transcript.text)), None)
