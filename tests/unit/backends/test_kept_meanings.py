"""Meanings that are found once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from digital_life.backends.meanings import KeptMeanings


class Counting:
    """Meanings: the text's own bytes, four of them."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def meanings(self, texts: Sequence[str]) -> list[bytes]:
        self.asked += texts
        return [each.encode().ljust(4)[:4] for each in texts]


async def test_what_was_found_is_not_sought_again(tmp_path: Path) -> None:
    file, source = tmp_path / "models" / "examples.npz", Counting()
    texts = [f"text {n}" for n in range(20)]
    first = await KeptMeanings(file, source, embedder="e").meanings(texts)
    again = await KeptMeanings(file, source, embedder="e").meanings([*texts[::-1], "new"])
    assert source.asked == [*texts, "new"]
    assert again[:-1] == first[::-1]


async def test_another_embedder_means_something_else(tmp_path: Path) -> None:
    file, source = tmp_path / "examples.npz", Counting()
    await KeptMeanings(file, source, embedder="one").meanings(["a"])
    await KeptMeanings(file, source, embedder="other").meanings(["a"])
    assert source.asked == ["a", "a"]


async def test_a_damaged_file_costs_only_time(tmp_path: Path) -> None:
    file, source = tmp_path / "examples.npz", Counting()
    file.write_bytes(b"no zip")
    assert await KeptMeanings(file, source, embedder="e").meanings(["a"]) == [b"a   "]
    assert source.asked == ["a"]


async def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file")
    kept = KeptMeanings(tmp_path / "models" / "examples.npz", Counting(), embedder="e")
    assert await kept.meanings(["a", "a"]) == [b"a   ", b"a   "]
