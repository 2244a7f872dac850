"""What is read of a checkpoint, and what is refused."""

from __future__ import annotations

import io
import os
import pickle
import tempfile
import zipfile
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.checkpoint import read
from digital_life.errors import ModelError


class Named:
    """Pickled as the name of something of PyTorch, as its checkpoints are."""

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name


class Tensor:
    def __init__(
        self, key: str, shape: tuple[int, ...], stride: tuple[int, ...], *, kind: str = "FloatStorage"
    ) -> None:
        self.key, self.shape, self.stride, self.kind = key, shape, stride, kind


PICKLER: Any = getattr(pickle, "_Pickler")  # noqa: B009 - the one in Python, which its types do not tell of


class Writer(PICKLER):  # type: ignore[misc] # as above
    """PyTorch's way to write a state: the numbers of each tensor lie beside the pickle."""

    def save(self, obj: Any, save_persistent_id: bool = True) -> Any:  # noqa: ARG002, FBT001, FBT002 - as it is called
        if isinstance(obj, Named):
            self.write(f"c{obj.module}\n{obj.name}\n".encode())
        elif isinstance(obj, Tensor):
            self.write(b"ctorch._utils\n_rebuild_tensor_v2\n(")
            self.write(b"(")
            for each in ("storage", Named("torch", obj.kind), obj.key, "cpu", 1):
                self.save(each)
            self.write(b"tQ")
            hooks: OrderedDict[str, int] = OrderedDict()
            for part in (0, obj.shape, obj.stride, False, hooks):
                self.save(part)
            self.write(b"tR")
        else:
            super().save(obj)


def written(path: Path, state: dict[str, Any], stored: dict[str, bytes]) -> Path:
    pickled = io.BytesIO()
    Writer(pickled, protocol=2).dump(state)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickled.getvalue())
        for key, numbers in stored.items():
            archive.writestr(f"archive/data/{key}", numbers)
    return path


def test_tensors_are_read_by_name_in_their_own_order(tmp_path: Path) -> None:
    numbers = np.arange(6, dtype="<f4").tobytes()
    state = {
        "rows": Tensor("0", (2, 3), (3, 1)),
        "columns": Tensor("0", (3, 2), (1, 3)),
        "count": Tensor("1", (), (), kind="LongStorage"),
    }
    found = read(written(tmp_path / "c.pt", state, {"0": numbers, "1": (7).to_bytes(8, "little")}))
    assert found["rows"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert found["columns"].tolist() == [[0, 3], [1, 4], [2, 5]]
    assert found["count"] == 7


@pytest.mark.parametrize(("module", "name"), [("os", "system"), ("builtins", "eval"), ("torch", "load")])
def test_what_is_no_tensor_is_not_even_looked_up(module: str, name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=f"{module}.{name} is no tensor"):
        read(written(tmp_path / "c.pt", {"evil": Named(module, name)}, {}))


def test_nothing_in_it_is_run(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.mkdir, (str(tmp_path / "was-here"),)

    path = tmp_path / "c.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({"weight": Evil()}))
    with pytest.raises(ModelError):
        read(path)
    assert not (tmp_path / "was-here").exists()


@pytest.mark.parametrize("shape", [(7,), (2, 4), (1_000_000_000,)])
def test_a_tensor_that_is_larger_than_its_numbers_is_refused(shape: tuple[int, ...], tmp_path: Path) -> None:
    stride = (1,) if len(shape) == 1 else (shape[1], 1)
    with pytest.raises(ModelError, match="larger than what is stored"):
        read(written(tmp_path / "c.pt", {"w": Tensor("0", shape, stride)}, {"0": bytes(24)}))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is not there"):
        read(tmp_path / "none.pt")


@given(st.binary(max_size=300))
def test_rubbish_is_refused_with_our_own_error(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rubbish.pt"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("archive/data.pkl", content)
        with suppress(ModelError):
            assert isinstance(read(path), dict)
