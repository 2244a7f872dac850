"""All that a web server serves, as plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path

from digital_life.ports import Channel
from digital_life.values import Language
from digital_life.web.resource import Resource


@dataclass(frozen=True, slots=True)
class Folder:
    """Files of pages, as they are."""

    prefix: str
    """Of their paths: begins and ends with a slash. The one of "/" holds the console."""
    files: Traversable | Path
    policy: str
    """Content-Security-Policy of its pages."""
    index: str = "index.html"
    """What stands at the prefix itself."""


@dataclass(frozen=True, slots=True)
class Site:
    resources: tuple[Resource, ...] = ()
    channels: Mapping[str, Channel] = field(default_factory=dict)
    """Path of a WebSocket, and what it is connected to."""
    folders: tuple[Folder, ...] = ()
    documents: Mapping[str, Callable[[Language], bytes]] = field(default_factory=dict)
    """Path of JSON that is made rather than kept, in the language of the page."""
