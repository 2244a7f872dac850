"""A socket listens where the settings say, or it is said what to do."""

from __future__ import annotations

import errno
import socket

import pytest

from digital_life.binding import Refusals, bind
from digital_life.errors import WyomingError
from digital_life.web import server as web
from digital_life.wyoming import server as wyoming

BOTH = pytest.mark.parametrize(("part", "refusals"), [("web", web.REFUSALS), ("wyoming", wyoming.REFUSALS)])


def test_it_listens_there() -> None:
    with bind("127.0.0.1", 0, web.REFUSALS) as bound:
        with socket.create_connection(bound.getsockname()):
            pass
        assert bound.getsockname()[0] == "127.0.0.1"


@BOTH
def test_a_port_that_is_taken_is_named(part: str, refusals: Refusals) -> None:
    with bind("127.0.0.1", 0, refusals) as first:
        port = first.getsockname()[1]
        with pytest.raises(refusals.error, match=f"port {port} is taken.*{part}.port"):
            bind("127.0.0.1", port, refusals)


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1"])
def test_an_address_of_another_machine_is_refused(host: str) -> None:
    with pytest.raises(WyomingError, match=r"wyoming\.host"):
        bind(host, 0, wyoming.REFUSALS)


@pytest.mark.parametrize(
    ("number", "said"), [(errno.EACCES, "above 1023"), (errno.EMFILE, "cannot be opened.*many files")]
)
@BOTH
def test_whatever_else_refuses_is_told(
    monkeypatch: pytest.MonkeyPatch, number: int, said: str, part: str, refusals: Refusals
) -> None:
    def refuse(*_address: object, **_how: object) -> socket.socket:
        raise OSError(number, "too many files")

    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(refusals.error, match=said) as raised:
        bind("127.0.0.1", 80, refusals)
    assert raised.value.key.startswith(part)
