"""The two chains that are compared: Digital Life's own parts, and the same libraries used naively."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
from faster_whisper import WhisperModel

from benches.material import Question, load
from digital_life import app
from digital_life.backends.silero import Silero
from digital_life.backends.wavfile import open_recording
from digital_life.broadcast import Broadcast, Event
from digital_life.catalogue import Chosen
from digital_life.context import Context
from digital_life.talking.spoken import chunks
from digital_life.values import FRAME, RATE, State, Turn

NAIVE_SILENCE_S = 0.7
"""After which the naive chain thinks that the user has finished."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One question's outcome; seconds from the true end of the question."""

    heard: str
    first_audio_s: float
    turn: Turn | None = None


async def ours(parts: app.Parts, question: Question) -> Answered | None:
    """Play the question at the speed of sound into a session; None when it made no turn of it.

    The first turn that is not about a stray noise counts. `first_audio` of a turn counts from the voice activity's
    opinion of where speech ended; here it is put right by where it truly did.
    """
    turns: list[Turn] = []
    broadcast = Broadcast()
    broadcast.subscribe(lambda event: turns.append(event) if isinstance(event, Turn) else None)
    spoken = _FirstSample(parts)
    broadcast.subscribe(spoken.note)
    session = app.session_on_recording(parts, open_recording(question.wav), broadcast, realtime=True)
    spoken.began = time.monotonic()
    await session.run()
    if not turns or spoken.at is None:
        return None
    return Answered(turns[0].heard.text, spoken.at - spoken.began - question.ends_s, turns[0])


class _FirstSample:
    """When the first answer began to sound, by the clock on the wall."""

    def __init__(self, parts: app.Parts) -> None:
        self._clock = parts.context.clock
        self.began = 0.0
        self.at: float | None = None

    def note(self, event: Event) -> None:
        if event is State.SPEAKING and self.at is None:
            self.at = time.monotonic()


class Naive:
    """Record to the end, transcribe, complete, synthesise, play: each step when the one before is done."""

    def __init__(self, chosen: Chosen, context: Context, parts: app.Parts) -> None:
        self._whisper = WhisperModel(str(chosen.speech_to_text), device="cpu", compute_type="int8")
        self._model: Any = llama_cpp.Llama(
            str(chosen.language_model), n_ctx=context.settings.llm.context, verbose=False
        )
        self._context = context
        self._voice = parts.voice
        self._system = context.words.text("persona.manner")

    async def answer(self, question: Question) -> Answered:
        sound = await asyncio.to_thread(load, question.wav)
        until_s = await asyncio.to_thread(_silent_after, sound, question.ends_s)
        began = time.monotonic()
        heard, language = await asyncio.to_thread(self._transcribe, sound[: int(until_s * RATE)])
        reply = await asyncio.to_thread(self._complete, heard)
        for chunk in chunks(reply, main="zh" if language == "zh" else "en"):
            if chunk.spoken:
                await self._voice.synthesize(chunk.spoken, chunk.language)
        return Answered(heard, until_s - question.ends_s + time.monotonic() - began)

    def _transcribe(self, sound: Any) -> tuple[str, str]:
        segments, info = self._whisper.transcribe(sound)  # beam 5, windows of 30 s: as it comes
        return "".join(each.text for each in segments).strip(), info.language

    def _complete(self, heard: str) -> str:
        done = self._model.create_chat_completion(
            [{"role": "system", "content": self._system}, {"role": "user", "content": heard}],
            max_tokens=self._context.settings.llm.reply_tokens,
            temperature=self._context.settings.llm.temperature,
        )
        return str(done["choices"][0]["message"]["content"])


def _silent_after(sound: Any, ends_s: float) -> float:
    """When silero has found so much silence behind the question."""
    vad, last_voice_s = Silero(), ends_s
    pcm = (sound * 32767).astype(np.int16).tobytes()
    for start in range(0, len(pcm) - 2 * FRAME + 1, 2 * FRAME):
        end_s = (start // 2 + FRAME) / RATE
        if any(each >= 0.5 for each in vad.feed(pcm[start : start + 2 * FRAME])):
            last_voice_s = end_s
        elif end_s > ends_s and end_s - last_voice_s >= NAIVE_SILENCE_S:
            return end_s
    return ends_s + NAIVE_SILENCE_S


def sentences(data: Path) -> dict[str, Path]:
    """What people read in the data, and where."""
    folder = data / "speech" / "sentences"
    return {truth: folder / name for name, truth in json.loads((folder / "transcripts.json").read_text()).items()}
