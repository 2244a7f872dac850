"""Events on the wire: what the library writes is read, and nothing else."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wyoming.event import Event, async_write_event

from digital_life.errors import WyomingError
from digital_life.wire import events
from digital_life.wyoming.requests import Said

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


class Written:
    """A StreamWriter that keeps all."""

    def __init__(self) -> None:
        self.whole = b""

    def write(self, data: bytes) -> None:
        self.whole += data

    def writelines(self, parts: tuple[bytes, ...]) -> None:
        self.whole += b"".join(parts)

    async def drain(self) -> None:
        pass


def read(whole: bytes) -> Event:
    line, _, behind = whole.partition(b"\n")
    head = events.header(line)
    length = head.data_length or 0
    assert len(behind) == length + (head.payload_length or 0)
    return events.event(head, behind[:length], behind[length:])


@given(st.text(max_size=20), st.dictionaries(st.text(max_size=10), JSON, max_size=5), st.binary(max_size=100))
def test_what_the_library_writes_is_read(kind: str, data: dict[str, object], payload: bytes) -> None:
    written, event = Written(), Event(kind, data, payload or None)
    asyncio.run(async_write_event(event, written))  # type: ignore[arg-type] # all of a StreamWriter that it uses
    assert read(written.whole) == event


@given(st.binary())
def test_nothing_else_is_more_than_an_error(line: bytes) -> None:
    try:
        events.header(line)
    except WyomingError:
        return


@pytest.mark.parametrize("deep", [b"[" * 60_000, b'{"type": "a", "data": ' + b'{"a":' * 12_000])
def test_what_is_nested_too_deeply_is_an_error(deep: bytes) -> None:
    with pytest.raises(WyomingError):
        events.header(deep)


def test_what_stands_behind_the_line_counts_before_what_stands_in_it() -> None:
    head = events.header(b'{"type": "transcript", "data": {"text": "a", "language": "en"}, "data_length": 1}')
    assert events.event(head, b'{"text": "b"}', b"").data == {"text": "b", "language": "en"}


def test_an_event_without_what_it_needs_is_an_error_that_repeats_nothing_of_it() -> None:
    with pytest.raises(WyomingError) as found:
        events.wanted(Event("transcript", {"text": ["a secret"]}), Said)
    assert "secret" not in str(found.value)
