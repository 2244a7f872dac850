"""Says in the local network where a service is found (DNS-SD over multicast DNS)."""

from __future__ import annotations

import ipaddress
import logging
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

import psutil
from zeroconf import Error, InterfaceChoice, ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

log = logging.getLogger(__name__)

EVERY: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with


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
