"""The folders of texts, and their walls."""

from __future__ import annotations

from pathlib import Path

import pytest

from digital_life.backends.documents import FolderDocuments
from digital_life.errors import ToolError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    (folder / "letters").mkdir(parents=True)
    (folder / "recipes.md").write_text("# Soup", encoding="utf-8")
    (folder / "letters" / "council.txt").write_bytes("\ufeffDear council,".encode())
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / ".hidden.txt").write_text("hidden")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


async def test_the_texts_of_a_folder_are_named(folder: Path) -> None:
    assert await FolderDocuments([folder]).names() == ("letters/council.txt", "recipes.md")


async def test_a_text_is_read(folder: Path) -> None:
    document = await FolderDocuments([folder]).read("letters/council.txt", characters=100)
    assert (document.text, document.whole) == ("Dear council,", True)


async def test_only_the_beginning_of_a_long_text_is_read(folder: Path) -> None:
    (folder / "long.txt").write_text("雨" * 1000, encoding="utf-8")
    document = await FolderDocuments([folder]).read("long.txt", characters=10)
    assert (document.text, document.whole) == ("雨" * 10, False)


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/hostname", "letters/../../secret.txt", "picture.png"])
async def test_nothing_outside_can_be_named(folder: Path, name: str) -> None:
    with pytest.raises(ToolError) as raised:
        await FolderDocuments([folder]).read(name, characters=100)
    assert raised.value.key == "document-missing"


async def test_a_link_that_leads_out_is_not_followed(folder: Path) -> None:
    (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "away").symlink_to(folder.parent)
    (folder / "inside.txt").symlink_to(folder / "recipes.md")
    assert await FolderDocuments([folder]).names() == ("inside.txt", "letters/council.txt", "recipes.md")


@pytest.mark.parametrize(
    ("held", "text"),
    [
        ("今天下雨了".encode("gb18030"), "今天下雨了"),
        ("今天".encode(), "今天"),
        ("今天".encode()[:-1], "今"),
        (b"", ""),
    ],
)
async def test_texts_of_older_machines_are_read(folder: Path, held: bytes, text: str) -> None:
    (folder / "diary.txt").write_bytes(held)
    document = await FolderDocuments([folder]).read("diary.txt", characters=100)
    assert document.text == text


@pytest.mark.parametrize("held", [b"\x7fELF\x00\x00", b"\xff\xfe" * 50 + b"\xff"])
async def test_what_is_no_text_is_refused(folder: Path, held: bytes) -> None:
    (folder / "program.txt").write_bytes(held)
    with pytest.raises(ToolError) as raised:
        await FolderDocuments([folder]).read("program.txt", characters=100)
    assert raised.value.key == "document-no-text"


async def test_a_text_that_cannot_be_opened_is_told(folder: Path) -> None:
    (folder / "folder.txt").mkdir()
    (folder / "loop.txt").symlink_to(folder / "folder.txt")
    with pytest.raises(ToolError) as raised:
        await FolderDocuments([folder]).read("loop.txt", characters=100)
    assert raised.value.key in {"document-unreadable", "document-missing"}


async def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert await FolderDocuments([tmp_path / "none"]).names() == ()


async def test_without_a_setting_it_is_the_documents_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DOCUMENTS_DIR", raising=False)
    (tmp_path / "Documents").mkdir()
    (tmp_path / "Documents" / "plan.txt").write_text("one, two")
    assert await FolderDocuments.of(()).names() == ("plan.txt",)
    assert await FolderDocuments.of((str(tmp_path / "none"),)).names() == ()
