"""Speech to text by Whisper (faster-whisper), reading only as much sound as there is."""

from __future__ import annotations

import math
import os
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer

from digital_life import config
from digital_life.backends.belief import believed
from digital_life.backends.renewed import Renewed
from digital_life.backends.repetition import said_once
from digital_life.backends.simplified import simplified
from digital_life.errors import ModelError
from digital_life.values import RATE, Language, Transcript, Utterance
from digital_life.worker import Worker

SILENCE_S = 1.5
"""Silence put after the utterance: with less of it Whisper repeats itself more when it reads less than its 30 s."""
SHORT_S = 28.0
"""Longer sound goes the ordinary way, through windows of 30 s."""
REPETITIVE = 2.4
"""A text that zlib makes so many times shorter repeats itself (the figure is Whisper's own)."""
LONG_ENOUGH = 40
"""Bytes from which compression tells anything."""
TEMPERATURES = (0.0, 0.4)
"""Of the ordinary way: one more try where the text goes in circles. Whisper's own six took 15 s of two cores."""
TOKENS_PER_S = 12
TOKENS_MOST = 224
"""Nobody says more tokens in a second; Whisper's own limit of a window."""
HANGS_S = 8.0
HANGS_FACTOR = 2.0
"""Longer than this, and so many times as long as was spoken, it never takes. Two cores read 9 s of speech in 0.4 s; a
small machine that does much else, and goes through windows of 30 s twice, takes ten times as long."""


class Whisper:
    """SpeechToText in the configured languages; Chinese comes in simplified characters."""

    def __init__(self, loaded: Reader, load: Callable[[], Reader], worker: Worker) -> None:
        """One that hangs is left to its thread, and loaded anew by `load` on another."""
        self._reader = Renewed(loaded, load, worker, hangs="recogniser-hangs")

    @classmethod
    async def open(
        cls, folder: Path, *, worker: Worker, settings: config.SpeechToText, languages: Sequence[Language]
    ) -> Self:
        """Load the model in `folder` and let it transcribe once, which makes the next faster. Raises ModelError."""

        def load() -> Reader:
            reader = Reader(_load(folder, settings), settings, languages)
            reader.warm()
            return reader

        return cls(await worker.run(load), load, worker)

    async def transcribe(self, utterance: Utterance, *, hint: str = "") -> Transcript | None:
        most_s = HANGS_S + HANGS_FACTOR * utterance.seconds
        return await self._reader.run(lambda reader: reader.transcribe(utterance.pcm, hint), most_s=most_s)


class Reader:
    """Writes down what is heard. Blocking; owned by one thread."""

    def __init__(self, model: Any, settings: config.SpeechToText, languages: Sequence[Language]) -> None:
        self._model = model
        self._settings = settings
        self._languages = tuple(languages)

    def warm(self) -> None:
        """Have the model read a second of silence."""
        self._hear(np.zeros(RATE, dtype=np.float32), "")

    def transcribe(self, pcm: bytes, hint: str) -> Transcript | None:
        """The words in `pcm`; None when there are none. Raises ModelError."""
        sound = np.frombuffer(pcm, dtype=np.int16).astype(np.float32) / 32768
        try:
            heard = self._hear(sound, hint)
        except Exception as error:  # ctranslate2 raises what it likes, and memory may have run out
            raise ModelError("recogniser-failed", cause=type(error).__name__) from error
        if heard is None:
            return None
        text = heard.text.strip()
        if heard.language == "zh":
            text = simplified(text)
        return Transcript(text, heard.language, heard.confidence) if text else None

    def _hear(self, sound: Any, hint: str) -> Transcript | None:
        if len(sound) > SHORT_S * RATE:
            return self._in_windows(sound)
        heard = self._at_once(sound, hint)
        if heard and _is_babble(heard.text):
            return self._in_windows(sound)
        return heard

    def _at_once(self, sound: Any, hint: str) -> Transcript | None:
        """The whole utterance in one reading, as short as it is."""
        padded = np.concatenate((sound, np.zeros(int(SILENCE_S * RATE), dtype=np.float32)))
        mel = self._model.feature_extractor(padded)
        encoded = self._model.model.encode(ctranslate2.StorageView.from_array(np.ascontiguousarray(mel[None])))
        language = self._language(encoded)
        tokenizer = Tokenizer(
            self._model.hf_tokenizer, self._model.model.is_multilingual, task="transcribe", language=language
        )
        seconds = len(sound) / RATE
        before = [tokenizer.sot_prev, *tokenizer.encode(f" {hint}")] if hint else []
        result = self._model.model.generate(
            encoded,
            [[*before, *tokenizer.sot_sequence, tokenizer.no_timestamps]],
            beam_size=self._settings.beam,
            max_length=len(before) + min(TOKENS_MOST, int(8 + TOKENS_PER_S * seconds)),
            return_scores=True,
            return_no_speech_prob=True,
            suppress_blank=True,
            suppress_tokens=[-1],
        )[0]
        tokens = result.sequences_ids[0]
        log_probability = result.scores[0] * len(tokens) / (len(tokens) + 1)
        if not believed(result.no_speech_prob, log_probability, self._settings):
            return None
        return Transcript(said_once(tokenizer.decode(tokens).strip()), language, math.exp(log_probability))

    def _in_windows(self, sound: Any) -> Transcript | None:
        """Whisper's ordinary way: windows of 30 s, with all its guards."""
        language = self._language_in_window(sound)
        segments, _ = self._model.transcribe(
            sound,
            language=language,
            beam_size=self._settings.beam,
            temperature=TEMPERATURES,
            condition_on_previous_text=False,
        )
        kept = [each for each in segments if believed(each.no_speech_prob, each.avg_logprob, self._settings)]
        if not kept:
            return None
        mean = sum(each.avg_logprob for each in kept) / len(kept)
        return Transcript("".join(each.text for each in kept), language, math.exp(mean))

    def _language_in_window(self, sound: Any) -> Language:
        _, _, probabilities = self._model.detect_language(sound)
        return self._likeliest(dict(probabilities))

    def _language(self, encoded: Any) -> Language:
        if len(self._languages) == 1 or not self._model.model.is_multilingual:
            return self._languages[0]
        probabilities = self._model.model.detect_language(encoded)[0]
        return self._likeliest({name.strip("<|>"): probability for name, probability in probabilities})

    def _likeliest(self, probabilities: dict[str, float]) -> Language:
        return max(self._languages, key=lambda language: probabilities.get(language, 0.0))


def _load(folder: Path, settings: config.SpeechToText) -> Any:
    try:
        return WhisperModel(
            str(folder),
            device="cpu",
            compute_type="int8",
            cpu_threads=settings.threads or os.cpu_count() or 1,
            local_files_only=True,
        )
    except (RuntimeError, ValueError, OSError, MemoryError) as error:
        cause = str(error).split("\n", 1)[0] or type(error).__name__
        raise ModelError("model-broken", path=folder, cause=cause) from error


def _is_babble(text: str) -> bool:
    """Whether the text goes round in circles."""
    written = text.encode()
    return len(written) > LONG_ENOUGH and len(written) / len(zlib.compress(written)) > REPETITIVE
