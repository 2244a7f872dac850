"""Sessions of onnxruntime that are fit for a machine on which they run all day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnxruntime

from digital_life.errors import ModelError


def open_session(path: Path, *, threads: int) -> Any:
    """Load the network at `path`: `threads` threads that sleep when there is nothing to do. Raises ModelError."""
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = threads
    # Waiting threads otherwise spin: 243 % of a core was measured for work that needs 23 %.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if not path.is_file():
        raise ModelError("model-missing", path=path)
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises classes of its own, one a cause
        raise ModelError("model-broken", path=path, cause=str(error).split("\n", 1)[0]) from error
