"""A conversation, put together: the ears over a microphone, and who speaks when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digital_life.backends import earcon
from digital_life.hearing.listener import Listener
from digital_life.hearing.wake import phrase_of, written_of
from digital_life.talking.quiet import QuietHours
from digital_life.talking.session import Earcons, Habits, Session
from digital_life.talking.understanding import Understanding

if TYPE_CHECKING:
    from collections.abc import Callable

    from digital_life.app import Parts
    from digital_life.broadcast import Broadcast
    from digital_life.context import Context
    from digital_life.ports import Microphone, Mute
    from digital_life.values import WakeHeard


def ears_of(parts: Parts, microphone: Microphone) -> Listener:
    settings = parts.context.settings
    return Listener(
        microphone=microphone,
        wake_words=parts.wake_words,
        voice_activity=parts.voice_activity,
        worker=parts.ears_worker,
        wake=settings.wake,
        hearing=settings.hearing,
        answer_wait_s=settings.conversation.answer_wait_s,
    )


def session_of(
    parts: Parts,
    ears: Listener,
    broadcast: Broadcast,
    *,
    mute: Mute,
    earcons: Earcons | None = None,
    room: str = "",
    is_first: Callable[[WakeHeard], bool] = lambda _: True,
) -> Session:
    """In `room`; empty: where this machine stands, and where it introduces itself. `is_first`: as Session's."""
    settings = parts.context.settings
    conversation = settings.conversation
    habits = Habits(
        answer_wait_s=conversation.answer_wait_s,
        follow_up_s=conversation.follow_up_s,
        language=settings.persona.language,
        earcons=earcons,
        quiet=quiet_hours(parts.context),
        open_silence_s=conversation.open_silence_s,
    )
    understanding = Understanding(
        stt=parts.stt,
        end_of_turn=parts.end_of_turn,
        wake_words=written_words(parts.context),
        speakers=parts.people.recognition if parts.people else None,
    )
    introducing = parts.beginning.introducing
    return Session(
        ears=ears,
        understanding=understanding,
        answering=parts.answering,
        saying=parts.saying,
        loudspeaker=parts.loudspeaker,
        clock=parts.context.clock,
        broadcast=broadcast,
        mute=mute,
        notes=parts.notes,
        habits=habits,
        awaited=(lambda _: False) if room else introducing.awaits,
        room=room,
        is_first=is_first,
    )


def quiet_hours(context: Context) -> QuietHours:
    conversation = context.settings.conversation
    return QuietHours.parse(conversation.quiet_hours, volume=conversation.quiet_volume)


def written_words(context: Context) -> dict[str, str]:
    """Each phrase, and how it is written."""
    return {phrase_of(word): written_of(word) for word in context.settings.wake.words}


def earcons() -> Earcons:
    return Earcons(
        woken=earcon.woken(),
        thinking=earcon.thinking(),
        muted=earcon.muted(),
        unmuted=earcon.unmuted(),
        ringing=earcon.ringing(),
    )
