"""A network put together node by node, in the format of ONNX."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

OPSET, IR = 13, 8
"""Versions of ONNX that every runtime of the last years reads."""
FLOAT, INT64 = 1, 7
"""TensorProto.DataType."""
_INT, _INTS = 2, 7
"""AttributeProto.AttributeType."""
Attribute = int | tuple[int, ...]
Shape = tuple[str | int, ...]
"""A text names a size that is only known when it runs."""


class Network:
    """Its nodes and weights so far. The package `onnx` writes the same, and is 20 MB for what a page does here."""

    def __init__(self, inputs: Mapping[str, Shape]) -> None:
        self._inputs = inputs
        self._nodes: list[bytes] = []
        self._weights: list[bytes] = []
        self._count = 0

    def weight(self, values: npt.NDArray[Any]) -> str:
        """Numbers that the network holds; the name of them."""
        name = self._new("w")
        kind, stored = (INT64, np.int64) if values.dtype.kind == "i" else (FLOAT, np.float32)
        dims = b"".join(_number(1, size) for size in values.shape)
        raw = np.ascontiguousarray(values, stored).tobytes()
        self._weights.append(dims + _number(2, kind) + _text(8, name) + _bytes(9, raw))
        return name

    def node(self, op: str, inputs: Iterable[str], **attributes: Attribute) -> str:
        """One step; the name of what comes out of it."""
        name = self._new("n")
        parts = [_text(1, each) for each in inputs]
        parts += [_text(2, name), _text(4, op)]
        parts += [_bytes(5, _attribute(key, value)) for key, value in attributes.items()]
        self._nodes.append(b"".join(parts))
        return name

    def written(self, output: str, shape: Shape) -> bytes:
        """The whole of it, as a file of ONNX holds it; `output` is the node that it returns."""
        graph = [*(_bytes(1, each) for each in self._nodes), _text(2, "network")]
        graph += [_bytes(5, each) for each in self._weights]
        graph += [_bytes(11, _value(name, shape)) for name, shape in self._inputs.items()]
        graph += [_bytes(12, _value(output, shape))]
        opset = _text(1, "") + _number(2, OPSET)
        return _number(1, IR) + _bytes(7, b"".join(graph)) + _bytes(8, opset)

    def _new(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._count}"


def _value(name: str, shape: Shape) -> bytes:
    """A ValueInfoProto of floats."""
    sizes = (_text(2, each) if isinstance(each, str) else _number(1, each) for each in shape)
    tensor = _number(1, FLOAT) + _bytes(2, b"".join(_bytes(1, each) for each in sizes))
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, _INT)
    return _text(1, name) + b"".join(_number(8, each) for each in value) + _number(20, _INTS)


# The wire format of protocol buffers: a field's number and kind, then the field.


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; a negative number takes ten bytes."""
    value &= (1 << 64) - 1
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(written) + struct.pack("B", value)
