"""What is announced in the network is found by who looks for it, and gone when it is over."""

from __future__ import annotations

import pytest
from zeroconf import IPVersion, ServiceInfo
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


async def test_what_is_announced_is_found_with_its_address_and_port() -> None:
    async with announced(KIND, name=NAME, host="127.0.0.1", port=10750):
        services = await mdns.found([KIND, "_esphomelib._tcp.local."], within_s=1.0)
    mine = [each for each in services if each.name == NAME]
    assert [(each.kind, each.host, each.port) for each in mine] == [(KIND, "127.0.0.1", 10750)]
    assert mdns.is_here("127.0.0.1")
    assert not mdns.is_here("192.0.2.7")


async def test_what_a_stranger_writes_is_short_and_printable() -> None:
    kind = "_esphomelib._tcp.local."
    service = ServiceInfo(
        kind,
        f"bath.{kind}",
        port=6053,
        parsed_addresses=["127.0.0.1"],
        properties={"friendly_name": "bath\x1b[2J\n" + "x" * 200, "api_encryption": "Noise_NNpsk0"},
        server="bath.local.",
    )
    strange = AsyncZeroconf(interfaces=["127.0.0.1"])
    try:
        await strange.async_register_service(service)
        (found,) = [each for each in await mdns.found([kind], within_s=1.0) if each.name == "bath"]
    finally:
        await strange.async_unregister_all_services()
        await strange.async_close()
    assert found.title == ("bath [2J " + "x" * 200)[: mdns.LONGEST]
    assert found.encrypted


@pytest.mark.parametrize("addresses", [["169.254.1.2"], ["0.0.0.0"], ["224.0.0.1"], []])  # noqa: S104 - told so
def test_a_service_without_an_address_of_one_machine_is_left_out(addresses: list[str]) -> None:
    info = ServiceInfo(KIND, f"{NAME}.{KIND}", port=10700, parsed_addresses=addresses)
    assert mdns._service(info) is None


async def test_where_the_network_cannot_be_asked_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(**_settings: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(mdns, "AsyncZeroconf", fail)
    assert await mdns.found([KIND], within_s=0.1) == ()
    assert "cannot be asked" in caplog.text
