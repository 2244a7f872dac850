"""Every module that reads bytes which others may have written, and the case of `scripts/bench fuzz` that feeds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FUZZED: Final[Mapping[str, str]] = {
    # What comes over a network.
    "backends/completion.py": "completions",
    "backends/encoded.py": "sound of servers",
    "backends/esphome_link.py": "ESPHome devices",
    "backends/hub.py": "indexes",
    "backends/index.py": "indexes",
    "backends/livesound.py": "fetched sound",
    "backends/openai_http.py": "models of servers",
    "backends/openai_transcription.py": "transcriptions",
    "backends/web.py": "answers of the web",
    "backends/wyoming_tts.py": "Wyoming sound",
    "devices/discovery.py": "announcements",
    "devices/orders.py": "commands of the broker",
    "devices/templates.py": "announcements",
    "display/messages.py": "display messages",
    "web/course.py": "messages of pages",
    "web/resource.py": "requests",
    "web/watching.py": "watching pages",
    "wire/events.py": "Wyoming events",
    # What lies in a file.
    "avatars.py": "faces",
    "backends/arrays.py": "arrays",
    "backends/avatars.py": "avatars",
    "backends/backup_notes.py": "backups' note",
    "backends/checkpoint.py": "checkpoints",
    "backends/consents.py": "consents",
    "backends/documents.py": "texts",
    "backends/kept.py": "saved prompts",
    "backends/openwakeword.py": "wake words",
    "backends/persona.py": "personas' names",
    "backends/settingsfile.py": "changed settings",
    "backends/wakenotes.py": "notes of wakings",
    "backends/wavfile.py": "recordings",
    "beginning.py": "the first talk's note",
    "calibration.py": "calibration",
    "catalogue.py": "catalogues",
    "config.py": "settings",
    "devices/file.py": "devices.toml",
    "memory/archive.py": "archives",
    "memory/foreign.py": "memories of other programs",
    "memory/reading.py": "gists",
    "mishaps.py": "what went wrong of late",
    "memory/waiting.py": "waiting.json",
    "people/file.py": "people.json",
    "proven.py": "lock.json of models",
    "upgrade.py": "other versions",
    "web/login.py": "log-ins",
    # What the language model writes.
    "tools/grammar.py": "calls of the model",
}
OWN: Final[Mapping[str, str]] = {
    "backends/espeak.py": "what a program of its own wrote a moment ago",
    "backends/kokoro.py": "files of a model, proven by their sums",
    "backends/piper.py": "files of a model, proven by their sums",
    "backends/speakers.py": "what a program of its own wrote a moment ago",
    "care/helplines.py": "comes with it",
    "care/signs.py": "comes with it",
    "care/resemblance.py": "comes with it",
    "memory/carefile.py": "what it put into a life, which is proven when it arrives",
    "memory/lifefile.py": "what it put into a life, which is proven when it arrives",
    "memory/notefile.py": "what it put into a life, which is proven when it arrives",
    "memory/resealing.py": "what it wrote itself, and saw on the disk, before it began",
    "memory/store.py": "what it put into a life, which is proven when it arrives",
    "memory/terms.py": "comes with it",
    "talking/spoken/tables.py": "comes with it",
    "views/setup.py": "it writes",
    "words/__init__.py": "comes with it",
}
"""Those that read what nobody else writes, and why."""
