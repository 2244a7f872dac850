"""Texts of one's own, read aloud."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.errors import ToolError
from digital_life.tools import read
from digital_life.values import Language, Transcript
from fakes.outside import FakeDocuments

TEXTS = {
    "recipes.md": "# Soup\nBoil the *potatoes*.",
    "letters/letter to the council.txt": "Dear council,",
    "日记.txt": "今天下雨了。",
    "empty.txt": " \n",
    "novel.txt": "word " * 10_000,
}


async def aloud(path: str, language: Language = "en") -> str:
    (tool,) = read.tools(FakeDocuments(TEXTS))
    outcome = await tool.run(Transcript("", language, 1.0), **tool.validated({"path": path}))
    return outcome.said


async def test_a_text_is_read_with_its_name() -> None:
    assert await aloud("letter to the council") == "letter to the council. Dear council,"
    assert await aloud("日记", "zh") == "《日记》。今天下雨了。"


async def test_a_name_that_was_misheard_is_found_all_the_same() -> None:
    assert (await aloud("recipe's")).startswith("recipes.")
    assert (await aloud("Letter to the counsel")).startswith("letter to the council.")


async def test_of_a_long_text_the_beginning_is_read_and_that_is_said() -> None:
    said = await aloud("novel")
    assert said.endswith("it is longer than I read at once.")
    assert len(said) < read.CHARACTERS["en"] + 100


async def test_an_empty_text_is_told() -> None:
    assert await aloud("empty") == "empty is empty."


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "shopping", ""])
async def test_what_is_not_there_is_not_read(path: str) -> None:
    (tool,) = read.tools(FakeDocuments(TEXTS))
    with pytest.raises(ToolError, match="no text called"):
        await tool.run(Transcript("", "en", 1.0), path=path)


@given(st.sampled_from(sorted(TEXTS)))
def test_a_name_said_as_it_is_written_is_found(name: str) -> None:
    assert read.nearest(name, TEXTS) == name
    assert read.nearest(name.rpartition(".")[0], TEXTS) == name


@given(st.text())
def test_any_name_may_be_said(said: str) -> None:
    assert read.nearest(said, TEXTS) in {None, *TEXTS}


@pytest.mark.parametrize(
    ("text", "language", "path"),
    [
        ("Please read me the text file todo", "en", "todo"),
        ("Read my speech aloud", "en", "speech"),
        ("open my shopping notes and read them to me", "en", "shopping notes"),
        ("读一下我的日记文件", "zh", "日记"),
        ("把我的演讲稿念给我听", "zh", "演讲稿"),
    ],
)
def test_what_is_to_be_read_is_read(text: str, language: Language, path: str) -> None:
    assert read.read(Transcript(text, language, 1.0)) == {"path": path}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I read a good book.", "en"),
        ("Can you read?", "en"),
        ("read me your diary of Tuesday", "en"),
        ("我在读一本书", "zh"),
    ],
)
def test_talk_of_reading_reads_nothing(text: str, language: Language) -> None:
    assert read.read(Transcript(text, language, 1.0)) is None
