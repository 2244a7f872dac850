"""What is announced in the network is found by who looks for it, and gone when it is over."""

from __future__ import annotations

import pytest
from zeroconf import IPVersion
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from digital_life.backends import mdns
from digital_life.backends.mdns import announced

KIND = "_wyoming._tcp.local."
NAME = "Digital Life study"


async def found(looking: AsyncZeroconf) -> AsyncServiceInfo | None:
    info = AsyncServiceInfo(KIND, f"{NAME}.{KIND}")
    return info if await info.async_request(looking.zeroconf, 3_000) else None


async def test_it_is_found_at_its_address_and_port() -> None:
    looking = AsyncZeroconf(interfaces=["127.0.0.1"], ip_version=IPVersion.V4Only)
    try:
        async with announced(KIND, name=NAME, host="127.0.0.1", port=10750):
            info = await found(looking)
            assert info
            assert (info.port, info.parsed_addresses()) == (10750, ["127.0.0.1"])
    finally:
        await looking.async_close()


async def test_where_it_listens_everywhere_no_address_of_this_machine_alone_is_told() -> None:
    looking = AsyncZeroconf(interfaces=["127.0.0.1"], ip_version=IPVersion.V4Only)
    try:
        async with announced(KIND, name=NAME, host="0.0.0.0", port=10750):  # noqa: S104 - that is what is told of
            info = await found(looking)
            assert info
            assert "127.0.0.1" not in info.parsed_addresses()
    finally:
        await looking.async_close()


async def test_where_it_cannot_be_told_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(**_settings: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(mdns, "AsyncZeroconf", fail)
    async with announced(KIND, name=NAME, host="192.0.2.1", port=10750):
        assert f"{NAME} is not told to the network: no network" in caplog.text
