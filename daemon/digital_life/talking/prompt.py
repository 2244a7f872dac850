"""What the language model reads: the longest unchanged part first, the time and the question last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digital_life.values import Message, Role

if TYPE_CHECKING:
    from datetime import datetime

    from digital_life.config import Persona
    from digital_life.talking.dialogue import Dialogue
    from digital_life.words import Words


def persona(persona: Persona, words: Words) -> Message:
    """Who it is and how it speaks."""
    character = persona.character or words.text("persona.character")
    user = words.text("persona.user", user=persona.user) if persona.user else ""
    manner = words.text("persona.manner")
    return Message(
        Role.SYSTEM, words.text("persona.prompt", name=persona.name, character=character, user=user, manner=manner)
    )


def note(now: datetime, words: Words) -> str:
    """The day and the time, as it stands before what the user says."""
    weekday = words.texts("time.weekdays")[now.weekday()]
    month = words.texts("time.months")[now.month - 1]
    return words.text(
        "time.note",
        weekday=weekday,
        month=month,
        year=now.year,
        day=now.day,
        hour=now.hour,
        minute=f"{now.minute:02}",
    )


def opening(system: Message, dialogue: Dialogue, note: str) -> tuple[Message, ...]:
    """All that is known before the user has spoken: it can be read in advance."""
    return (system, *dialogue.messages, Message(Role.USER, note))


def whole(system: Message, dialogue: Dialogue, asked: str) -> tuple[Message, ...]:
    """The opening gone on with; `asked` begins with the same note."""
    return (system, *dialogue.messages, Message(Role.USER, asked))
