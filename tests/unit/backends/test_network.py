"""Networks that are put together here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.network import Network
from digital_life.backends.onnx import open_network


def affine(weight: np.ndarray[tuple[int, ...], np.dtype[np.float32]], bias: float) -> bytes:
    network = Network({"x": (1, "width")})
    product = network.node("MatMul", ["x", network.weight(weight)])
    total = network.node("Add", [product, network.weight(np.array([bias], np.float32))])
    return network.written(network.node("Concat", [total, total], axis=1), (1, 2 * weight.shape[1]))


def test_what_is_written_is_a_network_as_the_package_onnx_reads_it() -> None:
    weight = np.arange(6, dtype=np.float32).reshape(3, 2)
    model = onnx.load_from_string(affine(weight, 0.5))
    onnx.checker.check_model(model, full_check=True)
    assert [node.op_type for node in model.graph.node] == ["MatMul", "Add", "Concat"]
    assert np.array_equal(onnx.numpy_helper.to_array(model.graph.initializer[0]), weight)
    assert model.graph.input[0].type.tensor_type.shape.dim[1].dim_param == "width"


def test_it_computes_what_its_nodes_say() -> None:
    weight = np.array([[1, 2], [3, 4]], np.float32)
    session = open_network(affine(weight, -1.0), path=Path("written here"), threads=1)
    (found,) = session.run(None, {"x": np.array([[1, 10]], np.float32)})
    assert found.tolist() == [[30.0, 41.0, 30.0, 41.0]]


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=5))
def test_whole_numbers_of_any_size_are_read_back(numbers: list[int]) -> None:
    network = Network({"x": (1,)})
    network.weight(np.array(numbers))
    model = onnx.load_from_string(network.written(network.node("Reshape", ["x"], axes=tuple(numbers)), (1,)))
    assert onnx.numpy_helper.to_array(model.graph.initializer[0]).tolist() == numbers
    assert list(model.graph.node[0].attribute[0].ints) == numbers
