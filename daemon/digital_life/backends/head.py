"""A wake word's head: one weight for each number that the embeddings hold, fitted here and written as .onnx."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from digital_life.backends.openwakeword import EMBEDDING
from digital_life.errors import ModelError

try:
    import onnx
    from sklearn.linear_model import LogisticRegression
except ImportError as error:
    raise ModelError("train-missing", cause=error.name) from error

Array = npt.NDArray[np.float32]
LOOKS_AT = 16
"""Embeddings, as openwakeword's own heads."""
STRICTNESS = 0.7
"""How little one example may pull at the weights, over their number.

Less lets it learn the computed voices instead of the phrase: with a tenth of it, or with a hidden layer, two to three
times as many real people were missed at the same false alarms.
"""
OPSET, IR = 13, 8
"""Versions of ONNX that every runtime of the last years reads."""


@dataclass(frozen=True, slots=True)
class Head:
    """score = sigmoid(weights · embeddings + bias)."""

    weights: Array
    """LOOKS_AT rows of EMBEDDING."""
    bias: float

    def scores(self, embeddings: Array) -> Array:
        """One score for each embedding that has enough others before it."""
        windows = np.lib.stride_tricks.sliding_window_view(embeddings, LOOKS_AT, axis=0)
        sums = np.einsum("fel,le->f", windows, self.weights, optimize=True) + self.bias
        scores: Array = (1 / (1 + np.exp(-sums))).astype(np.float32)
        return scores


def fit(windows: Array, wanted: npt.NDArray[np.bool_], importance: Array) -> Head:
    """The head that tells the `wanted` windows from the others. A window is as many embeddings as matter."""
    mean, spread = windows.mean(axis=0), windows.std(axis=0) + 1e-3
    flat = ((windows - mean) / spread).reshape(len(windows), -1)
    # Balanced: a score of a half means as likely as not, however many examples of each kind there were.
    model = LogisticRegression(C=1 / (STRICTNESS * len(windows)), class_weight="balanced", max_iter=300)
    model.fit(flat, wanted, sample_weight=importance)
    weights = model.coef_.reshape(mean.shape) / spread
    bias = float(model.intercept_[0] - np.sum(weights * mean))
    older = np.zeros((LOOKS_AT - len(weights), EMBEDDING), dtype=np.float32)
    return Head(np.concatenate((older, weights.astype(np.float32))), bias)


def write(head: Head, path: Path) -> None:
    """As openwakeword's heads are: `[1, 16, 96]` in, one score out."""
    flat = LOOKS_AT * EMBEDDING
    given = onnx.helper.make_tensor_value_info("embeddings", onnx.TensorProto.FLOAT, [1, LOOKS_AT, EMBEDDING])
    score = onnx.helper.make_tensor_value_info("score", onnx.TensorProto.FLOAT, [1, 1])
    constants = [
        onnx.numpy_helper.from_array(head.weights.reshape(flat, 1), "weights"),
        onnx.numpy_helper.from_array(np.array([head.bias], np.float32), "bias"),
    ]
    nodes = [
        onnx.helper.make_node("Flatten", ["embeddings"], ["flat"]),
        onnx.helper.make_node("Gemm", ["flat", "weights", "bias"], ["sum"]),
        onnx.helper.make_node("Sigmoid", ["sum"], ["score"]),
    ]
    graph = onnx.helper.make_graph(nodes, "wake word", [given], [score], constants)
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", OPSET)], ir_version=IR)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, path)
