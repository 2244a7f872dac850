"""The composition root: the only module that knows every concrete part."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from digital_life.backends.earcon import wake_tone
from digital_life.backends.espeak import Espeak
from digital_life.backends.kokoro import Kokoro
from digital_life.backends.llama_cpp import LlamaCpp
from digital_life.backends.openwakeword import OpenWakeWord
from digital_life.backends.piper import Piper
from digital_life.backends.silero import Silero
from digital_life.backends.sound import SoundLoudspeaker, SoundMicrophone, SoundSystem
from digital_life.backends.voices import Voices
from digital_life.backends.whisper import Whisper
from digital_life.broadcast import Broadcast
from digital_life.catalogue import Chosen, Store, load_catalogue
from digital_life.commands.context import Context
from digital_life.hearing.listener import Listener
from digital_life.ports import Loudspeaker, Microphone, TextToSpeech
from digital_life.talking.answering import Answering
from digital_life.talking.saying import Saying
from digital_life.talking.session import Habits, Session
from digital_life.talking.speaking import Speaking
from digital_life.talking.writing import Writing
from digital_life.values import Language
from digital_life.worker import Worker
