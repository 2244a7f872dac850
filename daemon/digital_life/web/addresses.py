"""Where the web server is found: its address, and the names of this machine."""

from __future__ import annotations

import ipaddress
import socket
from typing import Final

EVERY: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with
"""Listening addresses that are all of this machine's."""
ELSEWHERE: Final = "192.0.2.1"
"""An address that is nobody's; nothing is sent to it."""


def address_of(host: str, port: int, *, secure: bool) -> str:
    """As a browser wants it."""
    if host in EVERY:
        host = "[::1]" if host == "::" else "127.0.0.1"
    scheme, usual = ("https", 443) if secure else ("http", 80)
    return f"{scheme}://{_bracketed(host)}" + ("" if port == usual else f":{port}")


def own_names() -> tuple[str, ...]:
    """By which other machines of the network may know this one."""
    name = socket.gethostname().lower().rstrip(".")
    short = name.partition(".")[0]
    return tuple(dict.fromkeys((name, short, f"{short}.local"))) if short else ()


def network_address() -> str | None:
    """Of this machine in its network; None where it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((ELSEWHERE, 9))
        except OSError:
            return None
        return str(probe.getsockname()[0])


def _bracketed(host: str) -> str:
    try:
        return f"[{host}]" if ipaddress.ip_address(host).version == 6 else host
    except ValueError:
        return host
