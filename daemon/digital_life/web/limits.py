"""How often a log-in may be tried."""

from __future__ import annotations

import ipaddress
from typing import Final

from digital_life.web.bucket import Bucket

AT_ONCE: Final = 5
EACH_S: Final = 10.0
AT_ONCE_IN_ALL: Final = 20
EACH_IN_ALL_S: Final = 2.0
"""By whomever: many addresses together do not guess much faster than one."""
PEERS: Final = 1000
"""Addresses that are remembered."""


class LoginLimits:
    """The time is given: monotonic seconds."""

    def __init__(self) -> None:
        self._all = Bucket(most=AT_ONCE_IN_ALL, each_s=EACH_IN_ALL_S)
        self._of: dict[str, Bucket] = {}

    def take(self, peer: str, *, now: float) -> float:
        """0 when it may be tried now; else after how many seconds."""
        bucket = self._bucket(peer, now)
        if not bucket.take(now):
            return bucket.wait_s(now)
        if not self._all.take(now):
            bucket.give_back()
            return self._all.wait_s(now)
        return 0.0

    def succeeded(self, peer: str, *, now: float) -> None:
        """It was right: that was no guess."""
        self._bucket(peer, now).give_back()
        self._all.give_back()

    def _bucket(self, peer: str, now: float) -> Bucket:
        key = _network(peer)
        if key not in self._of and len(self._of) >= PEERS:
            self._of = {each: bucket for each, bucket in self._of.items() if not bucket.full(now)}
            if len(self._of) >= PEERS:  # all are guessing: whoever is new shares one bucket
                key = ""
        return self._of.setdefault(key, Bucket(most=AT_ONCE, each_s=EACH_S))


def _network(peer: str) -> str:
    """Of IPv6 the network: one machine has as many addresses as it likes."""
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return peer
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), 64), strict=False))
    return str(address)
