"""The client of a server that the settings name: its certificate verified, its key read anew each time."""

from __future__ import annotations

import ipaddress

import httpx

from digital_life.errors import ConfigError, ModelError
from digital_life.secretfile import path_of, word_in

HIGHEST_PORT = 65_535


def open_client(address: str, *, setting: str, connect_s: float) -> httpx.AsyncClient:
    """Connects nowhere until it is asked to. Raises ConfigError where the address, that of `setting`, is none."""
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise ConfigError("server-address", setting=setting, address=address, cause=error) from error
    if url.port and url.port > HIGHEST_PORT:
        raise ConfigError("server-address", setting=setting, address=address, cause=url.port)
    return httpx.AsyncClient(
        base_url=url,
        # Made here, since without `trust_env` SSL_CERT_FILE would not be read.
        verify=httpx.create_ssl_context(),
        trust_env=not _is_at_home(url.host),
        # How long it may take to answer is timed by who asks; a sign of life on the wire is no answer.
        timeout=httpx.Timeout(None, connect=connect_s),
        # One that was kept may be closed just as it is used, which no question should cost; a new one takes 1 ms.
        limits=httpx.Limits(max_keepalive_connections=0),
    )


def key_header(file: str, *, setting: str) -> dict[str, str]:
    """With the key as `file` has it now: one that was put right needs no restart. Raises ModelError.

    An empty `file`: the server needs none.
    """
    return {"Authorization": f"Bearer {_key(file, setting)}"} if file else {}


def _is_at_home(host: str) -> bool:
    """Whether no proxy is between here and there."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost" or host.endswith(".local")


def _key(file: str, setting: str) -> str:
    """The one word in the file. Nothing else may stand in it: an error of the wire would tell it."""
    path = path_of(file)
    try:
        return word_in(path)
    except (OSError, ValueError) as error:
        raise ModelError("server-key-unreadable", path=path, setting=setting) from error
