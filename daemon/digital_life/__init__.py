"""Digital Life: a companion that lives on its person's own machine."""

import os

# onnxruntime on Linux reports to its maker unless this stands in the environment before it is imported;
# its own switch after the import comes too late.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
