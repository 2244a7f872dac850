"""Who may ask the web server: by which name it was called, from which page, and whether a log-in is needed."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final, Literal

from digital_life.errors import RequestError

HOST: Final = re.compile(r"(?P<name>\[[0-9a-f:.]{2,45}\]|[a-z0-9_][a-z0-9._-]{0,252})(?::(?P<port>[0-9]{1,5}))?")
"""Of an HTTP header, in lower case."""
FORMS: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})
"""What a form of any page can send without asking first."""
READING: Final = frozenset({"GET", "HEAD"})

Kind = Literal["page", "data", "socket"]
"""What is asked for: something a browser shows, something that a script asks for, or a WebSocket."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request tells of where it comes from; None where it tells nothing."""

    kind: Kind
    method: str = "GET"
    host: str | None = None
    origin: str | None = None
    site: str | None = None
    """How near the page that asks is (Sec-Fetch-Site)."""
    navigates: bool = False
    """Whether the browser goes to a new page by it (Sec-Fetch-Mode)."""
    media_type: str = ""
    """Of the body; empty where there is none."""
    proxied: bool = False
    """Whether it shows that another program has passed it on."""


@dataclass(frozen=True, slots=True)
class Access:
    port: int
    secure: bool
    """Whether it is served by TLS."""
    local: bool
    """Whether it listens to this machine alone."""
    has_password: bool = False
    """Whether a password was set: then whoever uses this machine has to know it too."""
    names: frozenset[str] = frozenset()
    """By which it may be called besides, in lower case: those of the settings, at any port."""
    own_names: frozenset[str] = frozenset()
    """Those of this machine in its network."""

    def knows(self, host: str | None) -> bool:
        """Whether a browser may call it so.

        Else a page of the web could have its own name lead here, and read along (DNS rebinding).
        """
        name, port = _split(host)
        if name is None:
            return False
        if name in self.names or f"{name}:{port}" in self.names:
            return True
        ours = is_loopback(name) or (not self.local and (name in self.own_names or _is_address(name)))
        return ours and (port or self._usual_port) == self.port

    def is_free(self, asked: Asked) -> bool:
        """Whether no log-in is needed: no password was set, and it comes from this machine itself, through nothing."""
        name, _ = _split(asked.host)
        from_here = self.local and not asked.proxied and name is not None and is_loopback(name)
        return from_here and not self.has_password

    def check(self, asked: Asked, *, known: bool, by_token: bool = False) -> None:
        """Raise RequestError where it is refused.

        `known`: who asks has logged in; `by_token`: shows the token with this request, which no foreign page can.
        """
        if not self.knows(asked.host):
            raise RequestError("web-host", status=421, host=asked.host or "-")
        if not self._from_own_page(asked, by_token=by_token):
            raise RequestError("web-origin", status=403)
        if not (known or by_token or self.is_free(asked)):
            raise RequestError("web-login", status=401)

    def _from_own_page(self, asked: Asked, *, by_token: bool) -> bool:
        if asked.origin is not None and not _same(asked.origin, asked.host):
            return False
        reads = asked.method in READING
        if asked.site not in (None, "same-origin", "none"):
            return asked.kind == "page" and asked.navigates and reads
        if by_token or (reads and asked.kind != "socket"):
            return True
        return asked.origin is not None or (asked.site == "same-origin" and asked.kind != "socket")

    @property
    def _usual_port(self) -> int:
        return 443 if self.secure else 80


def check_body(media_type: str, *, takes_file: bool) -> None:
    """Raise RequestError for a body that a form of a foreign page could have sent as well."""
    fits = media_type not in FORMS - {"text/plain"} if takes_file else media_type in ("", "application/json")
    if not fits:
        raise RequestError("web-media-type", status=415, kind=media_type)


def is_loopback(name: str) -> bool:
    """Whether that name or address, as in a URL, is always this machine."""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _split(host: str | None) -> tuple[str | None, int | None]:
    """Name and port of a Host header; no name where it cannot be one."""
    found = HOST.fullmatch(host.lower()) if host else None
    if found is None:
        return None, None
    return found["name"].rstrip("."), int(found["port"]) if found["port"] else None


def _same(origin: str, host: str | None) -> bool:
    """Whether a page of that origin came from that host."""
    scheme, _, authority = origin.lower().partition("://")
    return scheme in ("http", "https") and host is not None and authority == host.lower()
