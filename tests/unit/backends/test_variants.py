"""The kernels of llama.cpp for this processor."""

from __future__ import annotations

import ctypes
from pathlib import Path

import pytest

from digital_life.backends import variants


class Library:
    """A libggml that is told where its kernels lie."""

    def __init__(self) -> None:
        self.searched: list[bytes] = []

    @property
    def ggml_backend_load_all_from_path(self) -> Search:
        return Search(self.searched)


class Search:
    argtypes: object
    restype: object

    def __init__(self, searched: list[bytes]) -> None:
        self._searched = searched

    def __call__(self, folder: bytes) -> None:
        self._searched.append(folder)


def test_a_build_for_one_machine_leaves_no_choice(tmp_path: Path) -> None:
    (tmp_path / "libggml-cpu.so").touch()
    assert not variants.choose(tmp_path)


def test_the_kernels_are_looked_for_beside_llama_cpp_alone_and_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library()
    opened: list[str] = []

    def opens(path: str) -> Library:
        opened.append(path)
        return library

    monkeypatch.setattr(ctypes, "CDLL", opens)
    (tmp_path / "libggml-cpu-haswell.so").touch()
    assert variants.choose(tmp_path)
    assert variants.choose(tmp_path)
    assert opened == [str(tmp_path / "libggml.so")]
    assert library.searched == [bytes(tmp_path)]
