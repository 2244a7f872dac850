"""Who of the household speaks, put together: the network, the voices that were learnt, and the wishes about them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from digital_life.backends.campplus import CamPlusPlus
from digital_life.backends.pinyin import sound
from digital_life.backends.silero import Silero
from digital_life.backends.sound import SoundMicrophone, SoundSystem
from digital_life.catalogue import Store, load_catalogue
from digital_life.config import Hearing
from digital_life.context import Context
from digital_life.hearing.segmenter import Segmenter
from digital_life.people.file import PeopleFile
from digital_life.people.recognition import Recognition
from digital_life.people.wishes import PeopleWishes
from digital_life.ports import Microphone, SpeakerEmbedding, VoiceActivity
from digital_life.talking import names
from digital_life.values import NothingSaid, Utterance
from digital_life.worker import Worker

SENTENCE_WAIT_S = 15.0
"""For so long the command line waits for somebody to begin a sentence."""


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What knows people by their voices."""

    recognition: Recognition
    wishes: PeopleWishes


@asynccontextmanager
async def open_acquaintance(context: Context, network: Path | None) -> AsyncGenerator[Acquaintance | None]:
    """`network`: the checkpoint; None, and nothing: nobody's voice is looked at. Raises ModelError."""
    if network is None:
        yield None
        return
    settings, file = context.settings, PeopleFile(context.home, context.seal())
    async with Worker("speakers") as worker:
        embedding = await worker.run(lambda: CamPlusPlus(network))
        threshold = settings.people.threshold
        recognition = Recognition(embedding, worker=worker, file=file, threshold=threshold)
        wishes = PeopleWishes(
            file, model=embedding.name, clock=context.clock, user=settings.persona.user, name_of=_name_of
        )
        yield Acquaintance(recognition, wishes)


def load_embedding(context: Context) -> SpeakerEmbedding:
    """The network alone. Raises ModelError."""
    store = Store(context.models, load_catalogue())
    return CamPlusPlus(store.require(store.speakers))


async def hear_sentence(context: Context, *, ready: Callable[[], None]) -> bytes:
    """What somebody says into this machine's microphone; empty when nobody does. Raises SoundError.

    `ready` is called when it can be heard.
    """
    async with Worker("sound") as sound_worker, Worker("ears") as ears:
        audio = context.settings.audio
        microphone = SoundMicrophone(SoundSystem(sound_worker), audio.input)
        activity = await ears.run(Silero)
        return await sentence(microphone, activity, ears, context.settings.hearing, ready=ready)


async def sentence(
    microphone: Microphone, activity: VoiceActivity, worker: Worker, settings: Hearing, *, ready: Callable[[], None]
) -> bytes:
    """The next utterance; empty when there is none. Raises SoundError."""
    segmenter: Segmenter | None = None
    async with aclosing(microphone.frames()) as frames:
        async for frame in frames:
            if segmenter is None:
                segmenter = Segmenter(settings, position=frame.position, wait_s=SENTENCE_WAIT_S)
                ready()
            voice = await worker.run(partial(activity.feed, frame.pcm))
            for event in segmenter.feed(frame.pcm, voice, frame.captured):
                if isinstance(event, Utterance):
                    return event.pcm
                if isinstance(event, NothingSaid):
                    return b""
    over = segmenter.close() if segmenter else None
    return over.pcm if over else b""


def _name_of(said: str) -> str | None:
    found = names.given(said, sound=sound)
    return found.name if found else None
