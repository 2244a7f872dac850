"""The console: the pages in which a person sees and controls everything."""

from __future__ import annotations

import functools
from importlib import resources
from typing import Final

import msgspec

from digital_life import words
from digital_life.values import Language
from digital_life.web.site import Folder

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "media-src 'self' blob:; worker-src 'self'; frame-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
WORDS: Final = "/words.json"
TABLES: Final = ("console", "display", "state")
"""Of words/*/*.toml: what a page may need."""


def folder() -> Folder:
    """Its files, as they are shipped."""
    return Folder("/", resources.files(__package__) / "static", POLICY)


@functools.cache
def words_json(language: Language) -> bytes:
    """All that it says in that language, to be served at WORDS."""
    table = words.load(language).table
    return msgspec.json.encode({name: table[name] for name in TABLES})
