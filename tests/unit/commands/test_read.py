"""`digital-life read`: what each page says, an answer about it, and what cannot be read."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from digital_life import app, cli
from digital_life.context import Context
from digital_life.memory.pages import words_in
from digital_life.memory.reading import Mind, Reading, file_of
from digital_life.values import Language, Speech
from fakes.room import Loudspeaker
from fakes.writer import FakeWriter

FILLER = "filler " * 140
TEXT = f"The harbour is grey.\n{FILLER}\n{FILLER}\n\nThe market sells cheese.\n{FILLER}\n{FILLER}\n"


def answering(rule: str, asked: str) -> str | None:
    if "number of the place" in rule:
        return "1"
    if "write down what a page says" in rule:
        return asked.partition(".")[0] + "."
    if "must read again" in rule:
        return "2"
    return None if "fail" in asked.rpartition("\n")[2] else "Cheese."


@asynccontextmanager
async def opened(context: Context, text: str) -> AsyncGenerator[Reading]:
    async def near(_question: str, texts: Sequence[str]) -> list[float]:
        return [0.5] * len(texts)

    mind = Mind(writer=FakeWriter(answering), near=near, tokens=words_in, room=2000, gists=8)
    yield Reading(text, mind, kept=file_of(context.home, text, "fake"))


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(app, "open_reading", opened)
    (tmp_path / "town.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path / "town.txt"


def read(file: Path, *words: str) -> int:
    return cli.main(["--home", str(file.parent / "home"), "read", str(file), *words])


def test_each_page_is_told_with_its_lines_and_how_far_it_is(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    assert read(file) == 0
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "Page 1 (lines 1-3): The harbour is grey.",
        "Page 2 (lines 5-7): The market sells cheese.",
    ]
    assert "page 2, 100 % of the text" in told.err


def test_pages_as_json_are_an_object_a_line(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    assert read(file, "--json") == 0
    pages = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert pages[1] == {"page": 2, "first": 5, "last": 7, "gist": "The market sells cheese."}


def test_an_answer_names_its_pages(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    assert read(file, "--ask", "What does the market sell?") == 0
    assert capsys.readouterr().out == "Cheese.\nFrom page 2 (lines 5-7).\n"


def test_a_second_question_costs_no_reading(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    assert read(file, "--ask", "What does the market sell?", "--json") == 0
    assert "page 1" in capsys.readouterr().err
    assert read(file, "--ask", "Which cheese is on the market?", "--json") == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert [page["page"] for page in json.loads(told.out)["pages"]] == [2]


def test_a_model_that_fails_is_an_error(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    assert read(file, "--ask", "Will this fail?") == 1
    assert "could not answer" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (b"", "no text in"),
        (b" \n\n", "no text in"),
        (b"\x89PNG\r\n\0\0", "no plain text"),
        (b"\xff\xff\xff\xff\xff\xff\xff", "no plain text"),
        (b"word " * 900_000, "too large"),
        (None, "not there"),
    ],
)
def test_what_cannot_be_read_is_said(
    capsys: pytest.CaptureFixture[str], file: Path, held: bytes | None, said: str
) -> None:
    other = file.with_name("other.txt")
    if held is not None:
        other.write_bytes(held)
    assert read(other) == 1
    assert said in capsys.readouterr().err


def test_a_folder_is_no_text(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    assert read(file.parent) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_an_older_chinese_text_is_read(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    file.write_bytes("港口是灰色的。集市上卖奶酪。".encode("gb18030"))
    assert read(file) == 0
    assert "港口是灰色的。" in capsys.readouterr().out


def test_the_text_is_read_aloud_without_a_model(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    spoken: list[str] = []

    class Voice:
        async def synthesize(self, text: str, _language: Language) -> Speech:
            spoken.append(text)
            return Speech(b"\0\0", 1_000)

    loudspeaker = Loudspeaker()
    monkeypatch.setattr(app, "open_voice", lambda *_: contextlib.nullcontext(Voice()))
    monkeypatch.setattr(app, "open_loudspeaker", lambda *_: contextlib.nullcontext(loudspeaker))
    file.write_text("The harbour is\ngrey. It is old.\n\nCheese is sold.", encoding="utf-8")
    assert read(file, "--aloud") == 0
    assert spoken == ["The harbour is grey.", "It is old.", "Cheese is sold."]
    assert loudspeaker.played == 3
    assert read(file, "--aloud", "--ask", "What does the market sell?") == 0
    assert spoken[3:] == ["Cheese."]
