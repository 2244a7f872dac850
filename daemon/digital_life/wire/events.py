"""Events as they stand on the wire: a line of JSON, then the data and the payload whose lengths it tells."""

from __future__ import annotations

from typing import Annotated, Any, Final, TypeVar

import msgspec
from msgspec import Meta
from wyoming.event import Event

from digital_life.errors import WyomingError

LINE_BYTES: Final = 64 * 1024
DATA_BYTES: Final = 64 * 1024
PAYLOAD_BYTES: Final = 1024 * 1024
"""The most of each. A second of a studio's sound (192 kHz, 4 bytes) takes 768,000 bytes."""

T = TypeVar("T")


class Header(msgspec.Struct, frozen=True):
    """The line of JSON."""

    type: Annotated[str, Meta(max_length=100)]
    data: dict[str, Any] | None = None
    data_length: Annotated[int, Meta(ge=0)] | None = None
    payload_length: Annotated[int, Meta(ge=0, le=PAYLOAD_BYTES)] | None = None


def header(line: bytes, *, data_bytes: int = DATA_BYTES) -> Header:
    """Raises WyomingError where it is none, or tells of more than may come: of data, `data_bytes`."""
    head = _decoded(line, Header)
    if (head.data_length or 0) > data_bytes:
        raise WyomingError("wyoming-garbage")
    return head


def event(head: Header, data: bytes, payload: bytes) -> Event:
    """What stands behind the line counts before what stands in it. Raises WyomingError."""
    told = dict(head.data or {})
    if data:
        told |= _decoded(data, dict[str, Any])
    return Event(head.type, told, payload or None)


def wanted(found: Event, kind: type[T]) -> T:
    """The data of an event as `kind`, a Struct. Raises WyomingError."""
    try:
        return msgspec.convert(found.data, kind)
    except msgspec.ValidationError as error:
        raise WyomingError("wyoming-event", event=found.type) from error


def _decoded(written: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(written, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise WyomingError("wyoming-garbage") from error
