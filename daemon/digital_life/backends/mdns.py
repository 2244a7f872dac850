"""Says in the local network where a service is found, and finds others (DNS-SD over multicast DNS)."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import psutil
from zeroconf import Error, InterfaceChoice, IPVersion, ServiceInfo, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

log = logging.getLogger(__name__)

EVERY: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with
MOST: Final = 50
"""Services that are looked at: a network that tells of more means no good."""
LONGEST: Final = 100
"""Of a text that comes from the network."""


@dataclass(frozen=True, slots=True)
class Service:
    """Something that announces itself. Its texts are a stranger's: short, and of printable letters alone."""

    kind: str
    """Such as "_http._tcp.local."."""
    name: str
    host: str
    """An address."""
    port: int
    title: str = ""
    """What it calls itself for people; empty: nothing."""
    encrypted: bool = False
    """Whether it says that it wants a key."""


async def found(kinds: Sequence[str], *, within_s: float) -> tuple[Service, ...]:
    """What tells within that time that it is one of the `kinds`.

    Empty, and said in the log, where the network cannot be asked.
    """
    names: dict[str, str] = {}

    def hear(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        del zeroconf
        if state_change is ServiceStateChange.Removed:
            names.pop(name, None)
        elif len(names) < MOST:
            names[name] = service_type

    try:
        looking = AsyncZeroconf(interfaces=InterfaceChoice.All)
    except (OSError, RuntimeError, Error) as error:
        log.warning("the network cannot be asked what is there: %s", error)
        return ()
    try:
        browser = AsyncServiceBrowser(looking.zeroconf, list(kinds), handlers=[hear])
        await asyncio.sleep(within_s)
        await browser.async_cancel()
        asked = [AsyncServiceInfo(kind, name) for name, kind in names.items()]
        told = await asyncio.gather(*(each.async_request(looking.zeroconf, within_s * 1000) for each in asked))
        services = [_service(each) for each, answered in zip(asked, told, strict=True) if answered]
        return tuple(sorted((each for each in services if each), key=lambda each: (each.kind, each.name)))
    finally:
        await looking.async_close()


def _service(info: ServiceInfo) -> Service | None:
    """None: it tells no address that could be used."""
    host = _usable([*info.parsed_addresses(IPVersion.V4Only), *info.parsed_addresses(IPVersion.V6Only)])
    if host is None or not info.port:
        return None
    name = _text(info.name.removesuffix(f".{info.type}"))
    told = info.decoded_properties
    return Service(
        info.type,
        name,
        host,
        info.port,
        title=_text(told.get("friendly_name") or ""),
        encrypted=bool(told.get("api_encryption")),
    )


def _usable(addresses: Sequence[str]) -> str | None:
    """The first that is that of one machine, and not of this network card alone."""
    for each in addresses:
        address = ipaddress.ip_address(each.partition("%")[0])
        if not (address.is_unspecified or address.is_multicast or address.is_link_local):
            return str(address)
    return None


def _text(told: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in told).split())[:LONGEST]


def is_here(host: str) -> bool:
    """Whether that address is one of this machine."""
    return ipaddress.ip_address(host).is_loopback or host in _addresses()


@asynccontextmanager
async def announced(kind: str, *, name: str, host: str, port: int) -> AsyncGenerator[None]:
    """While this is entered, `name` of the `kind`, such as "_http._tcp.local.", is found at `host`.

    Where `host` is every address, all of this machine's are told. Where it cannot be, the log says why.
    """
    addresses = _addresses() if host in EVERY else [host]
    service = ServiceInfo(
        kind,
        f"{name}.{kind}",
        port=port,
        parsed_addresses=addresses,
        server=f"{socket.gethostname().partition('.')[0]}.local.",
    )
    zeroconf = None
    try:
        zeroconf = AsyncZeroconf(interfaces=InterfaceChoice.All if host in EVERY else [host])
        await zeroconf.async_register_service(service, allow_name_change=True)
    except (OSError, RuntimeError, Error) as error:  # RuntimeError: that address is no adapter's
        log.warning("%s is not told to the network: %s", name, error)
    try:
        yield
    finally:
        if zeroconf:
            await zeroconf.async_unregister_all_services()
            await zeroconf.async_close()


def _addresses() -> list[str]:
    """Of this machine in its networks; one that needs to be told with its network card helps nobody elsewhere."""
    families = (socket.AF_INET, socket.AF_INET6)
    every = [each.address for found in psutil.net_if_addrs().values() for each in found if each.family in families]
    return [each for each in every if "%" not in each and not ipaddress.ip_address(each).is_loopback]
