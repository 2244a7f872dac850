"""The files of pages."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from digital_life.web.files import KEPT_BYTES, KEPT_IN_ALL, Shelf, kind_of


def test_a_text_is_pressed_and_told_apart_by_what_is_in_it(tmp_path: Path) -> None:
    shelf = Shelf()
    (tmp_path / "a.js").write_text("let a;\n" * 200)
    one = shelf.file(tmp_path, ("a.js",))
    assert one
    assert one.pressed
    assert gzip.decompress(one.pressed) == one.content
    assert shelf.file(tmp_path, ("a.js",)) is one
    (tmp_path / "a.js").write_text("let b;\n" * 201)
    other = shelf.file(tmp_path, ("a.js",))
    assert other
    assert other.tag != one.tag


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert Shelf().file(tmp_path, ("nothing.js",)) is None
    assert Shelf().file(tmp_path, ("folder",)) is None
    assert Shelf().file(tmp_path / "gone", ("a.js",)) is None


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (pages / "link.txt").symlink_to(tmp_path / "secret.txt")
    (pages / "inner.txt").write_text("open")
    (pages / "own.txt").symlink_to(pages / "inner.txt")
    assert Shelf().file(pages, ("link.txt",)) is None
    assert Shelf().file(pages, ("own.txt",))


def test_a_large_file_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(bytes(KEPT_BYTES + 1))
    found = Shelf().file(tmp_path, ("a.png",))
    assert found
    assert found.content == tmp_path / "a.png"


def test_what_is_kept_stays_small(tmp_path: Path) -> None:
    shelf = Shelf()
    for number in range(12):
        (tmp_path / f"{number}.png").write_bytes(bytes(KEPT_BYTES))
        assert shelf.file(tmp_path, (f"{number}.png",))
    assert sum(each.state[1] for each in shelf._kept.values()) <= KEPT_IN_ALL


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.CSS", "text/css; charset=utf-8"),
        ("a.html", "text/html; charset=utf-8"),
        ("a.json", "application/json"),
        ("a.svg", "image/svg+xml"),
        ("a.png", "image/png"),
        ("a.moc", "application/octet-stream"),
        ("a.moc3", "application/octet-stream"),
        ("a.mtn", "application/octet-stream"),
        ("a.wasm", "application/wasm"),
        ("a.mp3", "audio/mpeg"),
        ("a.unheard-of", "application/octet-stream"),
        ("LICENSE", "application/octet-stream"),
    ],
)
def test_each_kind_is_called_by_its_name(name: str, kind: str) -> None:
    assert kind_of(name) == kind
