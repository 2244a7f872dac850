"""The tensors of a PyTorch checkpoint, and nothing else of it: no code in it is run."""

from __future__ import annotations

import pickle
import zipfile
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from digital_life.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

TYPES: Mapping[str, type[np.generic]] = {"FloatStorage": np.float32, "LongStorage": np.int64}
"""What the numbers are, by the name that PyTorch gives to where they are stored."""
Tensor = npt.NDArray[Any]


def read(path: Path) -> dict[str, Tensor]:
    """Each tensor by its name. Raises ModelError for what is no checkpoint, or holds more than tensors."""
    if not path.is_file():
        raise ModelError("model-missing", path=path)
    try:
        with zipfile.ZipFile(path) as archive:
            root = next(each for each in archive.namelist() if each.endswith("/data.pkl")).removesuffix("data.pkl")
            with archive.open(f"{root}data.pkl") as file:
                found = _Tensors(file, archive, root).load()
        return {str(name): tensor for name, tensor in found.items() if isinstance(tensor, np.ndarray)}
    # A damaged pickle fails in whatever way its bytes happen to mean.
    except Exception as error:
        raise ModelError("model-broken", path=path, cause=str(error).split("\n", 1)[0]) from error


class _Tensors(pickle.Unpickler):
    """Knows names of tensors alone: a pickle can otherwise call whatever it names."""

    def __init__(self, file: Any, archive: zipfile.ZipFile, root: str) -> None:
        super().__init__(file)
        self._archive = archive
        self._root = root

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _tensor
        if module == "torch" and name in TYPES:
            return name
        raise pickle.UnpicklingError(f"{module}.{name} is no tensor")

    def persistent_load(self, pid: Any) -> Tensor:
        _, name, key, *_ = pid
        return np.frombuffer(self._archive.read(f"{self._root}data/{key}"), TYPES[name])


def _tensor(stored: Tensor, offset: int, shape: Sequence[int], stride: Sequence[int], *_rest: object) -> Tensor:
    """In PyTorch's order: a stride is in numbers, not bytes, and must not leave what is stored."""
    last = offset + sum((size - 1) * step for size, step in zip(shape, stride, strict=True))
    if min(offset, last, *stride, 0) < 0 or last >= len(stored):
        raise pickle.UnpicklingError("a tensor is larger than what is stored of it")
    steps = [step * stored.itemsize for step in stride]
    return np.lib.stride_tricks.as_strided(stored[offset:], tuple(shape), steps).copy()
