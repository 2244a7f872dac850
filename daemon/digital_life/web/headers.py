"""What the web server tells a browser beside the content: what a page may do, and who may look in."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Final

NOTHING: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Content-Security-Policy of what is no page."""
LOGIN: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

ALWAYS: Final = {
    "Server": "digital-life",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": (
        "microphone=(self), fullscreen=(self), screen-wake-lock=(self), autoplay=(self), "
        "camera=(), geolocation=(), payment=(), usb=(), display-capture=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def seal(headers: MutableMapping[str, str], *, policy: str = NOTHING) -> None:
    """Complete the headers of an answer; what it says itself stays."""
    for name, value in (*ALWAYS.items(), ("Content-Security-Policy", policy)):
        headers.setdefault(name, value)
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Cache-Control", "no-store")
